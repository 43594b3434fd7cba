"""The course of one referral through its life cycle, each step with the evidence it needs.

Legal moves and evidence: `domain.md` section 3; a no-show takes three attempts by two methods
over ten business days.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from app.model.version import instant

Body = dict[str, Any]
WAITING = {"statusReason": "participant-asked-to-wait"}
REJECTIONS = ("out-of-area", "no-capacity")
CANCELLATIONS = ("participant-withdrew", "moved")


@dataclass(frozen=True)
class Step:
    """One move: the elements that change; the target makes it unless the source does.

    `enrolls` says that the target also enrolls the person, on that day, before it moves.
    """

    at: datetime
    change: Body
    by_source: bool = False
    enrolls: bool = False


def course(fate: str, authored: datetime, dice: Random) -> list[Step]:
    """Return the steps that take a referral to its fate: an outcome, or the status it stays in."""
    return _COURSES[fate](_Pace(authored, dice))


class _Pace:
    """Makes steps at believable intervals after the referral."""

    def __init__(self, authored: datetime, dice: Random) -> None:
        self.at = authored
        self.dice = dice

    def later(self, least: int, most: int) -> datetime:
        """Return a moment so many days after the last one."""
        hours = timedelta(minutes=self.dice.randrange(1, 120))
        self.at += timedelta(self.dice.randint(least, most)) + hours
        return self.at

    def received(self) -> Step:
        return _step(self.later(0, 1), "received")

    def accepted(self) -> Step:
        return _step(self.later(0, 1), "accepted")

    def reached(self, **more: Any) -> Step:
        """Return the step after the first talk with the person."""
        at = self.later(0, 2)
        talk = {
            "at": instant(at),
            "method": self.dice.choice(("phone", "sms")),
            "result": "reached",
        }
        return _step(at, "in-progress", contactAttempts=[talk], **more)


def _step(at: datetime, status: str, **more: Any) -> Step:
    return Step(at, {"status": status, "movedOn": instant(at), **more})


def _closed(at: datetime, outcome: str, **more: Any) -> Step:
    return _step(at, "closed", outcome=outcome, **more)


def _requested(_pace: _Pace) -> list[Step]:
    return []


def _received(pace: _Pace) -> list[Step]:
    return [pace.received()]


def _accepted(pace: _Pace) -> list[Step]:
    return [pace.received(), pace.accepted()]


def _in_progress(pace: _Pace) -> list[Step]:
    return [*_accepted(pace), pace.reached()]


def _on_hold(pace: _Pace) -> list[Step]:
    return [*_in_progress(pace), _step(pace.later(2, 6), "on-hold", **WAITING)]


def _served(pace: _Pace) -> list[Step]:
    steps = _in_progress(pace)
    at = pace.later(3, 20)
    change = {"status": "closed", "movedOn": instant(at), "outcome": "served"}
    return [*steps, Step(at, change, enrolls=True)]


def _no_show(pace: _Pace) -> list[Step]:
    steps = _accepted(pace)
    calls = [
        (pace.later(0, 1), "phone", "no-answer"),
        (pace.later(8, 10), "sms", "left-message"),
        (pace.later(12, 14), "letter", "left-message"),
    ]
    attempts = [
        {"at": instant(at), "method": method, "result": result} for at, method, result in calls
    ]
    return [*steps, _closed(pace.later(1, 4), "no-show", contactAttempts=attempts)]


def _declined(pace: _Pace) -> list[Step]:
    steps = _in_progress(pace)
    offered = pace.later(1, 6).date().isoformat()
    return [*steps, _closed(pace.later(0, 5), "declined", offerDate=offered)]


def _ineligible(pace: _Pace) -> list[Step]:
    steps = _in_progress(pace)
    reason = pace.dice.choice(("Income above the limit.", "Outside the age range."))
    return [*steps, _closed(pace.later(2, 15), "ineligible", eligibilityReason=reason)]


def _rejected(pace: _Pace) -> list[Step]:
    why = {"statusReason": pace.dice.choice(REJECTIONS)}
    return [pace.received(), _step(pace.later(0, 1), "rejected", **why)]


def _cancelled(pace: _Pace) -> list[Step]:
    steps, at = [pace.received()], pace.later(0, 2)
    why = {"statusReason": pace.dice.choice(CANCELLATIONS)}
    return [
        *steps,
        Step(at, {"status": "cancelled", "movedOn": instant(at), **why}, by_source=True),
    ]


_COURSES: Mapping[str, Callable[[_Pace], list[Step]]] = {
    "requested": _requested,
    "received": _received,
    "accepted": _accepted,
    "in-progress": _in_progress,
    "on-hold": _on_hold,
    "served": _served,
    "no-show": _no_show,
    "declined": _declined,
    "ineligible": _ineligible,
    "rejected": _rejected,
    "cancelled": _cancelled,
}
"""Fate → the steps that lead there."""
