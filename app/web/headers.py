"""Headers in and out: media types, preconditions, preferences, ETag, Location."""

from email.utils import format_datetime
from typing import Any

from flask import Request, Response

from app.model.codec import encode
from app.model.errors import NotAcceptable
from app.model.precondition import Precondition
from app.model.version import Version

FHIR = "application/fhir+json"
SPOKEN = (FHIR, "application/json")
_FORMATS = {"json": FHIR, **{name: name for name in SPOKEN}}
_RETURNS = ("minimal", "representation", "OperationOutcome")


def negotiated(request: Request) -> str:
    """Return the media type to answer in, by `_format` or Accept; else raise NotAcceptable."""
    if "_format=" in request.query_string.decode("latin-1"):
        asked = request.args.get("_format", "").replace(" ", "+")
        if asked not in _FORMATS:
            raise NotAcceptable("Only JSON is spoken here.", "_format", allowed=tuple(_FORMATS))
        return _FORMATS[asked]
    accept = request.headers.get("Accept") or FHIR
    if accept in SPOKEN:
        return accept
    best = request.accept_mimetypes.best_match(SPOKEN)
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
    return text is not None and Precondition.parse(text, "If-None-Match").matches(version.number)


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
        "ETag": version.etag,
        "Last-Modified": format_datetime(version.at, usegmt=True),
    }


def json_reply(value: Any, status: int = 200, media: str = FHIR) -> Response:
    """Return a JSON answer; text is taken as JSON already written."""
    text = value if isinstance(value, str) else encode(value)
    return Response(text, status, content_type=media)
