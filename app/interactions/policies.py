"""The policy as it was a moment ago, so that an agreement that ends is felt within seconds."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

from app.model.access.policy import SOURCES, Policy, policy_of
from app.model.codec import Resource
from app.model.errors import Unavailable
from app.model.query import plain
from app.model.resource_type import ResourceType

if TYPE_CHECKING:
    from app.interactions import Hub

FRESH = timedelta(seconds=4)
"""How long a policy is believed; with the request under way, less than five seconds."""
RETRY = timedelta(milliseconds=500)
"""How long an outage is believed before the next request looks again."""
PAGE = 200


class Policies:
    """The policy of one tenant, shared by the threads of a worker."""

    def __init__(self, hub: "Hub") -> None:
        self._hub = hub
        self._lock = Lock()
        self._read_at: datetime | None = None
        self._tried_at: datetime | None = None
        self._policy = Policy()

    def current(self) -> Policy:
        """Return the policy of at most FRESH ago; raise Unavailable when it cannot be read.

        While the database is away one request after the other finds out, not all in a row.
        """
        with self._lock:
            at = self._hub.now()
            if self._tried_at is not None and timedelta(0) <= at - self._tried_at < RETRY:
                raise Unavailable("The database is not available at the moment.")
            if self._read_at is None or not timedelta(0) <= at - self._read_at < FRESH:
                self._refresh(at)
            return self._policy

    def notice(self, written: str) -> None:
        """Have the policy read anew when a type that it is made of was written here."""
        if written in SOURCES:
            self.renew()

    def renew(self) -> None:
        """Have the policy read anew by the next request."""
        with self._lock:
            self._read_at = None

    def _refresh(self, at: datetime) -> None:
        try:
            self._policy = policy_of(self._rows(), at.date(), self._hub.certificates.proved())
        except Unavailable:
            self._tried_at = self._hub.now()
            raise
        self._read_at, self._tried_at = at, None

    def _rows(self) -> Iterator[Resource]:
        for name in SOURCES:
            kind = self._hub.registry.types.get(name)
            if kind is not None:
                yield from self._all(kind)

    def _all(self, kind: ResourceType) -> Iterator[Resource]:
        query = plain(kind, (), PAGE)
        while True:
            found = self._hub.store.search(query)
            yield from (each.resource for each in found.versions)
            if found.next is None:
                return
            query = query.at(found.next)
