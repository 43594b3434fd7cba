"""Steps 1 and 2 of the report card: the education held and the months to be ready."""

import pytest

from app.reference import load
from app.rules.careers.labour_market import labour_market
from app.rules.careers.preparation import functioning_level, held_level
from app.rules.careers.report_card import is_occupation, months_to_prepare

TRUCKER, MECHANIC, NURSE, FORKLIFT = "53-3032", "49-3031", "29-1141", "53-7051"
MACHINIST, IT_SUPPORT, MEDICAL_ASSISTANT = "51-4041", "15-1232", "31-9092"


def a_credential(name, kind="4", status="earned"):
    reference = {"reference": f"Credential/{name}"}
    return {"credential": reference, "credentialType": kind, "status": status}


def a_score(efl, area="reading", day="2026-01-10", **changes):
    found = {
        "functionalArea": area,
        "administeredOn": day,
        "efl": efl,
        "eflTrack": "ABE",
        "status": "final",
    }
    return {**found, **changes}


def months(soc, education="0", credentials=(), scores=()):
    return months_to_prepare({"educationLevel": education}, credentials, scores, soc, load())


@pytest.mark.parametrize(
    ("education", "credentials", "level"),
    [
        pytest.param("0", [], 0, id="nothing completed"),
        pytest.param("3", [], 0, id="a certificate of attendance is no diploma"),
        pytest.param("2", [], 1, id="an equivalency"),
        pytest.param("5", [], 3, id="a vocational certificate"),
        pytest.param("0", [a_credential("hse-diploma", "1")], 1, id="an equivalency on record"),
        pytest.param("5", [a_credential("hse-diploma", "1")], 3, id="it takes nothing away"),
        pytest.param("0", [a_credential("hse-diploma", "1", "revoked")], 0, id="a revoked one"),
        pytest.param("0", [a_credential("cdl-a")], 0, id="a license is no diploma"),
    ],
)
def test_report_card_step_1_held_is_the_level_of_education(education, credentials, level):
    profile = {"educationLevel": education}

    assert held_level(profile, credentials, labour_market(load())) == level


def test_report_card_step_1_required_is_the_entry_education_of_the_occupation():
    occupations = labour_market(load()).occupations

    assert [occupations[soc].level for soc in (FORKLIFT, MECHANIC, TRUCKER)] == [0, 1, 3]


@pytest.mark.parametrize(("efl", "more"), [(6, 1), (5, 2), (4, 4), (3, 6), (2, 9), (1, 12)])
def test_report_card_step_2_an_equivalency_takes_months_by_nrs_level(efl, more):
    assert months(MACHINIST, scores=[a_score(efl)]) == more


def test_report_card_step_2_an_equivalency_takes_six_months_at_an_unknown_level():
    assert months(MACHINIST) == 6


def test_report_card_step_2_no_equivalency_is_needed_where_none_is_required():
    assert months(FORKLIFT) == 0


def test_report_card_step_2_no_equivalency_is_needed_by_who_has_one():
    assert months(MACHINIST, education="2") == 0


def test_report_card_step_2_the_linked_program_adds_its_months():
    assert months(TRUCKER, education="2") == 2
    assert months(MECHANIC, education="1") == 12
    assert months(TRUCKER, scores=[a_score(4)]) == 4 + 2


def test_report_card_step_2_the_linked_program_adds_nothing_once_its_credential_is_held():
    assert months(TRUCKER, "2", [a_credential("cdl-a")]) == 0
    assert months(TRUCKER, "0", [a_credential("cdl-a")]) == 6


@pytest.mark.parametrize("status", ["expired", "revoked", "entered-in-error"])
def test_report_card_step_2_a_credential_that_is_not_earned_is_not_held(status):
    assert months(TRUCKER, "2", [a_credential("cdl-a", status=status)]) == 2


@pytest.mark.parametrize(
    ("soc", "education", "expected"),
    [
        pytest.param(IT_SUPPORT, "1", 6, id="some college from a diploma"),
        pytest.param(MEDICAL_ASSISTANT, "1", 9, id="a certificate from a diploma"),
        pytest.param(MEDICAL_ASSISTANT, "4", 9 - 6, id="credit for some college"),
        pytest.param(NURSE, "6", 48 - 24, id="credit for an associate degree"),
        pytest.param(NURSE, "7", 0, id="the level is held"),
        pytest.param(NURSE, "0", 6 + 48, id="an equivalency first"),
        pytest.param(MACHINIST, "8", 0, id="more than the level is held"),
    ],
)
def test_report_card_step_2_without_a_program_default_months_less_credit(soc, education, expected):
    assert months(soc, education) == expected


def test_report_card_step_2_training_after_hire_is_not_counted():
    assert labour_market(load()).occupations["49-9051"].on_the_job_training.startswith("Long")

    assert months("49-9051", "1") == 0


@pytest.mark.parametrize(
    ("scores", "level"),
    [
        pytest.param([], "unknown", id="no score"),
        pytest.param([a_score(4), a_score(5, day="2026-02-10")], "5", id="the latest"),
        pytest.param([a_score(5, day="2026-02-10"), a_score(4)], "5", id="in any order"),
        pytest.param([a_score(5), a_score(3, "mathematics")], "3", id="the lowest area"),
        pytest.param([a_score(5, status="entered-in-error")], "unknown", id="an error"),
        pytest.param([a_score(5, outOfRange=True)], "unknown", id="out of range"),
        pytest.param([a_score(6, eflTrack="ESL")], "unknown", id="the other ladder"),
        pytest.param([{"score": 11, "status": "final"}], "unknown", id="no level"),
    ],
)
def test_report_card_step_2_the_nrs_level_is_the_lowest_of_the_latest(scores, level):
    assert functioning_level(scores) == level


def test_an_onet_soc_code_counts_as_its_soc_code():
    assert months("53-3032.00", education="2") == months(TRUCKER, education="2")


@pytest.mark.parametrize(
    ("soc", "is_known"),
    [(TRUCKER, True), ("53-3032.00", True), ("53-9998", False), ("driver", False), ("", False)],
)
def test_an_occupation_is_known_by_its_code(soc, is_known):
    assert is_occupation(soc, load()) is is_known


def test_an_unknown_occupation_takes_no_months():
    assert months("53-9998") == 0
