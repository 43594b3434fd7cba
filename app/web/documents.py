"""Documents that are made once at start and answered byte for byte, each under a strong ETag."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from flask import Response, request

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATED = "public, no-cache"
"""A cache may keep the answer but asks each time whether it still holds (RFC 9111 section 5.2)."""


@dataclass(frozen=True)
class Document:
    """The bytes of one document, its media type and how long a cache may keep it."""

    content: bytes
    media: str = "application/json"
    caching: str = REVALIDATED

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the bytes in hexadecimal."""
        return sha256(self.content).hexdigest()

    def reply(self, media: str | None = None) -> Response:
        """Answer the bytes, or 304 when the client holds them (RFC 9110 section 13.1.2)."""
        chosen = media or self.media
        answer = Response(self.content, mimetype=chosen)
        answer.set_etag(self.digest if chosen == self.media else f"{self.digest}-{len(chosen)}")
        answer.headers["Cache-Control"] = self.caching
        answer.make_conditional(request)
        return answer
