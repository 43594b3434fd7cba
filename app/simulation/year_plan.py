"""What happens in a synthetic state year, decided before the first request: who, where to, fate.

Calibrated to the published figures of Mississippi's hub, October 2018 to October 2019: 52,248
referrals between agencies and, among the closed ones, 54 % served, 33 % no-show, 9 % declined
and 4 % ineligible. Nothing was published about the ones that are not closed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from app.simulation.shares import apportioned

REFERRALS_EACH = 2
"""Referrals for each participant on average, so that all participants make the year's number."""
FULL_YEAR = 52_248
PARTICIPANTS = FULL_YEAR // REFERRALS_EACH
"""Participants of a year at full scale."""
BEGIN, DAYS = datetime(2018, 10, 1, 14, tzinfo=UTC), 396
"""The window of referrals, October 2018 to October 2019, both included."""
OUTCOMES = {"served": 54, "no-show": 33, "declined": 9, "ineligible": 4}
"""Published percents of the closed referrals."""
GUARDED, CANCELLED = "mdrs-vr", "cancelled"
ENDS = {"closed": 90, "open": 4, "rejected": 3, CANCELLED: 3}
"""Percents of all referrals; ours, since nothing was published."""
OPEN = {"requested": 20, "received": 20, "accepted": 20, "in-progress": 30, "on-hold": 10}
"""Percents of the open ones by status; ours."""
SOURCES = {"mdes-mississippi-works": 60, "mdhs-eligibility": 25, "mccb-adult-education": 15}
"""Percents of the people by the system that first meets them; ours. What vocational
rehabilitation refers is known to it alone (34 CFR 361.38), so it is a target only."""
AGENCIES = {
    "mdes-mississippi-works": "Agency/mdes",
    "mdhs-eligibility": "Agency/mdhs",
    GUARDED: "Agency/mdrs",
    "mccb-adult-education": "Agency/mccb",
}


@dataclass(frozen=True)
class Asked:
    """One referral to be: the system of the target agency, and what becomes of it.

    `fate` is an outcome, `rejected`, `cancelled`, or the status in which it stays open.
    """

    target: str
    fate: str


@dataclass(frozen=True)
class Visit:
    """One person's visit: the system that asks the questions, when, and where it refers to."""

    number: int
    source: str
    at: datetime
    referrals: tuple[Asked, ...]


def fates(referrals: int) -> dict[str, int]:
    """Return how many of so many referrals meet each fate, without luck."""
    ends = apportioned(referrals, ENDS)
    return {
        **apportioned(ends["closed"], OUTCOMES),
        **apportioned(ends["open"], OPEN),
        "rejected": ends["rejected"],
        CANCELLED: ends[CANCELLED],
    }


def visits(participants: int, seed: int) -> list[Visit]:
    """Return the visits of a year, the same for the same seed, ordered by system and day."""
    dice = Random(f"year {seed}")  # noqa: S311 - a simulation wants to be repeatable
    sources = _drawn(dice, apportioned(participants, SOURCES))
    targets = [
        dice.sample([each for each in AGENCIES if each != source], count)
        for source, count in zip(sources, _counts(participants), strict=True)
    ]
    ahead = _fates(dice, targets)
    found = [
        Visit(
            number,
            source,
            BEGIN + timedelta(dice.randrange(DAYS), minutes=dice.randrange(8 * 60)),
            tuple(Asked(each, ahead[number, each]) for each in targets[number]),
        )
        for number, source in enumerate(sources)
    ]
    return sorted(found, key=lambda visit: (visit.source, visit.at, visit.number))


def _drawn(dice: Random, counts: Mapping[str, int]) -> list[str]:
    drawn = [name for name, count in counts.items() for _ in range(count)]
    dice.shuffle(drawn)
    return drawn


def _counts(participants: int) -> Iterator[int]:
    """Yield the referrals of each participant: a quarter has one, a quarter three, others two."""
    quarter = participants // 4
    yield from (1 for _ in range(quarter))
    yield from (3 for _ in range(quarter))
    yield from (2 for _ in range(participants - 2 * quarter))


def _fates(dice: Random, targets: Sequence[Sequence[str]]) -> dict[tuple[int, str], str]:
    """Return the fate of each referral, by the number of its person and its target.

    Who referred somebody to vocational rehabilitation does not see how that stands and calls
    nothing off.
    """
    asked = [(number, target) for number, those in enumerate(targets) for target in those]
    counts = fates(len(asked))
    dice.shuffle(asked)
    asked.sort(key=lambda each: each[1] == GUARDED)
    called_off = asked[: counts.pop(CANCELLED)]
    rest = asked[len(called_off) :]
    return {
        **dict.fromkeys(called_off, CANCELLED),
        **dict(zip(rest, _drawn(dice, counts), strict=True)),
    }
