"""The clocks of a referral: by when each step is due, and which steps are past due.

Domain section 3: nothing is ever closed silently; what is past due is a fact of the referral.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.model.codec import Resource
from app.rules.business_days import business_days_after, day_of, days_after
from app.rules.referrals.table import Clocks


@dataclass(frozen=True)
class Step:
    """A step that is due by the day `due` while the referral stands at one of `statuses`."""

    code: str
    due: str
    statuses: tuple[str, ...]


STEPS = (
    Step("acknowledge", "acknowledgeBy", ("requested",)),
    Step("accept", "acceptBy", ("requested", "received")),
    Step("first-contact", "firstContactBy", ("requested", "received", "accepted")),
    Step("close", "closeBy", ("requested", "received", "accepted", "in-progress", "on-hold")),
    Step("review", "reviewBy", ("on-hold",)),
)


def due_dates(authored_on: str, clocks: Clocks) -> Resource:
    """Return the last days of the steps of a referral that was made at a moment."""
    day = day_of(authored_on)
    return {
        "acknowledgeBy": business_days_after(day, clocks.acknowledge).isoformat(),
        "acceptBy": business_days_after(day, clocks.accept).isoformat(),
        "firstContactBy": business_days_after(day, clocks.first_contact).isoformat(),
        "closeBy": days_after(day, clocks.close).isoformat(),
    }


def review_by(moved_on: str, clocks: Clocks) -> str:
    """Return the last day to review a referral that was put on hold at a moment."""
    return days_after(day_of(moved_on), clocks.review).isoformat()


def overdue(referral: Resource, today: date) -> Sequence[str]:
    """Return the steps that are past due on a day; a due date is the last day in time.

    An attempt to reach the person, whatever came of it, is first contact as far as the target's
    duty goes.
    """
    due, text = {**referral, **referral.get("dueDates", {})}, today.isoformat()
    return [
        step.code
        for step in STEPS
        if referral["status"] in step.statuses
        and due.get(step.due, text) < text
        and not (step.code == "first-contact" and _is_tried(referral))
    ]


def _is_tried(referral: Resource) -> bool:
    is_kept = any(each["status"] == "kept" for each in referral.get("appointments", ()))
    return is_kept or bool(referral.get("contactAttempts"))
