"""The rules of a participant's profile: no second record of somebody the hub knows for certain."""

from collections.abc import Sequence

from app.model.conflicts import Duplicate
from app.model.errors import Issue
from app.model.resource_type import MERGED, PARTICIPANT
from app.rules import merging, plan_links
from app.rules.likely_persons import by_ssn, the_same
from app.rules.matching import Grade, evidence, grade
from app.rules.workflow import Criteria, Facts, Move, Workflow

DETAIL = "certain-match"
MOST_MERGES = 100
"""How far a chain of merged records is followed."""


def _faults(move: Move, facts: Facts) -> list[Issue]:
    return [*merging.status_faults(move, facts), *_known(move, facts)]


def _known(move: Move, facts: Facts) -> list[Issue]:
    """Return the fault of a new profile of a person who has one.

    Who shares a business key is refused by the key itself.
    """
    if not _is_new(move):
        return []
    for criteria in by_ssn(move.body):
        for each in facts.matches(criteria):
            if grade(evidence(move.body, each)) == Grade.CERTAIN:
                return [_duplicate(_living(f"{PARTICIPANT}/{each['id']}", facts))]
    return []


def _duplicate(reference: str) -> Issue:
    text = f"This person has a profile already: {reference}. Use that one."
    return Issue(Duplicate.code, DETAIL, text, allowed=(reference,))


def _living(reference: str, facts: Facts) -> str:
    """Return the profile that continues a merged one, or the same one."""
    for _ in range(MOST_MERGES):
        row = facts.row(reference)
        if row is None or row["status"] != MERGED:
            break
        reference = row["mergedInto"]["reference"]
    return reference


def _alone(move: Move, _facts: Facts) -> Sequence[Criteria]:
    return tuple(the_same(move.body)) if _is_new(move) else ()


def _is_new(move: Move) -> bool:
    return move.former is None and not move.is_effect


WORKFLOW = Workflow(faults=_faults, effects=plan_links.after_profile, alone=_alone)
