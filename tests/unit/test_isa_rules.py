"""Which cards six answers give, against a table of their own: domain rules ISA-R1 to ISA-R6."""

from itertools import product

import pytest

from app.reference import load
from app.rules.assessments.proposals import open_programs, proposed
from app.rules.assessments.questionnaire import latest, published
from app.rules.workflow import Actor
from builders import an_example
from rule_facts import RuleFacts

MDES, MDRS, MCCB = "Agency/mdes", "Agency/mdrs", "Agency/mccb"
PERSON = "ParticipantProfile/01920000-0000-7000-8000-000000000002"
KEYS = (
    "hasHighSchoolCredential", "hasFunctionalDifficulty", "isCaretakerOfDeprivedChild",
    "needsFoodAssistance", "workingStatus", "isDisconnectedYouth",
)  # fmt: skip
CALM = dict(zip(KEYS, ("yes", "no", "no", "no", "yes-meets-needs", "no"), strict=True))
"""Answers that propose nothing."""
YES_NO = ("yes", "no")
WORKING = ("no", "yes-needs-better", "yes-meets-needs")
ALL = [
    dict(zip(KEYS, each, strict=True))
    for each in product(YES_NO, YES_NO, YES_NO, YES_NO, WORKING, YES_NO)
]
ABE = ("adult-basic-education", "mccb", ["title2-aefla"], ["ISA-R1"])
VR = ("vocational-rehabilitation", "mdrs", ["title4-vr"], ["ISA-R2"])
TANF = ("human-services", "mdhs", ["tanf"], ["ISA-R3"])
SNAP = ("human-services", "mdhs", ["snap"], ["ISA-R4"])
BOTH = ("human-services", "mdhs", ["snap", "tanf"], ["ISA-R3", "ISA-R4"])
YOUTH = ("youth-services", "mdes", ["title1-youth"], ["ISA-R6"])
WORK = ("workforce", "mdes", ["title3-wagner-peyser"], ["ISA-R5"])
HUMAN_SERVICES = {"yes yes": [BOTH], "yes no": [TANF], "no yes": [SNAP], "no no": []}
"""Questions 3 and 4 → the card."""


def cards(answers, source=MDES, already=()):
    """Return the cards in words: name, agency, programs, rules."""
    found = proposed(latest(load()), answers, source, already)
    for each in found:
        yield (
            each.card.name,
            each.agency.removeprefix("Agency/"),
            [name.removeprefix("Program/") for name in each.programs],
            [*each.rule_ids],
        )


def expected(answers, source):
    """Return what the domain's table says, card by card."""
    q1, q2, q3, q4, q5, q6 = (answers[key] for key in KEYS)
    return [
        *([ABE] if q1 == "no" else []),
        *([VR] if q2 == "yes" else []),
        *HUMAN_SERVICES[f"{q3} {q4}"],
        *([YOUTH] if q6 == "yes" else []),
        *([WORK] if q5 != "yes-meets-needs" and source != MDES else []),
    ]


@pytest.mark.parametrize("source", [MDES, MDRS])
def test_all_96_answer_sets_give_the_cards_of_the_table(source):
    assert len(ALL) == 96

    wrong = [each for each in ALL if [*cards(each, source)] != expected(each, source)]

    assert wrong == []


def test_isa_r1_no_diploma_proposes_adult_basic_education():
    assert [*cards(CALM | {"hasHighSchoolCredential": "no"})] == [ABE]


def test_isa_r2_a_functional_difficulty_proposes_vocational_rehabilitation():
    assert [*cards(CALM | {"hasFunctionalDifficulty": "yes"})] == [VR]


def test_isa_r3_a_caretaker_of_a_deprived_child_is_proposed_tanf():
    assert [*cards(CALM | {"isCaretakerOfDeprivedChild": "yes"})] == [TANF]


def test_isa_r4_need_of_food_proposes_snap():
    assert [*cards(CALM | {"needsFoodAssistance": "yes"})] == [SNAP]


@pytest.mark.parametrize("answer", ["no", "yes-needs-better"])
def test_isa_r5_who_needs_work_is_proposed_workforce_by_any_partner_but_mdes(answer):
    answers = CALM | {"workingStatus": answer}

    assert [*cards(answers, MCCB)] == [WORK]
    assert [*cards(answers, MDES)] == []


def test_isa_r5_a_job_that_meets_the_needs_proposes_nothing():
    assert [*cards(CALM, MCCB)] == []


def test_isa_r6_a_disconnected_youth_is_proposed_youth_services_by_mdes_too():
    assert [*cards(CALM | {"isDisconnectedYouth": "yes"}, MDES)] == [YOUTH]


@pytest.mark.parametrize(("q3", "q4", "card"), [
    ("no", "no", []), ("no", "yes", [SNAP]), ("yes", "no", [TANF]), ("yes", "yes", [BOTH]),
])  # fmt: skip
def test_human_services_are_one_card_whatever_programs_it_holds(q3, q4, card):
    answers = CALM | {"isCaretakerOfDeprivedChild": q3, "needsFoodAssistance": q4}

    assert [*cards(answers)] == card


def test_a_question_without_an_answer_gives_no_card():
    assert [*cards({}, MCCB)] == []
    assert [*cards({"needsFoodAssistance": "yes"}, MCCB)] == [SNAP]


EVERYTHING = dict(zip(KEYS, ("no", "yes", "yes", "yes", "no", "yes"), strict=True))


