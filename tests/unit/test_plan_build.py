"""The plan that the hub proposes: every section, in the order of the builder."""

import json
from datetime import date

import pytest

from app import seed
from app.rules.plans.build import Wish, built, short_term
from app.rules.plans.challenges import challenges
from app.rules.plans.schedule import later
from app.rules.plans.success_plan import WORKFLOW
from app.rules.workflow import Actor, Move
from decisions import types
from plans import PLAN, a_credential, a_profile, at
from rule_facts import RuleFacts, lookups

ADULTS = "Partner/mccb-adult-education"
ASSESSMENT = {
    "resourceType": "ParticipantServiceAssessment",
    "id": "answers",
    "partner": at(ADULTS),
    "questionnaireVersion": "1",
    "hasHighSchoolCredential": "no",
    "hasFunctionalDifficulty": "yes",
    "isCaretakerOfDeprivedChild": "no",
    "needsFoodAssistance": "yes",
    "workingStatus": "no",
    "isDisconnectedYouth": "yes",
}
CDL = a_credential("cdl-a", "4")
SECTIONS = (
    "careerGoal", "shortTermEmployment", "schedule", "challenges", "transitionalEmployment",
)  # fmt: skip
ELEMENTS = {
    "onet-soc": "onetSoc", "remedies-barriers": "remediesBarriers", "programs": "programs",
    "partner-type": "partnerType", "status": "status",
}  # fmt: skip


class Searched(RuleFacts):
    """The facts of rules that search the lookups."""

    def matches(self, criteria):
        kind, pairs = criteria
        return [
            each
            for each in lookups().values()
            if each["resourceType"] == kind and all(meets(each, *pair) for pair in pairs)
        ]


def meets(row, name, wanted):
    values = row.get(ELEMENTS[name], [])
    values = values if isinstance(values, list) else [values]
    found = {each["reference"] if isinstance(each, dict) else each for each in values}
    return not found.isdisjoint(wanted.split(","))


def a_built(person=None, *rows, onet_soc="53-3032", assessment=ASSESSMENT, **wish):
    person = person or a_profile()
    chosen = {"editor": "Partner/mdes-mississippi-works", **wish}
    return built(Wish(person, onet_soc, assessment, **chosen), Searched(person, *rows))


def services(plan):
    return [each["service"]["reference"].partition("/")[2] for each in plan["schedule"]]


def barriers(person=None, assessment=ASSESSMENT):
    found = challenges(person or a_profile(), assessment, [], Searched())
    return {each["barrier"]: each for each in found}


def test_the_sections_come_in_the_order_of_the_builder():
    plan = a_built(salary=52000)

    assert [name for name in plan if name in SECTIONS] == list(SECTIONS)
    assert plan["status"] == "tentative"
    assert plan["careerGoal"] == {
        "onetSoc": "53-3032",
        "title": "Heavy and Tractor-Trailer Truck Drivers",
        "desiredAnnualSalary": 52000,
        "chosenOn": "2026-03-02",
    }
    assert plan["assessment"] == at("ParticipantServiceAssessment/answers")


@pytest.mark.parametrize("goal", ["53-3032", "49-3031.00", "37-2012", "29-1141", "11-1011"])
@pytest.mark.parametrize("level", "01357")
@pytest.mark.parametrize("assessment", [ASSESSMENT, {}], ids=["answered", "unasked"])
def test_what_is_built_is_valid_and_would_be_accepted_as_it_is(goal, level, assessment):
    person = a_profile(educationLevel=level)

    plan = a_built(person, onet_soc=goal, assessment=assessment)

    kind = types()["ParticipantSuccessPlan"]
    assert kind.faults(plan) == []
    named = {str(key) for key, _ in kind.referred(plan)}
    assert named <= {*lookups(), "ParticipantProfile/elvis", "ParticipantServiceAssessment/answers"}
    move, facts = Move(PLAN, None, plan, Actor()), Searched(person)
    stored = WORKFLOW.complete(move, facts)
    assert stored["pathway"] == plan["pathway"]
    assert WORKFLOW.faults(Move(PLAN, None, stored, Actor()), facts) == []


