"""How often something may be done in a window of time, counted for all workers together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from app.model.errors import TooManyRequests


class Counter(Protocol):
    """Counts that all workers share; raises Unavailable when the database is away."""

    def count(self, name: str, until: datetime) -> int:
        """Return how often `name` was counted, this time included; forget it after `until`."""


@dataclass(frozen=True)
class Limit:
    """At most `most` times in each window of so many seconds, which begins at a full one.

    `text` is what a client beyond the limit is told.
    """

    counter: Counter
    now: Callable[[], datetime]
    most: int
    seconds: int
    text: str

    def refuse(self, name: str) -> None:
        """Count one more time under a name; raise TooManyRequests beyond the limit."""
        at = self.now()
        window, passed = divmod(int(at.timestamp()), self.seconds)
        until = at + timedelta(seconds=2 * self.seconds)
        if self.counter.count(f"{name} {window}", until) > self.most:
            raise TooManyRequests(self.text, retry_after=self.seconds - passed)
