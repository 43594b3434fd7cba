"""Every course that the simulation takes is legal by the rules of referrals."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from app.model.version import instant
from app.rules.referrals.referral import WORKFLOW
from app.rules.workflow import Actor, Move
from app.simulation.course import course
from app.simulation.year import SERVICES
from app.simulation.year_plan import OPEN, OUTCOMES, fates
from rule_facts import RuleFacts

NAME = "Referral/01985a2e-7c00-7000-8000-00000000000a"
SOURCE = Actor("Partner/mdes-mississippi-works", "Agency/mdes")
TARGET = Actor("Partner/mccb-adult-education", "Agency/mccb")
PERSON = {"reference": "ParticipantProfile/01985a2e-7c00-7000-8000-000000000001"}
RESULT = "ParticipantServiceEnrollment/01985a2e-7c00-7000-8000-00000000000b"


def a_referral(authored):
    return {
        "resourceType": "Referral",
        "participant": PERSON,
        "origin": "isa",
        "assessment": {"reference": "ParticipantServiceAssessment/a"},
        "sourceAgency": {"reference": SOURCE.agency},
        "sourcePartner": {"reference": SOURCE.partner},
        "targetAgency": {"reference": TARGET.agency},
        "targetPrograms": [{"reference": "Program/title2-aefla"}],
        "priority": "routine",
        "authoredOn": instant(authored),
        "status": "requested",
    }


def assessed(facts):
    facts.add("ParticipantServiceAssessment/a", {"participant": PERSON})
    return facts


def moved(facts, former, change, actor):
    """Return a referral after a legal move."""
    move = Move(NAME, former, {**(former or {}), **change}, actor)
    move = Move(NAME, former, WORKFLOW.complete(move, facts), actor)
    assert WORKFLOW.faults(move, facts) == []
    facts.add(NAME, move.body)
    return move.body


def enrolled(facts, step):
    service, program = SERVICES["mccb-adult-education"]
    facts.add(RESULT, {
        "participant": PERSON,
        "service": {"reference": service},
        "program": {"reference": program},
        "partner": {"reference": TARGET.partner},
        "status": "enrolled",
        "enrollmentDate": step.at.date().isoformat(),
    })  # fmt: skip
    return {"resultEnrollment": {"reference": RESULT}}


@pytest.mark.parametrize("fate", fates(100))
def test_a_course_is_legal_on_every_day_of_the_year(fate):
    for day in range(396):
        authored = datetime(2018, 10, 1, 14, tzinfo=UTC) + timedelta(day, minutes=7 * (day % 68))
        facts = assessed(RuleFacts())
        referral = moved(facts, None, a_referral(authored), SOURCE)

        for step in course(fate, authored, Random(f"{fate} {day}")):  # noqa: S311 - repeatable
            result = enrolled(facts, step) if step.enrolls else {}
            actor = SOURCE if step.by_source else TARGET
            referral = moved(facts, referral, step.change | result, actor)

        assert referral["status"] == ("closed" if fate in OUTCOMES else fate)
        assert referral.get("outcome") == (fate if fate in OUTCOMES else None)


def test_the_fates_are_all_that_a_referral_can_meet():
    assert set(fates(1)) == {*OUTCOMES, *OPEN, "rejected", "cancelled"}
