"""Whose the plan is: a good and a bad story of each habit."""

from dataclasses import replace

import pytest

from conformance.reading.plan_writes import LEAD, SIGNED
from evidence import by, met, sent
from plan_stories import (
    CLASS,
    DIESEL,
    FIRST,
    JOINED,
    LAB,
    ONE,
    OURS,
    THEM,
    US,
    a_plan,
    began,
    begins,
    reads,
    row,
    word,
    writes,
)


@pytest.mark.parametrize("number", range(1, 12))
def test_a_system_that_does_nothing_passes_nothing(number):
    assert word(f"L4-{number:02d}", began()) == "NOT-EXERCISED"


def test_who_reads_the_plan_and_adds_to_it_joins():
    assert word("L4-01", began(), reads(FIRST), writes(FIRST, JOINED)) == "PASS"


def test_a_second_plan_is_seen_even_when_the_hub_refuses_it():
    story = began(), reads(FIRST), begins(a_plan(), status=409), writes(FIRST, JOINED)

    assert word("L4-01", *story) == "FAIL"


def test_writing_without_reading_is_no_joining():
    assert word("L4-01", began(), writes(FIRST, JOINED)) == "FAIL"


def test_a_plan_after_a_closed_one_is_no_second_plan():
    closed = a_plan(1, 3, CLASS, OURS, status="discontinued")
    story = began(), reads(FIRST), writes(FIRST, JOINED), writes(JOINED, closed), begins(a_plan())

    assert word("L4-01", *story) == "PASS"


def test_entries_of_others_go_back_as_they_were():
    assert word("L4-02", began(), reads(FIRST), writes(FIRST, JOINED)) == "PASS"


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([CLASS | {"sequence": 2}, OURS], id="a new number is a change"),
        pytest.param([OURS], id="left out is a change"),
    ],
)
def test_touching_an_entry_of_another_agency_is_seen(rows):
    changed = a_plan(1, 2, *rows, marks=[(LEAD, US)])

    assert word("L4-02", began(), reads(FIRST), writes(FIRST, changed, 412)) == "FAIL"


def at_once(*rows, is_read=True):
    theirs = a_plan(1, 2, CLASS, LAB)
    again = a_plan(1, 3, *rows)
    lab = by("college", writes(FIRST, theirs))
    yield from (*began(), reads(FIRST), *lab, met("F1", writes(FIRST, JOINED, 412)))
    yield from ([reads(theirs)] if is_read else []) + [writes(theirs, again)]


def test_after_412_both_entries_stand():
    assert word("L4-03", at_once(CLASS, LAB, OURS)) == "PASS"


def test_a_list_that_is_replaced_loses_the_other_entry():
    assert word("L4-03", at_once(CLASS, OURS)) == "FAIL"


def test_after_412_the_plan_is_read():
    assert word("L4-03", at_once(CLASS, LAB, OURS, is_read=False)) == "FAIL"


@pytest.mark.parametrize(
    ("again", "found"),
    [
        pytest.param(row("ours-2", sequence=2), "PASS", id="made anew on what was read"),
        pytest.param(row("ours-2", plannedStart="2027-01-04"), "FAIL", id="another entry"),
    ],
)
def test_an_own_entry_may_come_back_under_a_new_name(again, found):
    assert word("L4-03", at_once(CLASS, LAB, again)) == found


def test_after_412_a_write_must_be_stored():
    *story, last = at_once(CLASS, LAB, OURS)

    assert word("L4-03", *story, replace(last, status=503)) == "NOT-EXERCISED"
    assert word("L4-03", *story, replace(last, status=503), last) == "PASS"


def patches(patch, status=200):
    """Return a patch of the plan on its second version, whose answer brings no body."""
    answered = {"answer_etag": 'W/"3"'} if status == 200 else {}
    return sent("PATCH", ONE, patch, status, None, if_match='W/"2"', **answered)


@pytest.mark.parametrize("status", [200, 403, 412])
@pytest.mark.parametrize(
    "patch",
    [
        pytest.param([{"op": "remove", "path": "/schedule/0"}], id="removed"),
        pytest.param(
            [{"op": "replace", "path": "/schedule/0/status", "value": "dropped"}], id="changed"
        ),
        pytest.param({"schedule": [OURS]}, id="a list of its own instead"),
    ],
)
def test_a_patch_of_an_entry_of_others_is_seen_whatever_is_answered(patch, status):
    story = began(), reads(FIRST), writes(FIRST, JOINED), patches(patch, status)

    assert word("L4-02", *story) == "FAIL"


def test_who_deletes_a_plan_deletes_the_entries_of_others():
    story = began(), reads(FIRST), writes(FIRST, JOINED), sent("DELETE", ONE, status=403)

    assert word("L4-02", *story) == "FAIL"


def test_patches_are_made_on_what_patches_left():
    more = [{"op": "add", "path": "/schedule/-", "value": row("ours-2")}]
    away = sent("PATCH", ONE, [{"op": "remove", "path": "/schedule/2"}], if_match='W/"3"')
    story = began(), reads(FIRST), writes(FIRST, JOINED), patches(more), away

    assert word("L4-02", *story) == "PASS"


def handing_over(*later):
    theirs = a_plan(1, 2, CLASS, marks=[(LEAD, THEM)])
    return *began(), reads(FIRST), *by("staff", writes(FIRST, theirs)), reads(theirs), *later


def test_after_the_hand_over_only_own_entries_are_written():
    theirs = a_plan(1, 2, CLASS, marks=[(LEAD, THEM)])
    own = a_plan(1, 3, CLASS, OURS, marks=[(LEAD, THEM)])

    assert word("L4-07", *handing_over(writes(theirs, own))) == "PASS"
    assert word("L4-07", *handing_over()) == "NOT-EXERCISED"


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(a_plan(1, 3, CLASS, goal=DIESEL, marks=[(LEAD, THEM)]), id="the goal"),
        pytest.param(
            a_plan(1, 3, CLASS, status="completed", marks=[(LEAD, THEM)]), id="the status"
        ),
        pytest.param(a_plan(1, 3, CLASS, marks=[(LEAD, US)]), id="the lead"),
    ],
)
def test_what_only_the_lead_may_write_is_seen(after):
    theirs = a_plan(1, 2, CLASS, marks=[(LEAD, THEM)])

    assert word("L4-07", *handing_over(writes(theirs, after, 412))) == "FAIL"


def signing(version=1, kept=()):
    signed = a_plan(1, 2, CLASS, marks=[(LEAD, US), (SIGNED, version)])
    edited = a_plan(1, 3, CLASS, OURS, marks=[(LEAD, US), *kept])
    again = a_plan(1, 4, CLASS, OURS, marks=[(LEAD, US), (SIGNED, 3)])
    yield from (*began(), reads(FIRST), writes(FIRST, signed), writes(signed, edited))
    yield writes(edited, again)


def test_an_edit_takes_the_sign_off_back_until_it_is_given_anew():
    assert word("L4-08", signing()) == "PASS"
    assert word("L4-08", list(signing())[:-1]) == "NOT-EXERCISED"


def test_a_sign_off_that_outlives_an_edit_is_seen():
    assert word("L4-08", signing(kept=[(SIGNED, 1)])) == "FAIL"


def test_a_sign_off_of_another_version_is_seen():
    assert word("L4-08", signing(version=7)) == "FAIL"
