"""How a plan follows what happens: referrals, enrollments, credentials, the profile.

Each function returns the open plans that a write about their participant changes. A plan is shared
by everyone, so what a law lets one agency alone know of (34 CFR 361.38) leaves no trace in it.
"""

from collections.abc import Callable, Sequence

from app.model.codec import Resource
from app.rules.guarded import is_guarded
from app.rules.plans.items import credited, enrolled, referred
from app.rules.plans.success_plan import PLAN, is_open, is_reached, participant_of, way_of
from app.rules.workflow import Effect, Facts, Move

FOLLOWED = ("status", "planItem", "service", "program", "referral", "resultEnrollment")
"""What of a referral or an enrollment a plan follows."""
ATTAINED = ("status", "credential", "credentialType", "participant")
"""What of a credential a plan follows."""
Change = Callable[[Resource], Resource]


def after_profile(move: Move, facts: Facts) -> Sequence[Effect]:
    """Return the plans whose pathway or end follows from a profile; a new one has no plan yet."""
    followed = ("educationLevel", "employmentStatus", "workHistory")
    if move.former is None or not any(map(move.changed, followed)):
        return ()
    return _changed(move.reference, facts, lambda plan: plan)


def after_credential(move: Move, facts: Facts) -> Sequence[Effect]:
    """Return the plans whose pathway follows from a credential, or that expected it."""
    if is_guarded(move.body, facts) or not any(map(move.changed, ATTAINED)):
        return ()
    return _changed(participant_of(move.body), facts, lambda plan: credited(plan, move, facts))


def after_enrollment(move: Move, facts: Facts) -> Sequence[Effect]:
    """Return the plans with an entry that an enrollment carries out, or that it makes active."""
    if is_guarded(move.body, facts) or not any(map(move.changed, FOLLOWED)):
        return ()
    return _changed(participant_of(move.body), facts, lambda plan: enrolled(plan, move, facts))


def after_referral(move: Move, facts: Facts) -> Sequence[Effect]:
    """Return the plan with the item that a referral was made for."""
    if is_guarded(move.body, facts) or not any(map(move.changed, FOLLOWED)):
        return ()
    return _changed(participant_of(move.body), facts, lambda plan: referred(plan, move, facts))


def _changed(participant: str | None, facts: Facts, change: Change) -> Sequence[Effect]:
    """Return the open plans of a participant that differ after a change, settled anew."""
    pairs = [
        (e, _settled(change(e), e, facts)) for e in facts.about(PLAN, participant) if is_open(e)
    ]
    return [Effect(f"{PLAN}/{old['id']}", new) for old, new in pairs if new != old]


def _settled(plan: Resource, former: Resource, facts: Facts) -> Resource:
    """Return a plan with its pathway; one that was active before ends when the goal is reached."""
    is_ended = former["status"] == "active" and is_reached(plan, facts)
    ended = {"status": "completed"} if is_ended else {}
    return {**plan, **ended, "pathway": way_of(plan, facts)}
