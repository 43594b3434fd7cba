"""Periods of participation: when one begins, what belongs to it, when the person has exited.

20 CFR 677.150(c): the exit is the last day of service, known only after 90 days without services
and with none planned. A service on the 90th day still belongs to the period.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.model.codec import Resource
from app.rules.business_days import days_after

GAP = 90
"""Most days between two services of one period."""
LIVE = frozenset({"enrolled", "completed", "withdrawn"})
"""The statuses of an enrollment in which the person was or is served."""


@dataclass(frozen=True)
class Spell:
    """One enrollment: served from `start` to `last`, which is None while it goes on.

    One that `counts` makes and keeps a participant; others only lie in a period.
    """

    name: str
    start: date
    last: date | None
    counts: bool = True


@dataclass(frozen=True)
class Period:
    """Spells that no gap parts, in order; `last` is None while one goes on."""

    spells: tuple[Spell, ...]
    last: date | None

    @property
    def entry(self) -> date:
        """The first day of service, PIRL 900."""
        return self.spells[0].start

    def reaches(self, day: date) -> bool:
        """Whether what begins on `day` belongs to the period."""
        is_near = self.last is None or day <= days_after(self.last, GAP)
        return self.entry <= day and is_near

    def exit(self, today: date, *, is_held: bool, by_closure: bool) -> date | None:
        """Return the day of exit, PIRL 901, None while it is not known.

        `is_held` says that a service is planned. By closure of the record, as in vocational
        rehabilitation, nothing is waited for.
        """
        if self.last is None or is_held:
            return None
        is_over = by_closure or today > days_after(self.last, GAP)
        return self.last if is_over else None


def periods(spells: Iterable[Spell]) -> list[Period]:
    """Return the periods that spells make, in order; those that do not count lie in them or not."""
    ordered = sorted(spells, key=lambda each: (each.start, each.name))
    found: list[Period] = []
    for each in ordered:
        if not each.counts:
            continue
        if found and found[-1].reaches(each.start):
            found[-1] = _joined(found[-1], each)
        else:
            found.append(Period((each,), each.last))
    others = [each for each in ordered if not each.counts]
    return [_with(each, others) for each in found]


def is_live(enrollment: Resource) -> bool:
    """Whether the person was or is served in an enrollment."""
    return enrollment["status"] in LIVE


def last_service(enrollment: Resource) -> date | None:
    """Return the last day of service of an enrollment, None while it goes on.

    The last of the days on which the person was served; its end where no days are told.
    """
    if "endDate" not in enrollment:
        return None
    told = enrollment.get("serviceDates") or [enrollment["endDate"]]
    return date.fromisoformat(max(enrollment["enrollmentDate"], *told))


def _joined(period: Period, spell: Spell) -> Period:
    ends = (period.last, spell.last)
    known = [each for each in ends if each is not None]
    return Period((*period.spells, spell), max(known) if len(known) == len(ends) else None)


def _with(period: Period, others: Sequence[Spell]) -> Period:
    inside = tuple(each for each in others if period.reaches(each.start))
    return Period((*period.spells, *inside), period.last)
