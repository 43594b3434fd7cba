"""What the publication of schemas needs besides the rows: a judge, a memory of scans, of uses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from app.interactions.publishing.usage import NO_USES, Uses
from app.model.errors import Unavailable
from app.rules.publishing.finding import Candidate, Gate, Library

Judge = Callable[[Candidate, Library], Sequence[Gate]]
"""Puts a candidate through the gates that need no rows, within limits of time and memory."""
GRACE_DAYS = 180
"""How long, at least, a deprecated version is still served, in days."""
UNUSED_DAYS = 30
"""How long nobody may have used a version before it is retired, in days."""


class Scans(Protocol):
    """Where the progress of scans is kept; every method raises Unavailable when it is away."""

    def get(self, name: str) -> dict[str, Any] | None:
        """Return what was kept under a name."""

    def put(self, name: str, state: dict[str, Any]) -> None:
        """Keep a state under a name, in the place of what was there."""


class NoScans:
    """Remembers nothing."""

    def get(self, _name: str) -> dict[str, Any] | None:
        """Return nothing."""
        return None

    def put(self, _name: str, _state: dict[str, Any]) -> None:
        """Forget it."""


NO_SCANS: Scans = NoScans()


def no_judge(_candidate: Candidate, _library: Library) -> Sequence[Gate]:
    """Raise Unavailable: without a judge nothing is published."""
    raise Unavailable("Nothing judges schemas here.")


@dataclass(frozen=True)
class Desk:
    """What the publication of schemas needs besides the rows; days as their names say."""

    judge: Judge = no_judge
    uses: Uses = NO_USES
    scans: Scans = NO_SCANS
    grace_days: int = GRACE_DAYS
    unused_days: int = UNUSED_DAYS


NO_DESK = Desk()
