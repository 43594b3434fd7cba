"""The way a person goes now: Smart Start, training, or to work (domain.md section 4).

Without a high school credential it is smart-start; with one, training while the goal takes months
to prepare for; else workforce.
"""

from collections.abc import Sequence

from app.model.codec import Resource
from app.rules.careers.labour_market import soc_of
from app.rules.careers.report_card import months_to_prepare
from app.rules.guarded import is_guarded
from app.rules.workflow import Facts

SMART_START, TRAINING, WORKFORCE = "smart-start", "training", "workforce"
HIGH_SCHOOL = frozenset("1245678")
"""PIRL 408: a diploma, an equivalency, or more; 3, a certificate under an IEP, is neither."""
EQUIVALENCY = "2"
DIPLOMA = "1"
"""PIRL 1800: secondary school diploma or equivalency."""


def has_high_school_credential(profile: Resource, credentials: Sequence[Resource]) -> bool:
    """Whether a diploma or equivalent is in the profile or among the earned credentials."""
    return profile.get("educationLevel") in HIGH_SCHOOL or any(
        each.get("credentialType") == DIPLOMA and each.get("status") == "earned"
        for each in credentials
    )


def pathway(participant: str | None, onet_soc: str, facts: Facts) -> str:
    """Return the pathway of a participant, `ParticipantProfile/id`, towards an occupation."""
    profile = facts.row(participant) or {}
    credentials = shared("ParticipantCredential", participant, facts)
    if not has_high_school_credential(profile, credentials):
        return SMART_START
    return TRAINING if months_with_diploma(participant, onet_soc, facts) else WORKFORCE


def months_with_diploma(participant: str | None, onet_soc: str, facts: Facts) -> int:
    """Return the months that a participant needs for an occupation beside those for a diploma."""
    profile = facts.row(participant) or {}
    is_without = profile.get("educationLevel") not in HIGH_SCHOOL
    return months_to_prepare(
        {**profile, "educationLevel": EQUIVALENCY} if is_without else profile,
        shared("ParticipantCredential", participant, facts),
        [],
        soc_of(onet_soc) or "",
        facts.reference,
    )


def shared(kind: str, participant: str | None, facts: Facts) -> Sequence[Resource]:
    """Return the resources about a participant that a plan, which everyone reads, may rest on."""
    return [each for each in facts.about(kind, participant) if not is_guarded(each, facts)]
