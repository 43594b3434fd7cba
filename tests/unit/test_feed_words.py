"""The words of the change feed: what is asked, and how rows are cut into segments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.errors import BadParameter
from app.model.feed import MAX_COUNT, MAX_WAIT_SECONDS, parse, predecessor, whole

TYPES = ("Agency", "Program")


def test_a_reader_gets_what_it_asks_for():
    asked = parse([("_type", "Program,Agency"), ("_count", "7"), ("wait", "3")], TYPES)

    assert asked.types == ("Agency", "Program")
    assert (asked.count, asked.wait, asked.cursor) == (7, 3, None)
    assert asked.address("x=") == "$changes?_type=Agency,Program&_count=7&wait=3&cursor=x%3D"


def test_large_pages_and_long_waits_are_clamped():
    asked = parse([("_count", "5000"), ("wait", "600")], TYPES)

    assert (asked.count, asked.wait) == (MAX_COUNT, MAX_WAIT_SECONDS)


def test_the_page_size_does_not_bind_the_cursor_and_the_types_do():
    assert parse([("_count", "1")], TYPES).scope == parse([("wait", "1")], TYPES).scope
    assert parse([("_type", "Agency")], TYPES).scope != parse([], TYPES).scope


@pytest.mark.parametrize(
    ("name", "value"),
    [("_count", "0"), ("_count", "-1"), ("wait", "x"), ("_type", "Nothing"), ("_since", "2020")],
)
def test_what_is_not_understood_is_refused(name, value):
    with pytest.raises(BadParameter) as refused:
        parse([(name, value)], TYPES)

    assert refused.value.issues[0].pointer == name


def test_a_parameter_given_twice_is_refused():
    with pytest.raises(BadParameter):
        parse([("wait", "1"), ("wait", "2")], TYPES)


def test_the_first_version_follows_nothing():
    assert predecessor("Agency/a/1") is None
    assert predecessor("Agency/a/10") == "Agency/a/9"


@given(st.lists(st.integers(0, 9)), st.integers(1, 12))
def test_a_cut_never_parts_the_rows_of_a_commit(commits, most):
    end = whole(commits, most)

    assert end >= min(most, len(commits))
    assert not set(commits[:end]) & set(commits[end:])


@given(st.lists(st.integers(0, 9)), st.integers(1, 12))
def test_a_cut_takes_no_more_than_it_must(commits, most):
    end = whole(commits, most)

    shorter = range(min(most, len(commits)), end)
    assert all(set(commits[:each]) & set(commits[each:]) for each in shorter)
