"""Answers that other facts about the person speak against: worth a second look, never a refusal."""

from collections.abc import Iterator, Sequence
from datetime import date

from app.model.codec import Resource
from app.model.errors import Issue
from app.rules.business_days import day_of
from app.rules.issues import warning
from app.rules.plans.pathway import has_high_school_credential
from app.rules.workflow import Actor, Facts

YOUTH_AGES = range(16, 25)
EMPLOYED = frozenset("12")
"""Codes of PIRL 400: employed, also under notice; 3 is not in the labor force, 0 not employed."""


def doubts(assessment: Resource, profile: Resource, actor: Actor, facts: Facts) -> list[Issue]:
    """Return a warning for each answer that the person's profile or credentials speak against.

    Elements that the profile lacks speak against nothing. Credentials that another agency recorded
    are for that to tell of (34 CFR 99.30), except to the state's staff.
    """
    rows = facts.about("ParticipantCredential", assessment["participant"]["reference"])
    told = [each for each in rows if _is_told(each, actor, facts)]
    asked = day_of(assessment.get("completedAt", facts.now))
    return [
        *_schooling(assessment.get("hasHighSchoolCredential"), profile, told),
        *_work(assessment.get("workingStatus"), profile),
        *_age(assessment.get("isDisconnectedYouth"), profile, asked),
    ]


def age(birth: date, day: date) -> int:
    """Return the age in full years on a day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _is_told(credential: Resource, actor: Actor, facts: Facts) -> bool:
    owner = facts.agency(credential["partner"]["reference"])
    return actor.agency is None or actor.agency == owner


def _schooling(
    answer: str | None, profile: Resource, credentials: Sequence[Resource]
) -> Iterator[Issue]:
    level = profile.get("educationLevel")
    has_diploma = has_high_school_credential(profile, credentials)
    is_lacking = level is not None and not has_diploma
    if (answer == "yes" and is_lacking) or (answer == "no" and has_diploma):
        text = "The education level or the credentials on record speak against this answer."
        yield _doubt("hasHighSchoolCredential", text)


def _work(answer: str | None, profile: Resource) -> Iterator[Issue]:
    status = profile.get("employmentStatus")
    if None not in (answer, status) and (answer != "no") is not (status in EMPLOYED):
        yield _doubt("workingStatus", "The employment status on record speaks against this answer.")


def _age(answer: str | None, profile: Resource, day: date) -> Iterator[Issue]:
    birth = profile.get("birthDate")
    if answer == "yes" and birth and age(date.fromisoformat(birth), day) not in YOUTH_AGES:
        text = "The question is about people of 16 to 24; the birth date on record says otherwise."
        yield _doubt("isDisconnectedYouth", text)


def _doubt(element: str, text: str) -> Issue:
    return warning("implausible-answer", text, f"/{element}")
