"""The success plan: what the hub sets, what it refuses, and how it begins and ends."""

import pytest

from app.rules.plans import links
from app.rules.plans.success_plan import WORKFLOW
from app.rules.workflow import Actor, Move
from plans import ELVIS, PLAN, a_job, a_plan, a_profile, an_enrollment, an_item, at, reference
from rule_facts import RuleFacts

MDES = Actor("Partner/mdes-mississippi-works", "Agency/mdes")
VR = {"program": {"reference": "Program/title4-vr"}}


def a_move(plan, former=None, actor=MDES, **changes):
    return Move(PLAN, former, plan, actor, **changes)


def completed(plan, *rows, former=None):
    return WORKFLOW.complete(a_move(plan, former), RuleFacts(*rows))


def details(plan, *rows, former=None, actor=MDES):
    """Return what is wrong with a plan, as code, detail and place."""
    found = WORKFLOW.faults(a_move(plan, former, actor), RuleFacts(*rows))
    return [(each.code, each.detail, each.pointer) for each in found]


def after_profile(plan, profile, *rows):
    """Return what becomes of a stored plan when a profile is written, None for nothing."""
    facts = RuleFacts(plan, profile, *rows)
    former = a_profile(employmentStatus="0", workHistory=[], educationLevel="0")
    effects = links.after_profile(Move(ELVIS, former, profile, MDES), facts)
    return effects[0].body if effects else None


@pytest.mark.parametrize(("chosen", "began"), [
    ({}, "2026-03-02"), ({"chosenOn": "2025-06-16"}, "2025-06-16"),
    ({"chosenOn": "2030-01-01"}, "2026-03-02"),
])  # fmt: skip
def test_the_hub_sets_the_pathway_and_the_day_on_which_the_plan_began(chosen, began):
    plan = {name: value for name, value in a_plan().items() if name != "startedOn"}
    plan["careerGoal"] = plan["careerGoal"] | chosen

    found = completed(plan, a_profile(educationLevel="1"))

    assert (found["pathway"], found["startedOn"]) == ("training", began)


def test_a_goal_chosen_again_leads_to_another_pathway_and_the_plan_keeps_its_day():
    former = a_plan(pathway="training", startedOn="2025-01-15")
    again = a_plan(careerGoal={"onetSoc": "37-2012", "title": "Maids"})

    found = completed(again, a_profile(educationLevel="1"), former, former=former)

    assert (found["pathway"], found["startedOn"]) == ("workforce", "2025-01-15")


def test_a_plan_written_together_with_its_person_gets_the_pathway_of_both():
    plan, facts = a_plan(pathway="smart-start"), RuleFacts(a_profile(educationLevel="2"))

    (effect,) = WORKFLOW.effects(a_move(plan), facts)

    assert effect.reference == PLAN
    assert WORKFLOW.complete(a_move(effect.body), facts)["pathway"] == "training"
    assert not WORKFLOW.effects(a_move(plan | {"pathway": "training"}), facts)


@pytest.mark.parametrize("status", ["completed", "discontinued"])
def test_a_closed_plan_keeps_its_pathway(status):
    former = a_plan(status=status, pathway="smart-start", startedOn="2025-01-15")

    found = completed(former | {"schedule": []}, a_profile(educationLevel="1"), former=former)

    assert found["pathway"] == "smart-start"


def test_a_goal_must_be_a_known_occupation():
    unknown = a_plan(careerGoal={"onetSoc": "99-9999", "title": "Nothing"})

    assert details(unknown) == [("business-rule", "unknown-occupation", "/careerGoal/onetSoc")]
    assert details(a_plan(careerGoal={"onetSoc": "49-3031.00", "title": "Diesel"})) == []


def test_an_item_id_names_one_entry_of_schedule_and_challenges():
    plan = a_plan(
        schedule=[{"itemId": "a"}, {"itemId": "b"}, {"itemId": "a"}],
        challenges=[{"itemId": "c"}, {"itemId": "b"}],
    )

    assert details(plan) == [
        ("business-rule", "item-twice", "/schedule/2/itemId"),
        ("business-rule", "item-twice", "/challenges/1/itemId"),
    ]
    assert details(plan, former=plan) == []


def test_a_hidden_item_is_not_told_by_its_id():
    plan = a_plan(schedule=[{"itemId": "a", **VR}, {"itemId": "a"}, {"itemId": "b"}])
    twice = a_plan(schedule=[{"itemId": "x", **VR}, {"itemId": "a"}, {"itemId": "a"}])
    own = Actor("Partner/mdrs-vr", "Agency/mdrs")

    assert details(plan) == []
    assert details(plan, actor=own) == [("business-rule", "item-twice", "/schedule/1/itemId")]
    assert details(twice) == [("business-rule", "item-twice", "/schedule/2/itemId")]


OTHER, ENROLLMENT = "ParticipantProfile/other", at("ParticipantServiceEnrollment/enrollment")


def test_what_a_plan_links_is_of_the_same_person():
    body = a_plan(schedule=[an_item()], challenges=[{"itemId": "c"}])
    linked = a_plan(
        schedule=[an_item(enrollment=ENROLLMENT)],
        challenges=[{"itemId": "c", "remedyEnrollment": ENROLLMENT}],
        transitionalEmployment=[{"strategy": "ojt", "enrollment": ENROLLMENT}],
    )

    found = details(linked, an_enrollment(participant=at(OTHER)), former=body)

    assert {(detail, pointer) for _, detail, pointer in found} == {
        ("other-participant", "/schedule/0/enrollment/reference"),
        ("other-participant", "/challenges/0/remedyEnrollment/reference"),
        ("other-participant", "/transitionalEmployment/0/enrollment/reference"),
    }
    assert details(linked, an_enrollment(), former=body) == []


