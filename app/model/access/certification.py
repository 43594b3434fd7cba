"""What a partner proved in conformance runs, and what that is worth on a day.

A certificate that ends strands nobody: for GRACE_DAYS its partner may still finish what is open,
and only new writes stop. One that is revoked ends at once, as there was a cause.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

GRACE_DAYS = 30
NOTICE_DAYS = (60, 30, 7)
"""So many days before its end a certificate's partner is told."""


@dataclass(frozen=True)
class Certification:
    """One certificate as the level gate sees it.

    `granted` is the level that staff had given the partner by hand when it was issued, `ends` its
    last day, and `is_settled` says that its end was written down in the partner's registration,
    whose level counts by itself from then on.
    """

    id: str
    level: int
    granted: int
    ends: date
    is_revoked: bool = False
    is_settled: bool = False

    def holds(self, today: date) -> bool:
        """Whether it opens its level."""
        return not self.is_revoked and today <= self.ends

    def lets_finish(self, today: date) -> bool:
        """Whether what is open at its level may be finished."""
        return not self.is_revoked and today <= self.ends + timedelta(days=GRACE_DAYS)

    def notices(self, today: date) -> tuple[int, ...]:
        """Return those of NOTICE_DAYS that have come."""
        left = (self.ends - today).days
        return tuple(days for days in NOTICE_DAYS if left <= days) if self.holds(today) else ()

    def state(self, today: date) -> str:
        """Return `valid`, `ends-soon`, `grace`, `expired` or `revoked`."""
        if self.is_revoked:
            return "revoked"
        if self.holds(today):
            return "ends-soon" if self.notices(today) else "valid"
        return "grace" if self.lets_finish(today) else "expired"


class Tried(NamedTuple):
    """The newest judged run of a partner for a level, and the MUSTs that it left open.

    `is_practice` says that it could earn no certificate, `at` when it was judged, as an instant.
    """

    run: str
    level: int
    open: tuple[str, ...]
    is_practice: bool = True
    at: str = ""


@dataclass(frozen=True)
class Proved:
    """What all partners proved, by reference `Partner/id`, certificates in the order of issue."""

    certifications: Mapping[str, Sequence[Certification]] = field(default_factory=dict)
    tried: Mapping[str, Sequence[Tried]] = field(default_factory=dict)


class Standing(NamedTuple):
    """Up to which level a partner may write, and up to which it may finish what is open."""

    level: int
    finishing: int


def standing(registered: int, proved: Sequence[Certification], today: date) -> Standing:
    """Return what a registered level and certificates, oldest first, come to on a day.

    The registered level is never exceeded: staff can always lower it.
    """
    given = by_hand(registered, proved)
    level = max([given, *(each.level for each in proved if each.holds(today))])
    finishing = max([level, *(each.level for each in proved if each.lets_finish(today))])
    return Standing(min(registered, level), min(registered, finishing))


def by_hand(registered: int, proved: Sequence[Certification]) -> int:
    """Return the part of a registered level that rests on no certificate."""
    counted = [each for each in proved if not each.is_settled]
    if registered > max((each.level for each in counted), default=-1):
        return registered
    return min(registered, counted[-1].granted)