def test_without_a_diploma_the_way_is_class_then_training_then_a_job():
    plan = a_built()

    assert plan["pathway"] == "smart-start"
    assert services(plan) == ["smart-start-class", "ost-cdl-a", "job-search-placement"]
    first, training, search = plan["schedule"]
    assert first["expectedCredential"] == at("Credential/hse-diploma")
    assert training["expectedCredential"] == at("Credential/cdl-a")
    assert training["provider"] == at("Partner/cc-hinds")
    assert search["provider"] == at("Partner/mdes-mississippi-works")
    assert [(each["plannedStart"], each["plannedEnd"]) for each in plan["schedule"]] == [
        ("2026-03-02", "2026-09-02"),
        ("2026-09-02", "2026-11-02"),
        ("2026-11-02", "2027-02-02"),
    ]


@pytest.mark.parametrize(("person", "rows", "way"), [
    (a_profile(educationLevel="1"), [], ["ost-cdl-a", "job-search-placement"]),
    (a_profile(), [a_credential()], ["ost-cdl-a", "job-search-placement"]),
    (a_profile(), [CDL], ["smart-start-class", "job-search-placement"]),
    (a_profile(educationLevel="2"), [CDL], ["job-search-placement"]),
])  # fmt: skip
def test_what_is_held_already_is_not_planned(person, rows, way):
    assert services(a_built(person, *rows)) == way


def test_an_occupation_without_a_linked_program_is_trained_for_in_general():
    plan = a_built(a_profile(educationLevel="1"), onet_soc="29-1141")

    assert services(plan) == ["training-occupational-skills", "job-search-placement"]
    assert "expectedCredential" not in plan["schedule"][0]


def test_the_college_of_the_persons_county_gives_the_class_else_one_of_the_area():
    near = a_profile(address=[{"countyFips": "28133"}])
    area = a_profile(localWorkforceArea="twin-districts")

    providers = [a_built(each)["schedule"][0]["provider"] for each in (near, area)]

    assert providers == [at("Partner/cc-ms-delta"), at("Partner/cc-east-central")]


@pytest.mark.parametrize(("question", "answer", "barrier"), [
    ("hasHighSchoolCredential", "no", "no-high-school-credential"),
    ("hasFunctionalDifficulty", "yes", "disability"),
    ("isCaretakerOfDeprivedChild", "yes", "dependent-child-deprivation"),
    ("needsFoodAssistance", "yes", "food-insecurity"),
    ("workingStatus", "no", "needs-employment"),
    ("isDisconnectedYouth", "yes", "disconnected-youth"),
])  # fmt: skip
def test_barriers_filled_from_answers(question, answer, barrier):
    form = {"questionnaireVersion": "1"}
    found = barriers(assessment={**form, question: answer})

    assert [(each["barrier"], each["source"]) for each in found.values()] == [(barrier, "isa")]
    other = (
        "yes-needs-better" if question == "workingStatus" else {"no": "yes", "yes": "no"}[answer]
    )
    assert barriers(assessment={**form, question: other}) == {}


def test_barriers_of_the_profile_are_challenges_too():
    person = a_profile(
        longTermUnemployed="1",
        benefits={"exhaustingTanf": "1", "snap": "1"},
        barriers={"lowIncome": "1", "singleParent": "0", "farmworker": "3"},
    )

    found = barriers(person, {})

    assert {(each["barrier"], each["source"]) for each in found.values()} == {
        ("long-term-unemployed", "staff"), ("exhausting-tanf", "staff"), ("low-income", "staff"),
        ("migrant-seasonal-farmworker", "staff"),
    }  # fmt: skip


