"""What a client of an older version sees, and what is kept of what it cannot see."""

import copy

import pytest

from app.model.lens import Lens

CLOSED = {"type": "object", "additionalProperties": False}


def phones(**newer):
    elements = {"id": {}, "system": {}, "value": {}, "use": {}, **newer}
    return {**CLOSED, "required": [], "properties": elements}


def version(number, *, codes, newer):
    code = {"enum": codes, "x-fallback": {"paused": "waiting", "waiting": "open"}}
    return {
        "$id": f"https://hub.wioa.example/schemas/Plan/{number}",
        **CLOSED,
        "required": ["status"],
        "properties": {
            "status": code,
            "marks": {"type": "array", "uniqueItems": True, "items": code},
            "meta": phones(),
            "phones": {"type": "array", "minItems": 1, "items": phones(**newer)},
            "period": {**CLOSED, "minProperties": 1, "properties": {"start": {}, **newer}},
            **newer,
        },
    }


OLDER = version("1.0.0", codes=["open", "closed"], newer={})
NEWEST = version("1.1.0", codes=["open", "closed", "waiting", "paused"], newer={"seen": {}})
LENS = Lens(OLDER, NEWEST, {})
FIRST = {"system": "phone", "value": "555-0101", "use": "home"}
SECOND = {"system": "phone", "value": "555-0102", "use": "work"}


def plan(*entries, **elements):
    return {"status": "open", **({"phones": [*entries]} if entries else {}), **elements}


def after(sent, former):
    return LENS.rejoined(sent, former)


def test_elements_that_the_older_version_does_not_know_are_left_out_at_every_depth():
    seen = LENS.projected(plan({**FIRST, "seen": 1}, seen=2, period={"start": 3, "seen": 4}))

    assert seen == plan(FIRST, period={"start": 3})


def test_a_code_that_the_older_version_does_not_know_falls_back_until_it_is_known():
    assert LENS.projected(plan(status="paused")) == plan(status="open")


def test_a_list_of_codes_that_come_to_be_equal_shows_one():
    assert LENS.projected(plan(marks=["paused", "closed", "open"])) == plan(
        marks=["open", "closed"]
    )


def test_readers_of_an_extensible_list_get_every_code():
    older = copy.deepcopy(OLDER)
    older["properties"]["status"]["x-extensible"] = True

    assert Lens(older, NEWEST, {}).projected(plan(status="paused"))["status"] == "paused"


@pytest.mark.parametrize("place", ["x-fallback at the list", "x-fallback at the entries"])
def test_the_fallback_of_codes_in_a_list_may_stand_at_either(place):
    newest = copy.deepcopy(NEWEST)
    if place == "x-fallback at the list":
        marks = newest["properties"]["marks"]
        marks["x-fallback"] = marks["items"]["x-fallback"]
        marks["items"] = {"enum": marks["items"]["enum"]}

    assert Lens(OLDER, newest, {}).projected(plan(marks=["paused"])) == plan(marks=["open"])


def test_an_object_with_nothing_left_is_left_out_where_it_must_hold_something():
    resource = plan(period={"seen": 1})

    assert LENS.projected(resource) == plan()
    assert after(plan(), resource) == resource
    assert after(plan(period={"start": 2}), resource) == plan(period={"seen": 1, "start": 2})


def test_an_object_that_was_seen_and_left_out_is_gone():
    assert after(plan(), plan(period={"start": 1, "seen": 2})) == plan()


def test_what_is_the_hubs_own_is_left_alone():
    resource = plan(meta={"seen": 1, "anything": 2})

    assert LENS.projected(resource) is resource


def test_a_resource_without_newer_parts_is_shown_itself():
    resource = plan(FIRST, marks=["open"])

    assert LENS.projected(resource) is resource
    assert not LENS.is_identity


def test_a_version_that_only_loosens_lengths_needs_no_lens():
    longer = copy.deepcopy(OLDER)
    longer["properties"]["phones"]["maxItems"] = 9

    assert Lens(OLDER, longer, {}).is_identity


def test_a_code_that_comes_back_as_it_was_shown_is_the_code_it_stands_for():
    former = plan(status="paused", marks=["waiting", "closed"])

    assert after(plan(marks=["closed", "open"]), former) == plan(
        status="paused", marks=["closed", "waiting"]
    )
    assert after(plan(status="closed", marks=["closed"]), former)["status"] == "closed"


