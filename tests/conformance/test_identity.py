"""Who it is (L1-06 to L1-11): a good story of each requirement, and the bad ones."""

from dataclasses import replace
from pathlib import Path

import pytest

from conformance.evaluators import verdict
from conformance.scenario.identity import (
    CHOOSE,
    CORRECT,
    COUNTY,
    CUT,
    KNOWN,
    LATE,
    LOST,
    NEAR,
    REFUSED,
    WRONG_COUNTY,
)
from evidence import a_profile, a_world, during, get, match, met, post, put, seen

PROFILE = "ParticipantProfile"
WORLD = a_world(
    profiles={"twin": f"{PROFILE}/t1", "near1": f"{PROFILE}/n1", "near2": f"{PROFILE}/n2"}
)
NUMBER = {"partnerIdentifiers": [{"partner": {"reference": "Partner/p"}, "value": "CT-1"}]}
KEY = {"idempotency_key": "k1"}
BUSY = 503


def word(requirement, *story):
    return verdict(requirement, seen(*story), WORLD).word


def looked(*ids):
    """Return a search for the person of `a_profile`."""
    return match(*ids, body={"parameter": [{"resource": a_profile()}]})


def created(id="p1", status=201, last_name="Applewhite", **headers):
    body = a_profile(lastName=last_name, **NUMBER)
    return post(PROFILE, body, status, a_profile(id, 1) if status == 201 else None, **headers)


def changed(id):
    return put(f"{PROFILE}/{id}", a_profile(id, 1), if_match='W/"1"', answer=a_profile(id, 2))


def lost_and_retried(*retries, keys=KEY):
    """Return creations that were done without an answer, and what was sent again."""
    story = []
    for step, fault, name, status in (
        (LOST, "F3", "Applewhite", BUSY),
        (CUT, "F4", "Lovelace", 201),
        (LATE, "F6", "Eastlake", 201),
    ):
        person = {"lastName": name}
        told = [replace(e, body=e.body | person) if e.path == PROFILE else e for e in retries]
        lost = created(status=status, last_name=name, **keys)
        story += during(step, met(fault, lost), *told)
    return story


def test_whoever_is_looked_for_first_may_be_created():
    assert word("L1-06", looked(), created()) == "PASS"


@pytest.mark.parametrize(
    "story",
    [
        pytest.param([created()], id="no search"),
        pytest.param([created(), looked()], id="a search too late"),
        pytest.param([match(body={"lastName": "Other"}), created()], id="a search for another"),
        pytest.param([looked(), created(), post(PROFILE, a_profile(lastName="B", ssn="000120001",
                     birthDate="1990-01-02", pirlUniqueId="CF0000000002"))], id="one of two"),
    ],
)  # fmt: skip
def test_a_creation_without_a_search_for_the_person_fails(story):
    assert word("L1-06", story) == "FAIL"


def test_the_only_match_is_used():
    assert word("L1-07", during(KNOWN, match("t1"), changed("t1"))) == "PASS"


def test_a_second_record_of_the_match_fails_even_when_the_hub_refuses_it():
    story = during(KNOWN, match("t1"), created(status=409), changed("t1"))

    assert word("L1-07", story) == "FAIL"


@pytest.mark.parametrize(
    "story", [[], during(KNOWN, match("t1")), during(KNOWN, changed("t1"))], ids=range(3)
)
def test_a_match_that_is_not_seen_found_and_used_proves_nothing(story):
    assert word("L1-07", story) == "NOT-EXERCISED"


def test_staff_choose_between_several_matches():
    story = [during(NEAR, match("n1", "n2")), during(CHOOSE, match("n1", "n2"), changed("n2"))]

    assert word("L1-08", *story) == "PASS"


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(during(NEAR, match("n1", "n2"), changed("n2")), id="a guess, even the right"),
        pytest.param(during(NEAR, match("n1", "n2"), created()), id="a third record"),
        pytest.param([during(NEAR, match("n1", "n2")), during(CHOOSE, changed("n1"))], id="wrong"),
    ],
)
def test_choosing_without_staff_or_against_them_fails(story):
    assert word("L1-08", *story) == "FAIL"


def test_whatever_is_written_about_the_chosen_one_shows_the_choice():
    about = {"resourceType": "Referral", "participant": {"reference": f"{PROFILE}/n2"}}
    chosen = [during(NEAR, match("n1", "n2")), during(CHOOSE, get(f"{PROFILE}/n2"))]

    assert word("L1-08", *chosen, during("A2-refer", post("Referral", about))) == "PASS"
    assert word("L1-08", *chosen, during("A2-refer", post("Referral", about, 422))) == (
        "NOT-EXERCISED"
    )


