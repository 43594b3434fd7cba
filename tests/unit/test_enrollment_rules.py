"""Enrollments agree with their lookup rows; who writes outcomes; what is frozen at entry."""

import pytest

from app.rules import inactive
from app.rules.workflow import Actor, Move
from builders import a_profile
from rule_facts import RuleFacts
from rule_rows import PERSON, STAFF, an_enrollment, at, completed, faults, name_of, write

ENROLLMENT = "ParticipantServiceEnrollment"
SERVICES = Actor("Partner/mdhs-eligibility", "Agency/mdhs")


def a_person(**changes):
    return a_profile(
        id="p1",
        longTermUnemployed="1",
        benefits={"snap": "1", "ssiSsdi": "2"},
        barriers={"englishLearner": "1", "farmworker": "3", "homeless": "0"},
        **changes,
    )


@pytest.mark.parametrize(
    ("changes", "details"),
    [
        ({}, []),
        ({"service": "abe-instruction"}, ["not-of-service"]),
        ({"partner": at("Partner/mccb-adult-education")}, ["not-of-partner"]),
    ],
)
def test_service_and_partner_must_have_the_program(changes, details):
    found = faults(an_enrollment(**changes), RuleFacts())

    assert found == [("/program/reference", each) for each in details]


@pytest.mark.parametrize("name", ["endDate", "plannedEndDate"])
def test_an_enrollment_ends_no_earlier_than_it_begins(name):
    assert faults(an_enrollment(**{name: "2026-01-04"}), RuleFacts()) == [
        (f"/{name}", "date-order")
    ]
    assert faults(an_enrollment(**{name: "2026-01-05"}), RuleFacts()) == []


def test_the_type_of_training_is_that_of_the_service():
    body = an_enrollment(service="ost-cdl-a", program="title1-adult")

    assert completed(body, RuleFacts()).body["trainingServiceType"] == "06"


def test_a_training_service_without_a_code_needs_a_type_of_training():
    odd = {**RuleFacts().row("Service/ost-cdl-a")}
    del odd["pirlCode"]
    body = an_enrollment(service="ost-cdl-a", program="title1-adult")

    assert faults(body, RuleFacts(odd)) == [("/trainingServiceType", "training-type")]


@pytest.mark.parametrize(
    ("code", "service", "program", "partner"),
    [
        ("10", "training-youth-occupational-skills", "title1-youth", "youth-delta"),
        ("07", "training-abe-esl-not-with-training", "taa", "mdes-mississippi-works"),
    ],
)
def test_code_10_is_only_for_youth_and_07_only_for_taa(code, service, program, partner):
    right = an_enrollment(service=service, program=program, partner=at(f"Partner/{partner}"))
    wrong = an_enrollment(service="training-ojt", program="title1-adult", trainingServiceType=code)

    assert faults(right, RuleFacts()) == []
    assert faults(wrong, RuleFacts()) == [("/trainingServiceType", "training-type")]


def test_the_referral_is_one_of_the_same_person():
    referral = {"resourceType": "Referral", "id": "r1", "participant": at("ParticipantProfile/p2")}
    body = an_enrollment(referral=at("Referral/r1"))

    assert faults(body, RuleFacts(referral)) == [("/referral/reference", "other-participant")]
    assert faults(body, RuleFacts({**referral, "participant": at(PERSON)})) == []


@pytest.mark.parametrize(
    ("whose", "item", "found"),
    [
        (PERSON, "item-1", []),
        (PERSON, "item-2", [("/planItem/itemId", "no-such-item")]),
        ("ParticipantProfile/p2", "item-1", [("/planItem/successPlan", "other-participant")]),
    ],
)
def test_the_plan_item_is_one_of_the_same_person(whose, item, found):
    plan = {
        "resourceType": "ParticipantSuccessPlan",
        "id": "plan",
        "participant": at(whose),
        "schedule": [{"itemId": "item-1"}],
    }
    named = {"successPlan": at("ParticipantSuccessPlan/plan"), "itemId": item}

    assert faults(an_enrollment(planItem=named), RuleFacts(plan)) == found


def test_an_enrollment_stays_with_its_person():
    moved = an_enrollment(participant=at("ParticipantProfile/p2"))

    assert faults(moved, RuleFacts(), former=an_enrollment()) == [
        ("/participant/reference", "immutable")
    ]


def test_outcomes_are_written_by_the_workforce_agency_or_staff_only():
    body = an_enrollment(outcomes={"employedQ2": "1"})

    assert faults(body, RuleFacts()) == []
    assert faults(body, RuleFacts(), actor=STAFF) == []
    assert faults(body, RuleFacts(), actor=SERVICES) == [("/outcomes", "wage-match")]
    assert faults(body, RuleFacts(), former=body, actor=SERVICES) == []


