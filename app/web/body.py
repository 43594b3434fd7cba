"""Reads a request's body: the whole of it or nothing, as strict JSON.

Werkzeug cuts a chunked body silently at its own limit, so the stream is read here, one byte past
the limit at most.
"""

from typing import Any

from flask import Request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import ClientDisconnected

from app.model.codec import Resource
from app.model.errors import Malformed, TooLarge, UnsupportedMedia
from app.model.strict_json import parse

JSON = ("application/json", "application/fhir+json")
_CHUNK = 64 * 1024


def read_resource(request: Request, limit: int) -> Resource:
    """Return the JSON object in the body.

    Raises UnsupportedMedia, TooLarge beyond `limit` bytes, and Malformed for all else.
    """
    value = read_json(request, limit, JSON)
    if not isinstance(value, dict):
        raise Malformed("The body must be one JSON object.")
    return value


def read_json(request: Request, limit: int, allowed: tuple[str, ...]) -> Any:
    """Return the JSON value in a body of one of the `allowed` media types; raise as above."""
    refuse_media(request, allowed)
    return parse(read_bytes(request, limit))


def refuse_media(request: Request, allowed: tuple[str, ...]) -> None:
    """Raise UnsupportedMedia unless the body is plain UTF-8 of an allowed media type."""
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    coding = request.headers.get("Content-Encoding", "identity").lower()
    if request.mimetype not in allowed or charset not in ("utf-8", "utf8") or coding != "identity":
        raise UnsupportedMedia(
            f"The body must be {' or '.join(allowed)}, in UTF-8 and not compressed.",
            "Content-Type",
            allowed=allowed,
        )


def read_bytes(request: Request, limit: int) -> bytes:
    """Return the body's bytes; raise TooLarge beyond `limit`, Malformed when it breaks off."""
    if (request.content_length or 0) > limit:
        raise TooLarge(f"The body is larger than {limit} bytes.")
    stream: Any = request.stream
    parts, size = [], 0
    try:
        while part := stream.read(min(_CHUNK, limit + 1 - size)):
            parts.append(part)
            size += len(part)
            if size > limit:
                raise TooLarge(f"The body is larger than {limit} bytes.")
    except (ClientDisconnected, OSError):
        raise Malformed("The body broke off before its end.") from None
    except ParseException:
        raise Malformed("The body is not in the chunks that it announces.") from None
    return b"".join(parts)