def test_entries_keep_what_is_theirs_when_they_are_moved():
    former = plan({**FIRST, "seen": 1}, {**SECOND, "seen": 2})

    assert after(plan(SECOND, FIRST), former) == plan({**SECOND, "seen": 2}, {**FIRST, "seen": 1})


def test_an_entry_that_is_changed_in_part_keeps_what_is_its_own():
    former = plan({**FIRST, "seen": 1}, {**SECOND, "seen": 2})
    changed = {**SECOND, "value": "555-0109"}

    assert after(plan(FIRST, changed), former) == plan({**FIRST, "seen": 1}, {**changed, "seen": 2})


def test_an_entry_that_is_removed_is_gone_with_all_its_parts():
    former = plan({**FIRST, "seen": 1}, {**SECOND, "seen": 2})

    assert after(plan(SECOND), former) == plan({**SECOND, "seen": 2})


def test_an_entry_that_takes_the_place_of_another_gets_nothing_of_it():
    former = plan({**FIRST, "seen": 1})
    other = {"system": "email", "value": "someone@agency.example", "use": "work"}

    assert after(plan(other), former) == plan(other)


def test_an_entry_is_added_without_parts_of_others():
    former = plan({**FIRST, "seen": 1})

    assert after(plan(SECOND, FIRST), former) == plan(SECOND, {**FIRST, "seen": 1})


def test_of_two_entries_alike_neither_part_moves_when_it_is_not_clear_which_was_kept():
    former = plan({**FIRST, "seen": 1}, {**FIRST, "value": "555-0102", "seen": 2})
    changed = {**FIRST, "value": "555-0103"}

    assert after(plan(changed), former) == plan(changed)


def test_entries_with_a_name_of_their_own_are_told_by_it_whatever_else_changes():
    former = plan({"id": "p1", **FIRST, "seen": 1}, {"id": "p2", **SECOND, "seen": 2})
    changed = [{"id": "p2", "use": "old"}, {"id": "p3", **FIRST}]

    assert after(plan(*changed), former) == plan({**changed[0], "seen": 2}, changed[1])


def test_an_entry_that_was_never_shown_stays_in_its_place():
    older, newest = copy.deepcopy(OLDER), copy.deepcopy(NEWEST)
    for each in (older, newest):
        each["properties"]["phones"]["items"]["minProperties"] = 1
    lens = Lens(older, newest, {})
    former = plan({"seen": 1}, FIRST, {"seen": 2})

    assert lens.projected(former) == plan(FIRST)
    assert lens.rejoined(plan(SECOND, FIRST), former) == plan(
        {"seen": 1}, SECOND, {"seen": 2}, FIRST
    )


def test_names_of_branches_and_shared_definitions_are_known():
    older = {
        "$id": "older",
        "allOf": [{"$ref": "shared#/$defs/base"}, {"if": {}, "then": {"properties": {"c": {}}}}],
        "anyOf": [{"properties": {"a": {}}}, {"properties": {"b": {}}}],
        "unevaluatedProperties": False,
    }
    newest = {**older, "$id": "newest", "dependentSchemas": {"a": {"properties": {"d": {}}}}}
    shared = {"$id": "shared", "$defs": {"base": {"properties": {"e": {}}}}}

    seen = Lens(older, newest, {"shared": shared}).projected(dict.fromkeys("abcde", 1))

    assert seen == dict.fromkeys("abce", 1)


def test_an_element_known_by_no_name_is_looked_into():
    entry = {"properties": {"a": {}}, **CLOSED}
    older = {"type": "object", "$id": "older", "patternProperties": {"^[A-Z]$": entry}}
    wider = {**entry, "properties": {"a": {}, "seen": {}}}
    newest = {"$id": "newest", "patternProperties": {"^[A-Z]$": wider}}
    lens = Lens(older, newest, {})
    former = {"A": {"a": 1, "seen": 2}}

    assert lens.projected(former) == {"A": {"a": 1}}
    assert lens.rejoined({"A": {"a": 3}}, former) == {"A": {"a": 3, "seen": 2}}
