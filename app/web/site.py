"""What a blueprint is given: one tenant's hub, its address, and who may enter."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.interactions import Hub
from app.interactions.audit import AuditTrail
from app.interactions.changes import Feed
from app.interactions.identity.token import Tokens
from app.model.audit.event import AuditEvent


@dataclass(frozen=True)
class Site:
    """One base address and the tenant behind it.

    `origin` is the public origin without a final slash, `base` the path below it (`/v1`),
    `is_ready` reads a document and says whether the database answers, `record` stores rows of the
    audit for good or raises Unavailable, `max_waiting` is how many readers of the change feed may
    wait at once in one process, `is_sandbox` whether it is the hub of one conformance run.
    """

    hub: Hub
    tokens: Tokens
    origin: str
    base: str
    max_body_bytes: int
    is_ready: Callable[[], bool]
    feed: Feed
    record: Callable[[Sequence[AuditEvent]], None]
    audit: AuditTrail
    max_waiting: int = 4
    max_bundle_entries: int = 1000
    is_sandbox: bool = False

    @property
    def url(self) -> str:
        """The absolute base URL, `[base]` in FHIR's notation."""
        return self.origin + self.base
