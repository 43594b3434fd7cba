"""The change feed: what was committed, once each, in one order that never changes.

`[base]/$changes`; the form of the answer is https://hl7.org/fhir/R4/http.html#history.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from app.interactions import Hub
from app.interactions.records import Records, begin
from app.model.access.client import Client
from app.model.audit.trail import Act
from app.model.errors import BadParameter, Expired, Forbidden
from app.model.feed import LATEST, Change, ChangesPage, ChangesQuery, FeedRow, Place
from app.model.version import Version

MOST_ROWS = 5000
"""How many rows one request looks at, when few of them are of the types asked for."""
EXPIRED = (
    "The change feed no longer holds what this cursor leads to. Read everything anew by searching "
    "each type, then go on from the address in the extension `restart`, relative to the base."
)


class Feed(Protocol):
    """What the feed promises: dense numbers, each version once, a resource's versions in order.

    Every method raises Unavailable when the database is away.
    """

    def start(self) -> Place:
        """Return the place of the oldest row that is kept."""

    def end(self) -> Place:
        """Return the place after the newest row."""

    def read(self, place: Place, most: int) -> tuple[list[FeedRow], Place] | None:
        """Return at least `most` rows, or all there are; None for a place that is no more."""

    def has_grown(self, place: Place) -> bool:
        """Whether there is a row at `place`, the beginning of a segment."""

    def versions(self, names: Sequence[str]) -> list[Version]:
        """Return the versions of these names, in this order."""


@dataclass(frozen=True)
class Reader:
    """One client at one query; what it may not see is passed over."""

    hub: Hub
    feed: Feed
    client: Client
    query: ChangesQuery
    types: frozenset[str]
    act: Act

    def place(self) -> Place:
        """Return where to begin; raise BadParameter for a cursor that is not as it was given."""
        if self.query.cursor is None:
            return self.feed.start()
        if self.query.cursor == LATEST:
            return self.feed.end()
        bound = {"client_id": self.client.id, "query": self.query.scope}
        try:
            return Place(*self.hub.cursors.open(self.query.cursor, **bound))
        except BadParameter:
            raise BadParameter(
                "This cursor was not given for these types; follow links as they are.", "cursor"
            ) from None

    def changes(self, place: Place) -> tuple[list[Change], Place]:
        """Return one page of changes and the place after it; raise Expired for a place too old.

        The access decision is taken anew each time: an agreement may end while a reader waits.
        """
        records = Records(self.hub, self.client, self.act)
        kept: list[Change] = []
        looked_at = 0
        while looked_at < MOST_ROWS:
            found = self.feed.read(place, self.query.count)
            if found is None:
                restart = self.query.address(self._sealed(self.feed.end()))
                raise Expired(EXPIRED, restart=restart)
            rows, end = found
            missing = self.query.count - len(kept)
            wanted = [row for row in rows if row.type in self.types][:missing]
            kept += self._seen(records, wanted)
            if len(wanted) == missing:
                # What was passed over makes room, but the page ends where it was looked at.
                return kept, wanted[-1].after
            if not rows:
                break
            looked_at += len(rows)
            place = end
        return kept, place

    def page(self, changes: Sequence[Change], place: Place) -> ChangesPage:
        """Return the changes with a cursor to go on from `place`."""
        return ChangesPage(self.query, list(changes), self._sealed(place))

    def _seen(self, records: Records, rows: Sequence[FeedRow]) -> list[Change]:
        versions = self.feed.versions([row.name for row in rows]) if rows else []
        pairs = zip(rows, records.seen("changes", versions), strict=True)
        return [Change(row.sequence, version) for row, version in pairs if version]

    def _sealed(self, place: Place) -> str:
        bound = {"client_id": self.client.id, "query": self.query.scope}
        return self.hub.cursors.seal(list(place), **bound)


def reader(hub: Hub, feed: Feed, client: Client, query: ChangesQuery) -> Reader:
    """Return the reader of what `client` may see; raise Forbidden when a type asked for is not.

    Without types in the query the reader sees all types that the client has a scope for.
    """
    records = begin(hub, client, "changes", None)
    if query.types:
        for kind in query.types:
            records.decide("changes", kind)
        return Reader(hub, feed, client, query, frozenset(query.types), records.act)
    types = frozenset(kind for kind in hub.registry.types if client.may("changes", kind))
    if not types:
        raise Forbidden("No scope of this token allows changes; it takes system/Type.s.")
    return Reader(hub, feed, client, query, types, records.act)
