"""The rules of a participant's profile: no second record of somebody the hub knows for certain."""

from collections.abc import Sequence

from app.model.codec import Resource
from app.model.conflicts import Duplicate
from app.model.errors import Issue
from app.model.resource_type import MERGED, PARTICIPANT
from app.rules.persons import merging
from app.rules.persons.likely_persons import by_ssn, the_same
from app.rules.persons.matching import Grade, evidence, grade
from app.rules.plans import links
from app.rules.workflow import Criteria, Facts, Move, Workflow

DETAIL = "certain-match"
IDENTIFYING = ("ssn", "birthDate", "firstName", "middleName", "lastName", "suffix")
"""What a certain match by number rests on."""
MOST_MERGES = 100
"""How far a chain of merged records is followed."""


def _faults(move: Move, facts: Facts) -> list[Issue]:
    return [*merging.status_faults(move, facts), *_known(move, facts)]


def _known(move: Move, facts: Facts) -> list[Issue]:
    """Return the fault of a profile that becomes one of a person who has another.

    Who shares a business key is refused by the key itself. A profile that was certainly of the
    same person before, or is part of the same merged record, may still be corrected.
    """
    if move.is_effect or not any(map(move.changed, IDENTIFYING)):
        return []
    for criteria in by_ssn(move.body):
        for each in facts.matches(criteria):
            if _is_same(move.body, each) and not _is_same(move.former, each):
                other = _living(f"{PARTICIPANT}/{each['id']}", facts)
                if other != _living(move.reference, facts):
                    return [_duplicate(other)]
    return []


def _is_same(profile: Resource | None, other: Resource) -> bool:
    return profile is not None and grade(evidence(profile, other)) == Grade.CERTAIN


def _duplicate(reference: str) -> Issue:
    text = f"This person has a profile already: {reference}. Use that one; state staff merge two."
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
    if move.is_effect:
        return ()
    before = [*the_same(move.former or {})]
    return tuple(each for each in the_same(move.body) if each not in before)


WORKFLOW = Workflow(faults=_faults, effects=links.after_profile, alone=_alone)
