"""Scores: exact, in the order of the tests, corrected in place; and who must be seen failing."""

import pytest

from conformance.evaluators import verdict
from conformance.scenario import leaving, scores, services
from conformance.scenario.figures import BASIC, INTERESTS, READING, figures
from evidence import a_world, during, get, met, post, put, seen

KIND = "ParticipantScore"
WORLD = a_world(profiles={"elvis": "ParticipantProfile/elvis"})
FACTS = figures(WORLD)


def a_score(id="", version=1, **changes):
    body = {
        "resourceType": KIND,
        "participant": {"reference": "ParticipantProfile/elvis"},
        "assessment": {"reference": READING},
        "functionalArea": "reading",
        "form": "B",
        "administeredOn": FACTS.post_on,
        "testType": "post",
        "score": 239,
    } | changes
    return body | ({"id": id, "meta": {"versionId": str(version)}} if id else {})


def made(step, id, code=201, **changes):
    answer = a_score(id, **changes) if code == 201 else None
    return during(step, post(KIND, a_score(**changes), code, answer))


def changed(step, id, version, **changes):
    body = a_score(id, version, **changes)
    return during(step, put(f"{KIND}/{id}", body, 200, body))


def told(id, *story):
    return verdict(id, seen(*story), WORLD).word


FIRST = made(scores.POST_TEST, "s1")
EARLIER = {"testType": "pre", "administeredOn": FACTS.pre_on, "score": 221}
PRE = made(scores.PRE_TEST, "s0", **EARLIER)
LINK = {"comparedWith": {"reference": f"{KIND}/s0"}}


def test_a_score_says_what_was_measured():
    assert told("L3-01", FIRST) == "PASS"
    assert told("L3-01", made(scores.POST_TEST, "s1", form=None)) == "FAIL"
    assert told("L3-01", made(scores.POST_TEST, "", 422), FIRST) == "FAIL"


@pytest.mark.parametrize(("zero", "fraction", "word"), [
    pytest.param(0, 7.5, "PASS", id="exact"),
    pytest.param(0, 8, "FAIL", id="rounded"),
    pytest.param(None, 7.5, "FAIL", id="zero is not missing"),
    pytest.param(0, "7.50", "FAIL", id="a text is no number"),
])  # fmt: skip
def test_numbers_stay_exact(zero, fraction, word):
    nothing = made(scores.ZERO, "s3", score=zero, assessment={"reference": INTERESTS})
    story = [FIRST, nothing, made(scores.UNKNOWN, "s4", score=fraction)]

    assert told("L3-02", *story) == word
    assert told("L3-02", FIRST) == "NOT-EXERCISED"


def test_numbers_that_the_hub_refused_are_no_evidence():
    steps = {scores.POST_TEST: 239, scores.ZERO: 0, scores.UNKNOWN: 7.5}
    refused = [made(step, "", 422, score=number) for step, number in steps.items()]
    rounded = made(scores.UNKNOWN, "", 422, score=8)

    assert told("L3-02", *refused) == "NOT-EXERCISED"
    assert told("L3-02", *refused[:2], rounded) == "FAIL"


def test_the_day_of_the_test_decides_what_is_compared():
    linked = changed(scores.PRE_TEST, "s1", 2, **LINK)
    turned = made(scores.POST_TEST, "s1", testType="pre")

    assert told("L3-03", FIRST, PRE, linked) == "PASS"
    assert told("L3-03", FIRST, PRE) == "FAIL"
    assert told("L3-03", turned, PRE) == "FAIL"
    assert told("L3-03", FIRST) == "NOT-EXERCISED"


def test_a_retest_is_new_and_a_correction_is_not():
    later = {"administeredOn": FACTS.retest_on, "score": 242}
    again = made(scores.RETEST, "s2", **later)
    right = changed(scores.CORRECT, "s2", 2, **later | {"score": 240})

    assert told("L3-04", FIRST, again, right) == "PASS"
    assert told("L3-04", FIRST, changed(scores.RETEST, "s1", 2, **later), right) == "FAIL"
    assert told("L3-04", FIRST, again, made(scores.CORRECT, "s5", **later)) == "FAIL"
    assert told("L3-04", FIRST, again) == "NOT-EXERCISED"


def test_a_test_that_nobody_knows_stays_what_it_is():
    own = {"assessment": {"reference": scores.instrument(WORLD)}}
    first = made(scores.UNKNOWN, "s4", **own)

    assert told("L3-05", first, changed(scores.UNKNOWN_CORRECT, "s4", 2, **own)) == "PASS"
    assert told("L3-05", first, changed(scores.UNKNOWN_CORRECT, "s4", 2)) == "FAIL"
    assert told("L3-05", first) == "NOT-EXERCISED"


def test_an_impossible_number_is_corrected_and_not_repeated():
    test = {"assessment": {"reference": BASIC}}
    wrong = made(scores.OUT_OF_RANGE, "", 422, score=850, **test)
    right = made(scores.IN_RANGE, "s6", score=580, **test)
    checked = during(scores.OUT_OF_RANGE, get(BASIC, {"resourceType": "Assessment"}))

    assert told("L3-06", wrong, wrong, right) == "PASS"
    assert told("L3-06", checked, right) == "PASS"
    assert told("L3-06", wrong, wrong, wrong, right) == "FAIL"
    assert told("L3-06", right) == "NOT-EXERCISED"


def test_a_refusal_ends_it():
    refused = [met("F17", each) for each in made(scores.CLOSED, "", 403)]
    alive = during(scores.CREDENTIAL, get("Credential/hse-diploma", {}))
    looked = during(scores.CLOSED, post(f"{KIND}/_search", None, 200, {}))

    assert told("L3-11", refused, alive) == "PASS"
    assert told("L3-11", refused, looked, alive) == "FAIL"
    assert told("L3-11", refused, made(scores.CLOSED_AGAIN, "s8"), alive) == "FAIL"
    assert told("L3-11", refused) == "NOT-EXERCISED"
    assert told("L3-11", alive) == "NOT-EXERCISED"


def test_a_late_score_belongs_to_the_time_of_the_test():
    enrollment = "ParticipantServiceEnrollment"
    periods = [
        during(step, post(enrollment, {}, 201, {"id": id}))
        for step, id in ((services.NEW_YEAR, "old"), (leaving.RETURN, "new"))
    ]

    def late(id):
        link = {"url": "https://x.example", "valueReference": {"reference": f"{enrollment}/{id}"}}
        return made(leaving.LATE, "s9", administeredOn=FACTS.late_on, extension=[link])

    reopened = during(leaving.LATE, put(f"{enrollment}/old", {}, 200, {}))
    assert told("L3-12", *periods, late("old")) == "PASS"
    assert told("L3-12", *periods, late("new")) == "FAIL"
    assert told("L3-12", *periods, late("old"), reopened) == "FAIL"
    assert told("L3-12", *periods) == "NOT-EXERCISED"


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 6, 11, 12])
def test_a_system_that_sends_no_score_passes_nothing(number):
    assert told(f"L3-{number:02d}") == "NOT-EXERCISED"