def test_an_inactive_lookup_row_is_named_only_by_what_named_it_before(registry):
    closed = {**RuleFacts().row("Service/career-counseling"), "status": "inactive"}
    kind, facts, body = registry.type(ENROLLMENT), RuleFacts(closed), an_enrollment()
    new, known = a_move(None, body), a_move(body, {**body, "costUsd": 5})

    found = inactive.faults(kind, new, facts, registry.lookups)

    assert [(each.pointer, each.detail) for each in found] == [("/service/reference", "inactive")]
    assert inactive.faults(kind, known, facts, registry.lookups) == []
    assert inactive.faults(kind, new, RuleFacts(), registry.lookups) == []


def test_an_inactive_person_may_still_be_named(registry):
    facts = RuleFacts(a_person(status="inactive"))
    kind, new = registry.type(ENROLLMENT), a_move(None, an_enrollment())

    assert inactive.faults(kind, new, facts, registry.lookups) == []


def a_move(former, body):
    return Move(f"{ENROLLMENT}/new", former, body, Actor())


def test_characteristics_at_entry_come_from_the_profile():
    body = write(an_enrollment(), RuleFacts(a_person()))

    assert body["atEntry"] == {
        "employmentStatus": "0",
        "longTermUnemployed": "1",
        "educationLevel": "0",
        "snap": "1",
        "ssi": "2",
        "ell": "1",
        "msfw": "3",
        "homeless": "0",
    }


def test_what_the_partner_gives_at_entry_wins():
    body = write(an_enrollment(atEntry={"snap": "0"}), RuleFacts(a_person()))

    assert (body["atEntry"]["snap"], body["atEntry"]["ell"]) == ("0", "1")


def test_later_edits_of_the_profile_never_change_what_was_so_at_entry():
    facts = RuleFacts(a_person())
    first = write(an_enrollment(), facts)
    facts.add(PERSON, a_person(educationLevel="2"))

    again = write({**first, "costUsd": 5}, facts)
    next_one = write(an_enrollment("e2", enrollmentDate="2026-02-02"), facts)

    assert again["atEntry"] == next_one["atEntry"] == first["atEntry"]
    assert first["atEntry"]["educationLevel"] == "0"


def test_what_was_so_at_entry_is_frozen_but_for_staff():
    facts = RuleFacts(a_person())
    first = write(an_enrollment(), facts)
    changed = {**first, "atEntry": {**first["atEntry"], "snap": "0"}}

    assert faults(changed, facts, first) == [("/atEntry", "frozen")]
    assert faults(changed, facts, first, STAFF) == []


def test_an_enrollment_sent_as_its_partner_knows_it_keeps_what_was_so_at_entry():
    facts = RuleFacts(a_person())
    given = an_enrollment(atEntry={"snap": "0"})
    first = write(given, facts)

    again = write({**given, "costUsd": 5}, facts)
    silent = write(an_enrollment(), facts)

    assert again["atEntry"] == silent["atEntry"] == first["atEntry"]


def test_what_the_partner_may_not_see_of_a_profile_is_not_laid_into_its_row():
    facts = RuleFacts(a_person())
    facts.seen = lambda _: {"employmentStatus": "0"}

    assert write(an_enrollment(), facts)["atEntry"] == {"employmentStatus": "0"}


def test_another_agency_repeats_of_the_entry_only_what_it_may_see():
    jvsg = {**RuleFacts().row("Partner/mdhs-eligibility"), "programs": [at("Program/jvsg")]}
    facts = RuleFacts(a_person(), jvsg)
    first = write(an_enrollment(atEntry={"employmentStatus": "1"}), facts)
    facts.seen = lambda _: {"employmentStatus": "0"}
    foreign = an_enrollment(
        "e2", program="jvsg", partner=at("Partner/mdhs-eligibility"), enrollmentDate="2026-02-02"
    )

    other = write(foreign, facts, actor=SERVICES)

    assert other["period"] == first["period"]
    assert other["atEntry"] == {"employmentStatus": "1"}


def test_a_planned_enrollment_enters_when_it_begins():
    facts = RuleFacts(a_person())
    planned = write(an_enrollment(status="planned"), facts)
    begun = write({**planned, "status": "enrolled"}, facts)

    assert not planned.keys() & {"period", "atEntry"}
    assert begun["period"] == {"periodId": "e1", "programEntryDate": "2026-01-05"}
    assert begun["atEntry"]["snap"] == "1"


def test_staff_lay_nothing_of_a_profile_into_the_row_of_a_partner():
    body = write(an_enrollment(), RuleFacts(a_person()), actor=STAFF)

    assert "atEntry" not in body
    assert name_of(body) == "ParticipantServiceEnrollment/e1"