@pytest.mark.parametrize(("already", "left"), [
    ([], [ABE, VR, BOTH, YOUTH, WORK]),
    (["title2-aefla"], [VR, BOTH, YOUTH, WORK]),
    (["snap"], [ABE, VR, TANF, YOUTH, WORK]),
    (["tanf"], [ABE, VR, SNAP, YOUTH, WORK]),
    (["snap", "tanf"], [ABE, VR, YOUTH, WORK]),
])  # fmt: skip
def test_what_is_open_already_is_not_proposed_and_the_rest_of_its_card_stays(already, left):
    programs = [f"Program/{each}" for each in already]

    assert [*cards(EVERYTHING, MCCB, programs)] == left


PARTNERS = {"mdes": "mdes-mississippi-works", "mdrs": "mdrs-vr"}


def a_referral(program, status="requested", source="mdes"):
    names = {"snap": "mdhs", "title4-vr": "mdrs"}
    return an_example("Referral") | {
        "id": f"{program}-{status}",
        "participant": {"reference": PERSON},
        "sourceAgency": {"reference": f"Agency/{source}"},
        "sourcePartner": {"reference": f"Partner/{PARTNERS[source]}"},
        "targetAgency": {"reference": f"Agency/{names[program]}"},
        "targetPrograms": [{"reference": f"Program/{program}"}],
        "status": status,
    }


def an_enrollment(program, status="enrolled", partner="mdhs-eligibility"):
    return an_example("ParticipantServiceEnrollment") | {
        "id": f"{program}-{status}",
        "participant": {"reference": PERSON},
        "program": {"reference": f"Program/{program}"},
        "partner": {"reference": f"Partner/{partner}"},
        "status": status,
    }


@pytest.mark.parametrize(("row", "is_open"), [
    *((a_referral("snap", each), True)
      for each in ("requested", "received", "accepted", "in-progress", "on-hold")),
    *((a_referral("snap", each), False)
      for each in ("closed", "rejected", "cancelled", "entered-in-error")),
    (an_enrollment("snap"), True),
    *((an_enrollment("snap", each), False)
      for each in ("planned", "completed", "withdrawn", "cancelled", "entered-in-error")),
], ids=lambda each: each["status"] if isinstance(each, dict) else "")  # fmt: skip
def test_open_is_an_open_referral_or_an_active_enrollment(row, is_open):
    found = open_programs(PERSON, Actor("Partner/x", MDES), RuleFacts(row))

    assert found == ({"Program/snap"} if is_open else set())


@pytest.mark.parametrize(("row", "source", "is_told"), [
    pytest.param(a_referral("title4-vr"), MDES, True, id="own referral"),
    pytest.param(a_referral("title4-vr"), MCCB, False, id="referral of another agency"),
    pytest.param(a_referral("title4-vr"), MDRS, True, id="to the guard itself"),
    pytest.param(an_enrollment("title4-vr", partner="mdrs-vr"), MDES, False, id="enrollment"),
    pytest.param(an_enrollment("title4-vr", partner="mdrs-vr"), MDRS, True, id="of the guard"),
    pytest.param(a_referral("title4-vr"), None, True, id="to staff"),
])  # fmt: skip
def test_a_card_left_out_never_tells_that_a_person_is_known_to_vocational_rehabilitation(
    row, source, is_told
):
    found = open_programs(PERSON, Actor("Partner/x", source), RuleFacts(row))

    assert ("Program/title4-vr" in found) is is_told


@pytest.mark.parametrize(("source", "is_told"), [
    (MDES, False), (MDRS, True), ("Agency/mdhs", True), (None, True),
])  # fmt: skip
def test_what_vocational_rehabilitation_asked_of_others_is_theirs_to_know(source, is_told):
    row = a_referral("snap", source="mdrs")

    found = open_programs(PERSON, Actor("Partner/x", source), RuleFacts(row))

    assert ("Program/snap" in found) is is_told


@pytest.mark.parametrize(("answers", "barriers"), [
    ({"hasHighSchoolCredential": "no"}, ["no-high-school-credential"]),
    ({"hasFunctionalDifficulty": "yes"}, ["disability"]),
    ({"isCaretakerOfDeprivedChild": "yes"}, ["dependent-child-deprivation"]),
    ({"needsFoodAssistance": "yes"}, ["food-insecurity"]),
    ({"workingStatus": "no"}, ["needs-employment"]),
    ({"workingStatus": "yes-needs-better"}, []),
    ({"isDisconnectedYouth": "yes"}, ["disconnected-youth"]),
    ({}, []),
])  # fmt: skip
def test_barriers_come_from_answers(answers, barriers):
    assert latest(load()).barriers_of(CALM | answers) == barriers


def test_the_published_barriers_are_those_that_the_code_list_takes_from_a_question():
    listed = {
        each["fromIsaQuestion"]: each["code"]
        for each in load().documents["barriers"]
        if each["fromIsaQuestion"]
    }
    questionnaire = latest(load())
    links = {each.key: each.link_id for each in questionnaire.questions}

    found = {links[when[0][0]]: barrier for barrier, when in questionnaire.barriers}

    assert found == listed


def test_every_rule_has_a_card_that_is_published():
    for version, questionnaire in published(load()).items():
        assert questionnaire.version == version
        assert {each.card for each in questionnaire.rules} == {
            each.name for each in questionnaire.cards
        }
        assert [each.key for each in questionnaire.questions] == [*KEYS]
