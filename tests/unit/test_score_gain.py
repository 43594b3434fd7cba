"""Measurable skill gain: a post-test above its pre-test dates PIRL 1806 of the AEFLA enrollment."""

import pytest

from rule_facts import RuleFacts
from rule_rows import a_score, an_enrollment, at, name_of, write

CLASS = "ParticipantServiceEnrollment/class"
POST = {"id": "s2", "testType": "post", "administeredOn": "2026-02-20"}


def a_class(**changes):
    partner = at("Partner/mccb-adult-education")
    return an_enrollment("class", "abe-instruction", "title2-aefla", partner=partner, **changes)


def gained(*scores, enrollment=None):
    facts = RuleFacts(enrollment or a_class())
    for each in scores:
        write(each, facts)
    return facts.row(CLASS).get("educationProgress", {}).get("msgEfl")


def test_a_higher_level_at_the_post_test_is_a_gain_on_its_day():
    assert gained(a_score(score=480), a_score(**POST, score=520)) == "2026-02-20"


@pytest.mark.parametrize(
    "post",
    [
        pytest.param({"score": 490}, id="the same level"),
        pytest.param({"score": 400}, id="a lower level"),
        pytest.param({"score": 560, "level": "E"}, id="out of range"),
        pytest.param({"score": 520, "functionalArea": "language"}, id="another area"),
        pytest.param({"score": 520, "testType": "locator"}, id="no post-test"),
        pytest.param({"score": 520, "status": "entered-in-error"}, id="entered in error"),
        pytest.param({"score": 230, "assessment": at("Assessment/casas-goals")}, id="another test"),
        pytest.param({"score": 520, "partner": at("Partner/mdrs-vr")}, id="rehabilitation's own"),
        pytest.param({"score": 520, "administeredOn": "2026-01-01"}, id="before the pre-test"),
    ],
)
def test_no_gain(post):
    assert gained(a_score(score=480), a_score(**{**POST, **post})) is None


def test_a_score_out_of_range_gives_no_gain_to_the_next_one_either():
    assert gained(a_score(score=480, level="A"), a_score(**POST, score=620)) is None


def test_the_gain_is_measured_from_the_pre_test_that_is_named():
    first = a_score("s0", score=480, administeredOn="2026-01-06")
    second = a_score("s1", score=520, administeredOn="2026-02-02")
    post = a_score(**POST, score=525)

    assert gained(first, second, post) is None
    assert gained(first, second, post | {"comparedWith": at("ParticipantScore/s0")}) is not None


def test_the_most_recent_gain_counts_and_a_later_day_that_the_partner_says_stays():
    later = a_class(educationProgress={"msgEfl": "2026-02-25", "secondary": "1"})

    assert gained(a_score(score=480), a_score(**POST, score=520), enrollment=later) == "2026-02-25"


def test_a_gain_that_was_entered_in_error_is_taken_back():
    post = a_score(**POST, score=520)

    assert gained(a_score(score=480), post, post | {"status": "entered-in-error"}) is None


def test_a_gain_goes_when_both_of_its_scores_are_taken_back_in_one_commit():
    facts, scores = RuleFacts(a_class()), (a_score(score=480), a_score(**POST, score=520))
    for each in scores:
        write(each, facts)
    gone = [facts.row(name_of(each)) | {"status": "entered-in-error"} for each in scores]
    formers = [facts.row(name_of(each)) for each in scores]
    for each in gone:
        facts.add(name_of(each), each)

    for each, former in zip(gone, formers, strict=True):
        write(each, facts, former)

    assert "educationProgress" not in facts.row(CLASS)


def test_the_gain_goes_with_its_pre_test():
    pre = a_score(score=480)
    wrong = pre | {"status": "entered-in-error"}

    assert gained(pre, a_score(**POST, score=520), wrong) is None


def test_a_class_that_ended_long_ago_has_no_part_in_the_gain():
    old = a_class(endDate="2025-06-12", enrollmentDate="2025-03-10")

    assert gained(a_score(score=480), a_score(**POST, score=520), enrollment=old) is None


def test_a_class_that_is_entered_later_does_not_hide_the_gain_of_the_one_before():
    facts = RuleFacts(a_class())
    for each in (a_score(score=480), a_score(**POST, score=520)):
        write(each, facts)

    later = write(a_class(enrollmentDate="2026-03-01") | {"id": "next"}, facts)

    assert "educationProgress" not in later
    assert facts.row(CLASS)["educationProgress"] == {"msgEfl": "2026-02-20"}