def test_what_few_may_know_of_a_person_is_not_put_into_a_plan_for_all():
    person = a_profile(
        barriers={"homeless": "1", "exOffender": "1"}, fosterCare="1", disability="1"
    )

    assert barriers(person, {}) == {}


def test_each_challenge_has_a_remedy_where_a_service_is_meant_for_it():
    found = barriers()

    assert found["food-insecurity"]["remedyService"] == at("Service/snap-benefit")
    assert found["no-high-school-credential"]["remedyService"] == at("Service/abe-instruction")
    assert "remedyService" not in found["needs-employment"]
    assert {each["status"] for each in found.values()} == {"open"}


def test_a_remedy_that_is_planned_anyway_goes_first():
    found = {each["barrier"]: each for each in a_built()["challenges"]}

    assert found["no-high-school-credential"]["remedyService"] == at("Service/smart-start-class")


def test_vocational_rehabilitation_is_proposed_in_no_plan():
    plan = a_built()

    assert barriers()["disability"]["remedyService"] == at(
        "Service/support-reasonable-accommodation"
    )
    assert not [word for word in ("Service/vr-", "mdrs", "title4") if word in json.dumps(plan)]


@pytest.mark.parametrize(("person", "answers", "expected"), [
    ({"employmentStatus": "1"}, {}, None),
    ({"employmentStatus": "0"}, {}, "other"),
    ({"employmentStatus": "0", "householdSize": 3}, {}, "support-household"),
    ({"employmentStatus": "0"}, {"workingStatus": "yes-meets-needs"}, None),
    ({"employmentStatus": "1"}, {"workingStatus": "no"}, "other"),
    ({"employmentStatus": "1"}, {"needsFoodAssistance": "yes"}, "support-household"),
    ({"employmentStatus": "1", "barriers": {"singleParent": "1"}}, {}, "support-household"),
    ({"employmentStatus": "1", "benefits": {"tanf": "1"}}, {}, "tanf-eligibility"),
    ({"employmentStatus": "0"}, {"isCaretakerOfDeprivedChild": "yes"}, "tanf-eligibility"),
])  # fmt: skip
def test_a_job_is_needed_now_without_one_or_for_tanf_or_the_household(person, answers, expected):
    found = short_term(person, answers)

    assert found == ({"needed": True, "reason": expected} if expected else {"needed": False})


def test_the_participant_marks_interest_in_transitional_employment():
    ways = a_built()["transitionalEmployment"]

    assert [each["strategy"] for each in ways] == [
        "ojt", "apprenticeship", "subsidized", "internship", "work-experience",
    ]  # fmt: skip
    assert not any(each["participantInterested"] for each in ways)


def test_a_plan_that_staff_ask_for_is_in_the_name_of_who_asked_the_questions():
    named = [a_built(assessment=each, editor=None)["lastEditedBy"] for each in (ASSESSMENT, {})]

    assert named == [at(ADULTS), at("Partner/mdes-mississippi-works")]


@pytest.mark.parametrize(("begin", "months", "end"), [
    ("2026-01-31", 1, "2026-02-28"), ("2026-11-30", 3, "2027-02-28"),
    ("2026-12-15", 0, "2026-12-15"),
    ("2027-12-31", 2, "2028-02-29"), ("2026-12-01", 12, "2027-12-01"),
])  # fmt: skip
def test_months_later_is_the_same_day_or_the_last_of_its_month(begin, months, end):
    assert later(date.fromisoformat(begin), months) == date.fromisoformat(end)


def test_the_rows_that_a_plan_names_by_id_are_seeded():
    rows = {str(key) for key in seed.rows("lookups")}

    assert {
        "Service/smart-start-class", "Service/training-occupational-skills",
        "Service/job-search-placement", "Credential/hse-diploma", "Program/title2-aefla",
        "Program/title3-wagner-peyser",
    } <= rows  # fmt: skip
