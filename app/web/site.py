"""What a blueprint is given: one tenant's hub, its address, and who may enter."""

from collections.abc import Callable
from dataclasses import dataclass

from app.interactions import Hub
from app.interactions.token import Tokens


@dataclass(frozen=True)
class Site:
    """One base address and the tenant behind it.

    `origin` is the public origin without a final slash, `base` the path below it (`/v1`),
    `is_ready` reads a document and says whether the database answers.
    """

    hub: Hub
    tokens: Tokens
    origin: str
    base: str
    max_body_bytes: int
    is_ready: Callable[[], bool]

    @property
    def url(self) -> str:
        """The absolute base URL, `[base]` in FHIR's notation."""
        return self.origin + self.base