def test_vocational_rehabilitation_links_its_own_to_no_entry_that_everyone_reads():
    own = Actor("Partner/mdrs-vr", "Agency/mdrs")
    service = an_enrollment("vr-assessment", "title4-vr")
    shown = a_plan(schedule=[an_item(enrollment=ENROLLMENT)])
    kept = a_plan(schedule=[an_item(enrollment=ENROLLMENT, **VR)])

    refused = details(shown, service, actor=own)

    assert refused == [("business-rule", "not-for-all", "/schedule/0/enrollment/reference")]
    assert details(kept, service, actor=own) == []
    assert details(shown, service) == []


def test_a_plan_stays_with_its_person():
    moved = a_plan(participant=at(OTHER))

    assert details(moved, former=a_plan()) == [
        ("business-rule", "immutable", "/participant/reference")
    ]


def test_the_questionnaire_of_a_plan_is_of_the_same_person():
    answers = {
        "resourceType": "ParticipantServiceAssessment", "id": "a", "participant": at(OTHER)
    }  # fmt: skip
    plan = a_plan(assessment=at("ParticipantServiceAssessment/a"))

    assert details(plan, answers) == [
        ("business-rule", "other-participant", "/assessment/reference")
    ]


@pytest.mark.parametrize("status", ["tentative", "active"])
def test_a_person_has_one_open_plan(status):
    other = a_plan(id="other", status=status)

    assert details(a_plan(), other) == [("duplicate", "open-plan", "/participant/reference")]
    assert details(a_plan(status="active"), other, former=a_plan()) == []


@pytest.mark.parametrize("status", ["completed", "discontinued"])
def test_who_comes_back_gets_a_new_plan(status):
    assert details(a_plan(), a_plan(id="other", status=status)) == []


def test_of_two_plans_at_once_only_one_comes_through():
    alone = WORKFLOW.alone(a_move(a_plan()), RuleFacts())

    assert alone == [
        ("ParticipantSuccessPlan", (("participant", ELVIS), ("status", "tentative,active")))
    ]
    assert WORKFLOW.alone(a_move(a_plan(), a_plan()), RuleFacts()) == []


def test_an_active_plan_is_completed_when_the_goals_employment_is_recorded():
    found = after_profile(a_plan(status="active"), a_profile(workHistory=[a_job()]))

    assert found["status"] == "completed"


@pytest.mark.parametrize("job", [
    pytest.param({"onetSoc": "49-3031"}, id="another occupation"),
    pytest.param({"endDate": "2026-02-20"}, id="a job that ended"),
    pytest.param({"startDate": "2024-12-31"}, id="a job from before the plan"),
    pytest.param({"startDate": "2026-04-01"}, id="a job to come"),
])  # fmt: skip
def test_other_jobs_leave_the_plan_active(job):
    person = a_profile(workHistory=[a_job(**job)])

    assert after_profile(a_plan(status="active"), person) is None


@pytest.mark.parametrize("status", ["0", "2", "3"])
def test_who_is_not_employed_has_not_reached_the_goal(status):
    person = a_profile(workHistory=[a_job()], employmentStatus=status)

    assert after_profile(a_plan(status="active"), person) is None


def test_a_tentative_plan_is_not_completed_by_itself():
    plan = a_plan()

    assert after_profile(plan, a_profile(workHistory=[a_job()])) is None


def test_a_subsidized_job_does_not_reach_the_goal_until_it_ends():
    plan, person = a_plan(status="active"), a_profile(workHistory=[a_job()])
    under_way = an_enrollment("transitional-job")
    ended = under_way | {"status": "completed"}

    assert after_profile(plan, person, under_way) is None
    move = Move(reference(ended), under_way, ended, MDES)
    effects = links.after_enrollment(move, RuleFacts(plan, person, ended))
    assert [each.body["status"] for each in effects] == ["completed"]


def test_a_plan_is_not_completed_by_hand_before_the_goal_is_reached():
    former, done = a_plan(status="active", startedOn="2026-01-05"), a_plan(status="completed")
    done["startedOn"] = "2026-01-05"

    refused = details(done, a_profile(), former=former)
    allowed = details(done, a_profile(workHistory=[a_job()]), former=former)

    assert refused == [("business-rule", "goal-not-reached", "/status")]
    assert allowed == []
    assert details(done | {"status": "discontinued"}, a_profile(), former=former) == []


def test_an_education_level_that_changes_leads_to_another_pathway():
    found = after_profile(a_plan(pathway="smart-start"), a_profile(educationLevel="2"))

    assert (found["pathway"], found["status"]) == ("training", "tentative")


@pytest.mark.parametrize("status", ["completed", "discontinued"])
def test_a_closed_plan_follows_nothing(status):
    plan = a_plan(status=status, pathway="smart-start")

    assert after_profile(plan, a_profile(educationLevel="2")) is None


def test_a_profile_that_stays_the_same_in_these_elements_is_not_followed():
    person, plan = a_profile(educationLevel="2"), a_plan(pathway="smart-start")
    move = Move(ELVIS, person, person | {"middleName": "Aaron"}, MDES)

    assert not links.after_profile(move, RuleFacts(plan, person))
