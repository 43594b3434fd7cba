"""Which version of a schema each client is pinned to, and which versions are in use by whom.

A client that does not say which version it speaks is pinned to the one it was given first, so that
a publication changes nothing for it until its own agency says so. What it names itself pins
nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Protocol

from app.model.errors import Unavailable

FRESH = timedelta(seconds=4)
"""How long the pins of a client are believed."""
FLUSH = timedelta(seconds=5)
"""How long uses are counted before they are stored."""
Name = tuple[str, str, str]
"""A client, a type and a version."""


@dataclass(frozen=True)
class Use:
    """How often and when last a client was served in a version of a type."""

    client: str
    type: str
    version: str
    count: int
    last: datetime


class Uses(Protocol):
    """Where pins and uses are kept; every method raises Unavailable when it is away."""

    def pins(self, client: str) -> Mapping[str, str]:
        """Return the versions that a client is pinned to, by type."""

    def pin(self, client: str, kind: str, version: str, *, over: bool) -> None:
        """Pin a client to a version of a type; over a pin that is there only if told to."""

    def unpin(self, client: str, kind: str) -> None:
        """Let a client follow the current version of a type, from now on."""

    def count(self, uses: Mapping[Name, int], at: datetime) -> None:
        """Add to the counts."""

    def of(self, kind: str | None = None, client: str | None = None) -> Sequence[Use]:
        """Return the uses of a type, or by a client."""


class NoUses:
    """Keeps nothing."""

    def pins(self, _client: str) -> Mapping[str, str]:
        """Return no pin."""
        return {}

    def pin(self, _client: str, _kind: str, _version: str, *, over: bool) -> None:
        """Forget it."""

    def unpin(self, _client: str, _kind: str) -> None:
        """Forget it."""

    def count(self, _uses: Mapping[Name, int], _at: datetime) -> None:
        """Forget it."""

    def of(self, _kind: str | None = None, _client: str | None = None) -> Sequence[Use]:
        """Return no use."""
        return []


NO_USES: Uses = NoUses()


class Usage:
    """The pins and uses of one tenant, as one worker knows them; for all its threads."""

    def __init__(self, uses: Uses, now: Callable[[], datetime]) -> None:
        self._uses = uses
        self._now = now
        self._lock = Lock()
        self._pins: dict[str, tuple[datetime, Mapping[str, str]]] = {}
        self._counted: Counter[Name] = Counter()
        self._met: dict[tuple[str, str], str] = {}
        self._settled: set[tuple[str, str]] = set()
        self._began = now()

    def pin(self, client: str, kind: str) -> str | None:
        """Return the version that a client is pinned to, None for none; raise Unavailable."""
        return self.pins(client).get(kind)

    def pins(self, client: str) -> Mapping[str, str]:
        """Return the pins of a client by type, as they were some seconds ago at most."""
        at = self._now()
        with self._lock:
            read_at, found = self._pins.get(client, (None, {}))
        if read_at is None or not timedelta(0) <= at - read_at < FRESH:
            found = self._uses.pins(client)
            with self._lock:
                self._pins[client] = at, found
        return found

    def set_pin(self, client: str, kind: str, version: str | None) -> None:
        """Pin a client to a version, or let it follow the current one; raise Unavailable."""
        if version is None:
            self._uses.unpin(client, kind)
        else:
            self._uses.pin(client, kind, version, over=True)
        with self._lock:
            self._settled.add((client, kind))
            self._pins.pop(client, None)

    def of(self, kind: str | None = None, client: str | None = None) -> Sequence[Use]:
        """Return the uses that are stored, of a type or by a client; raise Unavailable."""
        return self._uses.of(kind, client)

    def note(
        self, client: str, used: Iterable[tuple[str, str]], kept: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Count that a request of a client was served in these types and versions.

        To those that are `kept` it is pinned if they are the first that it was given of a type.
        Counts are stored every few seconds; what a worker that dies had counted since is lost.
        """
        with self._lock:
            for kind, version in used:
                self._counted[client, kind, version] += 1
            for kind, version in kept:
                if (client, kind) not in self._settled:
                    self._met.setdefault((client, kind), version)
            if self._now() - self._began < FLUSH:
                return
        self.flush()

    def flush(self) -> None:
        """Store what was counted; while the database is away it waits for the next time."""
        with self._lock:
            counted, self._counted = self._counted, Counter()
            met, self._met = self._met, {}
            self._began = self._now()
        try:
            for (client, kind), version in met.items():
                self._uses.pin(client, kind, version, over=False)
                self._settled.add((client, kind))
            self._uses.count(counted, self._began)
        except Unavailable:
            with self._lock:
                self._counted.update(counted)
                self._met = met | self._met
