"""Floor 3: load, decide, commit. One file per FHIR interaction; no Flask, no pymongo.

The hub is handed its store, its clock and its source of ids; nothing here reaches for its own.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol

from app.interactions.certificates import NO_CERTIFICATES, Certificates
from app.interactions.limit import Limit
from app.interactions.policies import Policies
from app.interactions.publishing.desk import NO_DESK, Desk
from app.interactions.publishing.publications import Publications
from app.interactions.publishing.usage import Usage
from app.model.audit.event import AuditEvent
from app.model.cursor import Cursors
from app.model.history import HistoryQuery
from app.model.parameter import Parameter
from app.model.query import Found, Query
from app.model.receipt import Receipt
from app.model.registry import Published, Registry
from app.model.resource_type import ResourceType
from app.model.version import Key, Version
from app.rules.reference import NO_REFERENCE, Reference


class Store(Protocol):
    """What the interactions ask of a database; every method raises Unavailable when it is away."""

    def is_ready(self) -> bool:
        """Whether the database answers a read; looked up at most every two seconds."""

    def read(self, key: Key) -> Version | None:
        """Return the current version; None when there is none or it was deleted."""

    def read_many(self, keys: Collection[Key]) -> list[Version]:
        """Return the current versions of those of `keys` that exist."""

    def vread(self, key: Key, number: int) -> Version | None:
        """Return version `number`, a deletion included."""

    def numbers(self, kind: str) -> dict[str, int]:
        """Return the numbers of all current versions of a type, by id; for types of few rows."""

    def latest(self, key: Key) -> Version | None:
        """Return the newest version, a deletion included."""

    def present(self, keys: Collection[Key]) -> set[Key]:
        """Return those of `keys` that exist and are not deleted."""

    def referrer(self, key: Key) -> Key | None:
        """Return some resource that refers to `key`, if there is one."""

    def commit(
        self,
        versions: Sequence[Version],
        held: Iterable[Key] = (),
        *,
        absent: Sequence[Query] = (),
        receipt: Receipt | None = None,
        audit: Sequence[AuditEvent] = (),
    ) -> None:
        """Append all versions, the receipt and the audit, or nothing, while all `held` exist.

        Raises VersionConflict when a number does not follow its predecessor, Duplicate when a
        business key is taken, ReferenceMissing when a held resource is gone, StillReferenced when
        a deleted one is still referred to, Matched when an `absent` search finds something,
        AlreadyDone when the idempotency key of the receipt was used.
        """

    def receipt(self, name: str) -> Receipt | None:
        """Return what was done under an idempotency key, None when the key is new."""

    def search(self, query: Query) -> Found:
        """Return one page of current versions."""

    def prepare(self, kind: ResourceType) -> None:
        """Create the indexes by which rows of a version of a type are found."""

    def find_by(self, kind: ResourceType, versions: Sequence[Version]) -> None:
        """Let current rows be found by what a version of their type is found by, too."""

    def values(self, query: Query, parameter: Parameter) -> list[tuple[Any, ...]]:
        """Return what the first `query.count` matches hold of a parameter, one tuple a match."""

    def count(self, query: Query) -> int:
        """Return how many current versions match, pages aside."""

    def history(self, query: HistoryQuery) -> Found:
        """Return one page of versions, newest first."""


@dataclass(frozen=True)
class Hub:
    """One tenant: its types, its rows, its page cursors, and the only clock and dice it may use."""

    published: Published
    store: Store
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    cursors: Cursors
    max_count: int
    """Most entries on one page."""
    secret_searches: Limit | None = None
    """How often a client may search by a secret; None for as often as it likes."""
    reference: Reference = NO_REFERENCE
    """The facts that ship with the hub and that rules rest on."""

    desk: Desk = NO_DESK
    """What the publication of schemas needs besides."""

    certificates: Certificates = NO_CERTIFICATES
    """What partners proved in conformance runs."""

    @property
    def registry(self) -> Registry:
        """The types as they are published at the moment."""
        return self.published.now

    @cached_property
    def publications(self) -> Publications:
        """What keeps the registry up to date."""
        return Publications(self)

    @cached_property
    def usage(self) -> Usage:
        """Which versions clients are pinned to, and which they use."""
        return Usage(self.desk.uses, self.now)

    @cached_property
    def policies(self) -> Policies:
        """Who is who and what they agreed, as it was a moment ago."""
        return Policies(self)
