"""Who waits for a thread of the web server: one short line for each kind of request."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Kind(Enum):
    """What a request asks for; each kind but the probes waits in a line of its own."""

    PROBE = "probe"
    READ = "read"
    WRITE = "write"
    SEARCH = "search"
    """Whatever may touch many rows: searches, histories, the feed, bundles, operations."""


def kind_of(head: bytes) -> Kind:
    """Return the kind of a request by its first bytes; a search when they say little."""
    method, _, rest = head.partition(b" ")
    path = rest.partition(b" ")[0].partition(b"?")[0]
    if path.startswith(b"/health/"):
        return Kind.PROBE
    steps = path.strip(b"/").split(b"/")[1:]
    if _is_wide(method, steps):
        return Kind.SEARCH
    return Kind.READ if method in (b"GET", b"HEAD", b"OPTIONS") else Kind.WRITE


def _is_wide(method: bytes, steps: list[bytes]) -> bool:
    if not steps:
        return True
    last = steps[-1]
    if last in (b"_search", b"_history"):
        return True
    if last.startswith(b"$"):
        return last != b"$validate"
    # A type's name stands last in /Type and /Type/id/Type.
    return method in (b"GET", b"HEAD") and len(steps) % 2 == 1 and last[:1].isupper()


SPARED = {Kind.READ: 0, Kind.WRITE: 1, Kind.SEARCH: 2}
"""How many threads a kind leaves to others, so that reads go on beside a flood of searches."""
SMOOTHING = 0.2
"""How much the latest wait counts beside those before it."""


@dataclass(frozen=True)
class Turn(Generic[T]):
    """One whose turn it is, and for how many seconds it has waited."""

    kind: Kind
    item: T
    waited: float


@dataclass
class Line(Generic[T]):
    """Those who wait with the same kind of request; `pace` is the seconds that one place takes."""

    most_running: int
    running: int = 0
    pace: float = 0.0
    waiting: deque[tuple[float, int, T]] = field(default_factory=deque)
    """Since when each has waited, how many were before it, and who it is."""

    @property
    def is_free(self) -> bool:
        """Whether one who waits could begin."""
        return bool(self.waiting) and self.running < self.most_running

    @property
    def wait(self) -> float:
        """Seconds that the next to come will wait, judged by those who were last called."""
        return len(self.waiting) * self.pace

    def first(self, now: float) -> tuple[float, T]:
        """Take out who came first; return its seconds of waiting and the item."""
        since, ahead, item = self.waiting.popleft()
        waited = now - since
        self.pace += SMOOTHING * (waited / (ahead + 1) - self.pace)
        self.running += 1
        return waited, item


class Lines(Generic[T]):
    """The lines before the threads of one worker; safe to use from all of them.

    `now` is a clock in seconds. A line is full with `most_waiting` in it, or when the next would
    wait longer than `longest_wait` seconds; half as many as there are threads may always wait.
    """

    def __init__(
        self, threads: int, most_waiting: int, longest_wait: float, now: Callable[[], float]
    ) -> None:
        self._threads = threads
        self._most_waiting = most_waiting
        self._longest_wait = longest_wait
        self._now = now
        self._lines: dict[Kind, Line[T]] = {
            kind: Line(max(1, threads - few)) for kind, few in SPARED.items()
        }
        self._lock = Lock()

    def join(self, kind: Kind, item: T) -> bool:
        """Put `item` at the end of its line; return whether there was room."""
        with self._lock:
            line = self._lines[kind]
            ahead = len(line.waiting)
            is_slow = ahead >= self._threads // 2 and line.wait > self._longest_wait
            if is_slow or ahead >= self._most_waiting:
                return False
            line.waiting.append((self._now(), ahead, item))
            return True

    def call(self) -> Turn[T] | None:
        """Return the next that may begin, which counts as running until it leaves; or None.

        The kind that has the fewest running comes first, so that slow ones never keep all threads.
        """
        with self._lock:
            if sum(line.running for line in self._lines.values()) >= self._threads:
                return None
            free = [kind for kind, line in self._lines.items() if line.is_free]
            if not free:
                return None
            kind = min(free, key=lambda each: self._lines[each].running)
            waited, item = self._lines[kind].first(self._now())
            return Turn(kind, item, waited)

    def leave(self, kind: Kind) -> None:
        """Say that one of those who were called is done."""
        with self._lock:
            self._lines[kind].running -= 1
