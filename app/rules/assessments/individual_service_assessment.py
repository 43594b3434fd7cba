"""The Individual Service Assessment: six answers become proposals, accepted ones referrals.

It may be saved and finished later. "Guided, not forced": every card starts accepted, the person
may decline it, and what was declined stays on record and never becomes a referral.
"""

from collections.abc import Iterator, Sequence

from app.model.codec import Resource
from app.model.errors import Issue
from app.model.version import instant
from app.rules.assessments.decisions import ACCEPTED, asked, decided, ungiven, unpublished
from app.rules.assessments.plausibility import doubts
from app.rules.assessments.referring import referral
from app.rules.clock import is_future
from app.rules.issues import fault
from app.rules.workflow import Effect, Facts, Move, Workflow

OPEN, COMPLETED = "in-progress", "completed"
KEPT = ("completedAt", "proposals")
FROZEN = ("participant", "questionnaireVersion", "mode", *KEPT)
"""What no longer changes once an assessment is completed; the answers only by amending it."""


def complete(move: Move, facts: Facts) -> Resource:
    """Return an assessment with its proposals and its time, once it is completed.

    What is in progress has no proposals yet; what was completed keeps those it had.
    """
    former, body = move.former or {}, move.body
    if move.is_effect:
        return body
    if _is_settled(move):
        return {**{name: former[name] for name in KEPT if name in former}, **body}
    if not _is_completing(move):
        return {name: value for name, value in body.items() if name != "proposals"}
    return decided({"completedAt": instant(facts.now), **body}, move.actor, facts)


def faults(move: Move, facts: Facts) -> list[Issue]:
    """Return what changes after completion, and what of a completion no rule gives.

    That all questions are answered is for the schema to say.
    """
    if _is_settled(move):
        return [*_frozen(move, facts)]
    questionnaire = asked(move.body, facts)
    if questionnaire is None:
        return [unpublished(facts)]
    if not _is_completing(move):
        return []
    return [*_future(move.body, facts), *ungiven(questionnaire, move.body, move.actor, facts)]


def warnings(move: Move, facts: Facts) -> list[Issue]:
    """Return the answers that what the client may know of the person speaks against."""
    person = facts.seen(move.body["participant"]["reference"])
    return doubts(move.body, person, move.actor, facts) if person else []


def effects(move: Move, facts: Facts) -> Sequence[Effect]:
    """Return one referral for each accepted proposal, and the assessment that points at them."""
    body = move.body
    if move.is_effect or not _is_completing(move):
        return ()
    links: list[Resource] = []
    made: list[Effect] = []
    for each in body.get("proposals", ()):
        if each["decision"] != ACCEPTED or "referral" in each:
            links.append(each)
            continue
        reference = f"Referral/{facts.new_id()}"
        made.append(Effect(reference, referral(move.reference, body, each, facts)))
        links.append({**each, "referral": {"reference": reference}})
    return [*made, Effect(move.reference, {**body, "proposals": links})] if made else ()


def _is_settled(move: Move) -> bool:
    """Whether it was completed, or taken back, before."""
    return move.former is not None and move.former["status"] != OPEN


def _is_completing(move: Move) -> bool:
    return not _is_settled(move) and move.body["status"] == COMPLETED


def _future(body: Resource, facts: Facts) -> Iterator[Issue]:
    if is_future(body["completedAt"], facts.now):
        text = "An assessment is not completed in the future."
        yield fault("in-future", text, "/completedAt")


def _frozen(move: Move, facts: Facts) -> Iterator[Issue]:
    """Yield a fault for each element that a completed assessment may not change any more."""
    questionnaire = asked(move.former or {}, facts)
    is_amended = move.body["status"] == "amended"
    answers = questionnaire.questions if questionnaire and not is_amended else ()
    for name in (*FROZEN, *(each.key for each in answers)):
        if move.changed(name):
            text = "This stays as it was when the assessment was completed."
            yield fault("frozen", text, f"/{name}")


WORKFLOW = Workflow(complete, faults, warnings, effects)