def test_what_is_written_about_the_other_one_is_a_choice_against_staff():
    other = {"resourceType": "Referral", "participant": {"reference": f"{PROFILE}/n1"}}
    chosen = [during(NEAR, match("n1", "n2")), during(CHOOSE, post("Referral", other))]

    assert word("L1-08", *chosen, changed("n2")) == "FAIL"


def test_silence_between_two_matches_is_no_proof_without_the_decision():
    assert word("L1-08", during(NEAR, match("n1", "n2"))) == "NOT-EXERCISED"


def test_a_record_names_who_knows_the_person():
    assert word("L1-09", created()) == "PASS"
    assert word("L1-09", post(PROFILE, a_profile(), answer=a_profile("p1", 1))) == "FAIL"


def test_a_second_invalid_attempt_is_a_warning_and_no_valid_one_a_failure():
    wrong = created(status=422)

    assert word("L1-09", wrong, created()) == "PASS"
    assert word("L1-09", wrong, wrong, created()) == "WARN"
    assert word("L1-09", wrong, wrong) == "FAIL"


def test_a_creation_is_asked_for_again_under_its_key():
    assert word("L1-10", lost_and_retried(created(**KEY))) == "PASS"


def test_a_creation_may_be_asked_for_again_in_a_later_step():
    story = lost_and_retried(created(**KEY))
    later = [replace(each, step="A1-later") if not each.fault else each for each in story]

    assert word("L1-10", later) == "PASS"


def test_a_record_whose_answer_was_lost_may_be_found_again_instead():
    assert word("L1-10", lost_and_retried(looked("p1"))) == "PASS"


def test_a_late_answer_may_be_waited_for():
    story = lost_and_retried(created(**KEY))
    waited = [each for each in story if each.step != LATE or each.fault]

    assert word("L1-10", waited) == "PASS"
    assert word("L1-10", [each for each in waited if each.step != LATE]) == "NOT-EXERCISED"


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(lost_and_retried(created(idempotency_key="k2")), id="another key"),
        pytest.param(lost_and_retried(created(status=409)), id="no key"),
        pytest.param(lost_and_retried(created(**KEY), created("p2", **KEY)), id="two records"),
    ],
)
def test_a_retry_that_may_make_two_records_fails(story):
    assert word("L1-10", story) == "FAIL"


def test_a_creation_that_is_never_settled_proves_nothing():
    assert word("L1-10", lost_and_retried()) == "NOT-EXERCISED"
    assert word("L1-10", created(**KEY)) == "NOT-EXERCISED"


def at(county, status=201):
    body = a_profile(address=[{"countyFips": county}])
    return post(PROFILE, body, status, a_profile("p1", 1) if status == 201 else None)


def test_what_is_refused_for_good_is_corrected():
    refused = met("F8", at(WRONG_COUNTY, 422))

    assert word("L1-11", during(REFUSED, refused), during(CORRECT, at(COUNTY))) == "PASS"
    assert word("L1-11", during(REFUSED, refused, refused), during(CORRECT, at(COUNTY))) == "PASS"
    assert word("L1-11", during(REFUSED, refused)) == "NOT-EXERCISED"


def test_the_same_refused_body_again_and_again_fails():
    refused = met("F8", at(WRONG_COUNTY, 422))

    assert word("L1-11", during(REFUSED, *[refused] * 3), during(CORRECT, at(COUNTY))) == "FAIL"
    assert word("L1-11", during(REFUSED, refused, at(WRONG_COUNTY))) == "FAIL"


def test_what_was_refused_stays_the_same_whatever_else_is_new_in_it():
    def attempt(number):
        body = a_profile(address=[{"countyFips": WRONG_COUNTY}], note=f"try {number}")
        return met("F8", post(PROFILE, body, 422))

    story = [during(REFUSED, *map(attempt, range(3))), during(CORRECT, at(COUNTY))]

    assert word("L1-11", *story) == "FAIL"


def test_no_check_before_the_hub_finds_what_the_hub_refuses():
    """It is a county, in the state, and only staff know that it is the wrong one."""
    assert WRONG_COUNTY in counties()


def counties():
    rows = Path("app/data/reference/counties_ms.csv").read_text().splitlines()
    return {each.partition(",")[0] for each in rows}


def test_who_does_nothing_passes_nothing():
    ids = [f"L1-{number:02d}" for number in range(6, 12)]

    assert {word(each, get("metadata")) for each in ids} == {"NOT-EXERCISED"}
