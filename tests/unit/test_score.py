"""Scores: the functioning level is derived, what the test cannot yield is refused."""

import pytest

from rule_facts import RuleFacts
from rule_rows import a_score, at, completed, faults, warned

TASC = at("Assessment/tasc")


def shown(**changes):
    body = completed(a_score(**changes), RuleFacts()).body
    return body.get("efl"), body.get("outOfRange")


@pytest.mark.parametrize(
    ("area", "score", "efl"),
    [
        ("reading", 300, 1), ("reading", 441, 1), ("reading", 441.5, 1), ("reading", 442, 2),
        ("reading", 535, 3), ("reading", 536, 4), ("reading", 800, 6),
        ("mathematics", 595, 4), ("mathematics", 596, 5), ("language", 631, 6),
    ],
)  # fmt: skip
def test_the_functioning_level_is_derived_from_the_bands(area, score, efl):
    assert shown(functionalArea=area, score=score) == (efl, False)


def test_a_functioning_level_is_never_accepted_from_a_client_when_bands_exist():
    assert shown(score=480, efl=6, eflTrack="ESL", outOfRange=True) == (2, False)


def test_a_level_that_a_client_says_stands_where_the_test_has_no_bands():
    body = a_score(assessment=at("Assessment/best-plus"), functionalArea="oral", efl=3)

    assert completed(body, RuleFacts()).body["efl"] == 3


@pytest.mark.parametrize(
    ("level", "score", "expected"),
    [
        pytest.param("E", 520, (3, False), id="within"),
        pytest.param("E", 560, (3, True), id="TABE level E reports NRS 1 to 3 only"),
        pytest.param("A", 480, (None, True), id="below what level A can report"),
        pytest.param("A", 620, (6, False), id="the highest"),
    ],
)
def test_a_score_outside_the_range_of_its_level_sets_out_of_range(level, score, expected):
    assert shown(level=level, score=score) == expected


def test_the_track_is_that_of_the_test():
    assert completed(a_score(), RuleFacts()).body["eflTrack"] == "ABE"


@pytest.mark.parametrize(
    ("test", "area", "score", "passed"),
    [
        ("hiset", "mathematics", 8, True),
        ("hiset", "mathematics", 7, False),
        ("workkeys-applied-math", "applied-math", 3, True),
        ("accuplacer", "reading", 250, None),
    ],
)
def test_passing_is_derived_from_the_passing_score(test, area, score, passed):
    body = a_score(assessment=at(f"Assessment/{test}"), functionalArea=area, score=score)

    assert completed(body, RuleFacts()).body.get("passed") is passed


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"functionalArea": "oral"}, "/functionalArea"),
        ({"form": "13"}, "/form"),
        ({"level": "Z"}, "/level"),
    ],
)
def test_area_form_and_level_must_be_those_of_the_test(changes, pointer):
    assert faults(a_score(**changes), RuleFacts()) == [(pointer, "not-of-test")]


@pytest.mark.parametrize("score", [299, 801])
def test_a_score_that_the_test_cannot_yield_is_refused(score):
    assert faults(a_score(score=score), RuleFacts()) == [("/score", "score-range")]


@pytest.mark.parametrize(("day", "is_refused"), [("2026-03-02", False), ("2026-03-03", True)])
def test_a_test_is_never_taken_in_the_future(day, is_refused):
    found = faults(a_score(administeredOn=day), RuleFacts())

    assert found == ([("/administeredOn", "in-future")] if is_refused else [])


@pytest.mark.parametrize(("day", "is_refused"), [("2021-12-31", False), ("2022-01-01", True)])
def test_a_retired_test_keeps_the_scores_of_its_time_only(day, is_refused):
    body = a_score(assessment=TASC, administeredOn=day, score=510)

    assert bool(faults(body, RuleFacts())) is is_refused
    assert faults(body, RuleFacts(), former=body) == []


def test_a_test_retired_without_a_day_takes_no_new_scores():
    tasc = {**RuleFacts().row("Assessment/tasc")}
    del tasc["retiredDate"]
    body = a_score(assessment=TASC, administeredOn="2020-01-01", score=510)

    assert faults(body, RuleFacts(tasc)) == [("/administeredOn", "retired")]


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        pytest.param({}, None, id="an earlier pre-test"),
        pytest.param({"functionalArea": "language"}, "not-comparable", id="another area"),
        pytest.param({"administeredOn": "2026-02-20"}, "not-comparable", id="the same day"),
        pytest.param({"testType": "locator"}, "not-comparable", id="no pre-test"),
        pytest.param({"participant": at("ParticipantProfile/p2")}, "other-participant", id="other"),
    ],
)
def test_a_score_is_compared_with_an_earlier_pre_test_of_the_same_person_and_area(changes, detail):
    before = a_score("s0", **changes)
    after = a_score(
        testType="post", administeredOn="2026-02-20", comparedWith=at("ParticipantScore/s0")
    )

    found = faults(after, RuleFacts(before))

    assert found == ([("/comparedWith/reference", detail)] if detail else [])


def test_nothing_is_said_of_a_score_that_vocational_rehabilitation_keeps():
    hidden = a_score("s0", partner=at("Partner/mdrs-vr"), participant=at("ParticipantProfile/p2"))
    after = a_score(testType="post", comparedWith=at("ParticipantScore/s0"))

    assert faults(after, RuleFacts(hidden)) == []


def test_too_few_hours_before_a_post_test_and_the_same_form_are_warnings():
    tabe = {**RuleFacts().row("Assessment/tabe-11-12"), "postTestMinimumHours": 40}
    facts = RuleFacts(tabe, a_score("s0", form="11", administeredOn="2026-01-05"))
    after = a_score(testType="post", form="11", comparedWith=at("ParticipantScore/s0"))

    assert warned({**after, "instructionHours": 39.5}, facts) == ["too-few-hours", "same-form"]
    assert warned({**after, "instructionHours": 40, "form": "12"}, facts) == []
