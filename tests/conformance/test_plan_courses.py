"""How a plan goes on: a good and a bad story of each habit."""

from dataclasses import replace

import pytest

from conformance.evaluators import verdict
from conformance.reading.plan_writes import LEAD, REASON, REPLACES, RESTS_ON
from evidence import by, during, get, met, post, seen, sent
from plan_stories import (
    CLASS,
    DIESEL,
    FIRST,
    JOINED,
    OLD,
    ONE,
    OURS,
    TRUCKS,
    TWO,
    US,
    WORLD,
    a_plan,
    began,
    begins,
    reads,
    row,
    word,
    writes,
)


def replaced(goal=DIESEL, reason="goal-changed", link=ONE):
    marks = [(REASON, reason)] if reason else []
    closed = a_plan(1, 3, CLASS, OURS, status="discontinued", marks=marks)
    new = a_plan(2, 0, CLASS, OURS, goal=goal, marks=[(REPLACES, link)] if link else [])
    return *began(), reads(FIRST), writes(FIRST, JOINED), writes(JOINED, closed), begins(new)


@pytest.mark.parametrize(("requirement", "goal"), [("L4-04", DIESEL), ("L4-10", TRUCKS)])
def test_a_plan_goes_on_in_one_that_names_it(requirement, goal):
    assert word(requirement, *replaced(goal)) == "PASS"
    assert word(requirement, *replaced(goal, link="")) == "FAIL"
    assert word(requirement, *replaced(goal, reason="")) == "FAIL"
    assert word(requirement, *replaced(goal, link=TWO)) == "FAIL"


def test_a_plan_that_the_hub_did_not_close_is_not_closed():
    *story, close, new = replaced()

    assert word("L4-04", *story, replace(close, status=422), new) == "FAIL"
    assert word("L4-04", *story, replace(close, status=503), close, new) == "PASS"


def test_a_goal_that_is_written_over_the_old_one_is_seen():
    over = a_plan(1, 2, CLASS, goal=DIESEL)

    assert word("L4-04", began(), reads(FIRST), writes(FIRST, over)) == "FAIL"


def test_a_closed_plan_is_not_written_again():
    closed = a_plan(1, 3, CLASS, OURS, status="discontinued", marks=[(REASON, "exited")])
    again = writes(closed, closed | {"status": "active"}, 422)

    assert word("L4-10", *replaced(TRUCKS), again) == "FAIL"


def linking(record, person="new"):
    """Return a plan that rests on a record before and after the person's records were merged."""
    row = {"resourceType": "ParticipantScore", "id": "s1"}
    merge = by("staff", post(f"{OLD}/$merge", {}, 200, {}))
    linked = a_plan(1, 2, CLASS, OURS, marks=[(LEAD, US), (RESTS_ON, "ParticipantScore/s1")])
    new = a_plan(2, 0, CLASS, marks=[(RESTS_ON, record)])
    new["participant"] = {"reference": f"ParticipantProfile/{person}"}
    known = get(OLD, {"resourceType": "ParticipantProfile", "id": "p"})
    alive = get(OLD, {"resourceType": "ParticipantProfile", "id": "new"})
    bundle = {"entry": [{"resource": row}]}
    found = sent("POST", "ParticipantScore/_search", {}, 200, bundle)
    yield from (*began(), reads(FIRST), found, known, writes(FIRST, linked))
    yield from (*merge, alive, begins(new))


def test_what_a_plan_names_is_there():
    assert word("L4-05", linking("ParticipantScore/s1")) == "PASS"


@pytest.mark.parametrize(
    ("record", "person"),
    [
        pytest.param("ParticipantScore/4711", "new", id="a number of its own database"),
        pytest.param("ParticipantScore/s1", "old", id="the record that was merged away"),
    ],
)
def test_what_a_plan_names_but_nobody_has_is_seen(record, person):
    assert word("L4-05", linking(record, person)) == "FAIL"


@pytest.mark.parametrize(("day", "found"), [("2027-03-09", "PASS"), ("2027-02-01", "FAIL")])
def test_the_day_of_the_other_agency_comes_back(day, found):
    after = a_plan(1, 2, CLASS, row("ours-1", plannedStart=day), marks=[(LEAD, US)])
    outage = during("outage", met("F13", get("$changes", status=503)))
    follow = during("follow", reads(FIRST), writes(FIRST, after))

    assert word("L4-06", began(), outage, follow) == found


def told(*later):
    done = a_plan(1, 3, CLASS, OURS | {"status": "completed"}, marks=[(LEAD, US)])
    yield from (*began(), reads(FIRST), writes(FIRST, JOINED))
    yield from during("thrice", met("F11", get("$changes")), reads(JOINED), writes(JOINED, done))
    yield from during("thrice", *later)
    yield from during("late", met("F12", get("$changes")))


def test_an_event_that_is_told_three_times_completes_an_entry_once():
    assert word("L4-09", told()) == "PASS"


def test_a_feed_that_was_refused_told_nothing():
    refused = [replace(each, status=401) if each.fault == "F11" else each for each in told()]

    assert word("L4-09", *refused) == "NOT-EXERCISED"


@pytest.mark.parametrize(
    "status",
    [
        pytest.param("completed", id="said again"),
        pytest.param("planned", id="taken back by an older version"),
    ],
)
def test_a_completion_that_is_written_again_is_seen(status):
    done = a_plan(1, 3, CLASS, OURS | {"status": "completed"}, marks=[(LEAD, US)])
    again = a_plan(1, 4, CLASS, OURS | {"status": status}, marks=[(LEAD, US)])

    assert word("L4-09", told(writes(done, again))) == "FAIL"


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        pytest.param([CLASS], "PASS", id="all there"),
        pytest.param([], "FAIL", id="lost"),
        pytest.param([row("class-1", "dropped")], "FAIL", id="altered"),
        pytest.param([CLASS, CLASS], "FAIL", id="doubled"),
    ],
)
def test_facts_are_counted_at_the_end(rows, found):
    busy = met("F3", writes(FIRST, JOINED, 503))
    end = during("last", *by("staff", reads(a_plan(1, 9, *rows))))

    story = verdict("L4-11", seen(began(), reads(FIRST), busy, end), WORLD)

    assert story.word == found
