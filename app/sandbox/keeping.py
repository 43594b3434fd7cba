"""What the door keeps of a request and its answer, and what it must not keep."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote_plus

from app.interactions.runs import Row, redaction
from app.model.codec import encode
from app.sandbox.answers import FORM, RAW, Environ, Sent, header

KEPT = (
    "user-agent", "if-match", "if-none-match", "if-none-exist", "idempotency-key", "content-type",
    "accept", "purpose-of-use", "prefer", "x-request-id",
)  # fmt: skip
TOLD = ("etag", "location", "retry-after", "content-type", "deprecation", "sunset", "link")
NEVER_ISSUED = ("000", "666")
MOST_FIELDS = 1000
DIGITS = 9
_SSN = re.compile(r"(?<![a-z])ssn(?![a-z])|Ssn|SSN")
_WRITTEN = re.compile(r"(?<![\w-])(?!000|666)\d{3}-\d\d-\d{4}(?![\w-])")
"""A number as it stands on a card, wherever it is."""
_ASKED = re.compile(r"(?<![a-z])ssn[\w:.-]*[=|]([^&\s]*)", re.IGNORECASE)
"""A number in an address: of a parameter, or under a system."""
_SEGMENT = re.compile(r"(?<![^/])(?!000|666)\d{9}(?![^/])")
_KINDS = ("name", "path", "system", "url")
"""Members that say what the value beside them is."""


@dataclass(frozen=True)
class Asked:
    """What a request says, as far as it is kept; a body that is neither JSON nor form is not."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: Any

    @property
    def names_somebody(self) -> bool:
        """Whether an SSN that may be somebody's is in it, wherever.

        The areas 000 and 666 were never issued (20 CFR 422.103, SSA area numbers).
        """
        place = unquote_plus(self.path)
        texts = [place, *self.headers.values()]
        return (
            bool(_SEGMENT.search(place))
            or _names_somebody(_form(self.query))
            or _names_somebody(texts)
            or _names_somebody(self.body)
        )

    @property
    def unsaid(self) -> "Asked":
        """The same without any value that was sent."""
        place, query = redaction.path(self.path), redaction.query(self.query)
        return Asked(self.method, place, query, {}, None)


def asked(environ: Environ) -> Asked:
    """Return what a request says; `environ` has the path below the base in `hub.below`."""
    headers = {name: str(environ[key]) for name in KEPT if (key := header(name)) in environ}
    place = environ["hub.below"]
    body = None if place.startswith("oauth") else _said(environ)
    query = environ.get("QUERY_STRING", "")
    return Asked(environ["REQUEST_METHOD"], place, query, headers, body)


def exchange(  # noqa: PLR0913 - what was asked and answered, when, in which step, by whom
    asked: Asked, sent: Sent, *, at: float, step: str, who: str, doubt: str, fault: str
) -> Row:
    """Return an exchange as it is kept; see `conformance.exchange.Exchange`."""
    is_secret = asked.path.startswith("oauth")
    return {
        "at": at,
        "step": step,
        "who": who,
        "doubt": doubt,
        "method": asked.method,
        "path": asked.path,
        "query": asked.query,
        "headers": dict(asked.headers),
        "body": asked.body,
        "status": int(sent.status.split()[0]),
        "answer_headers": {k.lower(): v for k, v in sent.headers if k.lower() in TOLD},
        "answer": None if is_secret else _json(sent.content),
        "fault": fault,
    }


def _said(environ: Environ) -> Any:
    content: bytes = environ[RAW]
    if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() == FORM:
        return _form(content.decode(errors="replace")) or None
    return _json(content)


def _form(text: str) -> dict[str, list[str]]:
    try:
        return parse_qs(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}


def _json(text: bytes) -> Any:
    """Return the value of JSON text, None for other text, and for what cannot be kept."""
    try:
        value = json.loads(text) if text else None
        encode(value)
    except (ValueError, TypeError, RecursionError):
        return None
    return value


def _names_somebody(value: Any, *, is_ssn: bool = False) -> bool:
    if isinstance(value, dict):
        says = any(_SSN.search(str(value.get(each, ""))) for each in _KINDS)
        return any(
            _names_somebody(
                each, is_ssn=is_ssn or bool(_SSN.search(k)) or (says and k.startswith("value"))
            )
            for k, each in value.items()
        )
    if isinstance(value, list):
        return any(_names_somebody(each, is_ssn=is_ssn) for each in value)
    if isinstance(value, str):
        text = unquote_plus(value) if "%" in value else value
        texts = _ASKED.findall(text) + [text] * is_ssn
        return bool(_WRITTEN.search(text)) or any(map(_may_be_real, texts))
    return is_ssn and type(value) in (int, float) and _may_be_real(str(value).zfill(DIGITS))


def _may_be_real(text: str) -> bool:
    """Whether a text, or a part of it as searches have them, is a number that may be issued."""
    parts = (each.strip() for each in re.split(r"[,|]", text))
    return any(
        (each[:3].isdigit() or sum(map(str.isdigit, each)) >= DIGITS)
        and not re.sub(r"\D", "", each).startswith(NEVER_ISSUED)
        for each in parts
    )
