"""A search by a form is a search: stories of who looks for people by POST _search."""

from dataclasses import replace

import pytest

from conformance.evaluators import verdict
from conformance.scenario.identity import CUT, LATE, LOST
from evidence import a_profile, a_world, during, match, met, post, seen

PROFILE = "ParticipantProfile"


def word(requirement, *story):
    return verdict(requirement, seen(*story), a_world()).word


def searched(form, *ids):
    """Return a search by a form, as the hub keeps it: each name with its values."""
    return replace(match(*ids, body=form), path=f"{PROFILE}/_search")


def created(**more):
    return post(PROFILE, a_profile(**more), answer=a_profile("p1", 1), idempotency_key="k1")


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"last-name": ["APPLEWHITE"]}, id="in capitals"),
        pytest.param({"first-name": ["aldric"], "birth-date": ["eq1984-02-29"]}, id="day of birth"),
        pytest.param({"ssn": ["666-12-0001"]}, id="a number with hyphens"),
    ],
)
def test_a_form_is_a_search_too(asked):
    assert word("L1-06", searched(asked), created(ssn="666120001")) == "PASS"


@pytest.mark.parametrize(
    "asked", [{"birth-date": ["1984-02-29"]}, {"first-name": ["Aldric"]}, {"status": ["active"]}]
)
def test_a_form_that_fits_many_people_is_no_search_for_one(asked):
    assert word("L1-06", searched(asked), created()) == "FAIL"


def test_a_record_whose_answer_was_lost_may_be_found_again_by_a_form():
    again = searched({"first-name": ["aldric"], "birth-date": ["1984-02-29"]}, "p1")
    faults = {LOST: "F3", CUT: "F4", LATE: "F6"}
    story = [during(step, met(fault, created()), again) for step, fault in faults.items()]

    assert word("L1-10", *story) == "PASS"
