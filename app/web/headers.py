"""Headers in and out: media types, preconditions, preferences, ETag, Location."""

from email.utils import format_datetime
from typing import Any

from flask import Request, Response, g, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from app.model.codec import encode
from app.model.contracts import canonical
from app.model.errors import BadParameter, NotAcceptable
from app.model.precondition import Precondition
from app.model.version import Version
from app.web.negotiation import plain

FHIR = "application/fhir+json"
SPOKEN = (FHIR, "application/json")
_FORMATS = {"json": FHIR, **{name: name for name in SPOKEN}}
_RETURNS = ("minimal", "representation", "OperationOutcome")


def negotiate() -> None:
    """Settle the media type of the answer before anything else, so that no write is done first."""
    g.media = negotiated(request)


def negotiated(request: Request) -> str:
    """Return the media type to answer in, by `_format` or Accept; else raise NotAcceptable."""
    if "_format" in request.args:
        asked = [text.replace(" ", "+") for text in request.args.getlist("_format")]
        if asked[0] not in _FORMATS:
            raise NotAcceptable("Only JSON is spoken here.", "_format", allowed=tuple(_FORMATS))
        if len(asked) > 1:
            raise BadParameter("This parameter is given once at most.", "_format")
        return _FORMATS[asked[0]]
    accept = plain(request.headers.get("Accept") or FHIR)
    if accept in SPOKEN:
        return accept
    best = parse_accept_header(accept, MIMEAccept).best_match(SPOKEN)
    if best is None:
        raise NotAcceptable("Only JSON is spoken here.", "Accept", allowed=SPOKEN)
    return best


def if_match(request: Request) -> Precondition | None:
    """Return what If-Match names, None without the header; raise Malformed for nonsense."""
    text = request.headers.get("If-Match")
    return None if text is None else Precondition.parse(text, "If-Match")


def is_not_modified(request: Request, version: Version) -> bool:
    """Whether If-None-Match names this version."""
    text = request.headers.get("If-None-Match")
    if text is None:
        return False
    return Precondition.parse(text, "If-None-Match").shows(version.number, _view(version))


def preference(request: Request) -> str:
    """Return what `Prefer: return=` asks for; an unknown preference is ignored (RFC 7240)."""
    for each in request.headers.get("Prefer", "").split(","):
        name, _, value = each.strip().partition("=")
        if name.strip().lower() == "return" and value.strip() in _RETURNS:
            return value.strip()
    return "representation"


def about(version: Version) -> dict[str, str]:
    """Return the headers that describe a version."""
    return {
        "ETag": version.etag_in(_view(version)),
        "Last-Modified": format_datetime(version.at, usegmt=True),
    }


def resource_reply(version: Version, status: int = 200) -> Response:
    """Return the answer that is a resource; its media type says in which version of its schema."""
    answer = json_reply(version.text, status)
    contract = g.contracts.answered.get(version.key.type)
    if contract:
        profile = canonical(version.key.type, contract)
        answer.headers["Content-Type"] = f'{answer.mimetype}; profile="{profile}"'
    return answer


def _view(version: Version) -> str:
    return str(g.contracts.views.get(version.key.type, ""))


def json_reply(value: Any, status: int = 200, media: str | None = None) -> Response:
    """Return a JSON answer, of the negotiated media type; text is taken as JSON already written."""
    text = value if isinstance(value, str) else encode(value)
    return Response(text, status, content_type=media or g.get("media", FHIR))
