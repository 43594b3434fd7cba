"""Documents that are made once and answered byte for byte, each under a strong ETag."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Generic, TypeVar

from flask import Response, request

from app.model.registry import Registry

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATED = "public, no-cache"
"""A cache may keep the answer but asks each time whether it still holds (RFC 9111 section 5.2)."""
SHORT = "public, max-age=60"
"""For what changes with the next publication, and may be seen a minute late."""

Made = TypeVar("Made")


@dataclass(frozen=True)
class Document:
    """The bytes of one document, its media type and how long a cache may keep it.

    `etag` is the entity tag when it is not the digest of the bytes; `headers` come with the answer.
    """

    content: bytes
    media: str = "application/json"
    caching: str = REVALIDATED
    etag: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the bytes in hexadecimal."""
        return sha256(self.content).hexdigest()

    @cached_property
    def repr_digest(self) -> str:
        """The SHA-256 of the bytes as the header Repr-Digest has it (RFC 9530 section 3)."""
        return f"sha-256=:{b64encode(sha256(self.content).digest()).decode()}:"

    def reply(self, media: str | None = None) -> Response:
        """Answer the bytes, or 304 when the client holds them (RFC 9110 section 13.1.2)."""
        chosen, tag = media or self.media, self.etag or self.digest
        answer = Response(self.content, mimetype=chosen)
        answer.set_etag(tag if chosen == self.media else f"{tag}-{len(chosen)}")
        answer.headers["Cache-Control"] = self.caching
        for name, value in self.headers:
            answer.headers.add(name, value)
        answer.make_conditional(request)
        return answer


class Remade(Generic[Made]):
    """What is made from the published types, and made again when others took their place.

    A registry never changes: after a publication the hub holds another one.
    """

    def __init__(self, make: Callable[[Registry], Made]) -> None:
        self._make = make
        self._held: tuple[Registry, Made] | None = None

    def __call__(self, registry: Registry) -> Made:
        """Return what is made from `registry`; two threads may make it twice, and alike."""
        held = self._held
        if held is None or held[0] is not registry:
            held = self._held = registry, self._make(registry)
        return held[1]
