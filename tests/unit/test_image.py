"""The image of a newer version: what readers of an older one get once codes are replaced."""

from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

from app.model.lens import Lens
from app.rules.compatibility.projection import image

LATER = {"z": "y", "y": "a"}
CODES = ["a", "b", "y", "z"]


def old(**words):
    code = {"enum": ["a", "b"]}
    many = {"type": "array", "items": {"$ref": "#/$defs/code"}, **words}
    properties = {"one": {"$ref": "#/$defs/code"}, "two": code, "many": many}
    return {"type": "object", "properties": properties, "$defs": {"code": code}}


def new(*rules, **words):
    found = old(**words)
    code = {"enum": CODES, "x-fallback": LATER}
    found["properties"]["two"] = code
    return {**found, "$defs": {"code": code}} | ({"allOf": [*rules]} if rules else {})


def takes(schema, value):
    return Draft202012Validator(schema).is_valid(value)


def test_a_code_that_readers_do_not_know_is_its_fallback_wherever_the_definition_is_used():
    made = image(new(), old())

    assert takes(made, {"one": "a", "two": "b", "many": ["a", "b"]})
    assert not any(takes(made, each) for each in ({"one": "y"}, {"two": "z"}, {"many": ["z"]}))


def test_a_code_without_a_fallback_stays():
    newer = new()
    newer["properties"]["two"] = {"enum": ["a", "b", "x"]}

    assert takes(image(newer, old()), {"two": "x"})


def test_codes_stay_where_readers_must_take_any():
    older = old()
    older["properties"]["two"] = {"enum": ["a", "b"], "x-extensible": True}

    made = image(new(), older)

    assert takes(made, {"two": "z"})
    assert not takes(made, {"one": "z"})
    assert "x-" not in str(made)


def test_a_version_is_its_own_image():
    assert image(old(), old()) == old()


def test_a_list_that_readers_see_shorter_need_not_be_longer():
    made = image(new(minItems=2, uniqueItems=True), old(uniqueItems=True))

    assert takes(made, {"many": ["a"]})
    assert not takes(made, {"many": []})


def test_entries_that_readers_cannot_tell_apart_count_as_one():
    entry = {"type": "object", "additionalProperties": False, "properties": {"a": {}}}
    older = {"type": "array", "items": entry, "uniqueItems": True, "minItems": 2}
    newer = {**older, "items": {**entry, "properties": {"a": {}, "z": {}}}}

    made = image(newer, older)

    assert Lens(older, newer, {}).projected([{"z": 1}, {"z": 2}]) == [{}]
    assert takes(made, [{}])
    assert not takes(made, [])


def test_a_definition_that_leads_to_itself_has_an_image():
    older, newer = (
        {
            "$ref": "#/$defs/node",
            "$defs": {
                "node": {"properties": {"code": code, "next": {"$ref": "#/$defs/node"}}},
            },
        }
        for code in ({"enum": ["a"]}, {"enum": ["a", "z"], "x-fallback": {"z": "a"}})
    )

    made = image(newer, older)

    assert takes(made, {"code": "a", "next": {"next": {"code": "a"}}})
    assert not takes(made, {"code": "a", "next": {"next": {"code": "z"}}})


def test_a_rule_that_hangs_on_a_replaced_code_binds_no_reader():
    """Who sees `a` cannot know whether it was `y`, of which nothing is asked."""
    made = image(new({"if": at("one", "a"), "then": {"required": ["two"]}}), old())

    assert takes(made, {"one": "a"})


def test_a_rule_that_hangs_on_a_kept_code_still_binds():
    made = image(new({"if": at("one", "b"), "then": {"required": ["two"]}}), old())

    assert not takes(made, {"one": "b"})
    assert takes(made, {"one": "b", "two": "a"})


def at(name, *codes):
    return {"required": [name], "properties": {name: {"enum": [*codes]}}}


def rule(chance):
    """Return a rule made by chance on the codes of one, two and many."""

    def some():
        return at(chance.choice(["one", "two"]), *chance.sample(CODES, chance.randint(1, 3)))

    has = {"properties": {"many": {"contains": {"enum": [chance.choice(CODES)]}}}}
    return chance.choice([
        {"if": some(), "then": some()},
        {"if": some(), "then": some(), "else": has},
        {"if": {"not": some()}, "then": some()},
        {"not": some()},
        {"oneOf": [some(), some()]},
        {"anyOf": [some(), {"not": has}]},
        {"if": has, "then": some()},
        {"if": {"oneOf": [some(), some()]}, "then": some()},
        {"dependentSchemas": {"two": some()}},
        {"properties": {"one": {"not": {"pattern": "^[az]$"}}}},
        {"properties": {"two": {"const": chance.choice(CODES)}}},
        {"properties": {"many": {"contains": {"const": "z"}, "minContains": 2}}},
        {"properties": {"many": {"contains": {"enum": ["b", "y"]}, "maxContains": 1}}},
        {"not": {"properties": {"many": {"maxItems": 1}}}},
        {"properties": {"many": {"uniqueItems": True}}},
    ])  # fmt: skip


RESOURCES = [
    {name: each for name, each in zip(("one", "two", "many"), values, strict=True) if each}
    for values in product(
        ["", *CODES], ["", *CODES], [None, [], ["y"], ["z", "a"], ["b", "y", "z"], ["z", "z"]]
    )
]


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32).map(Random))
def test_the_image_takes_whatever_readers_are_shown(chance):
    older = old(uniqueItems=chance.choice([True, False]))
    rules = [rule(chance) for _ in range(chance.randint(1, 2))]
    newer = new(*rules, minItems=chance.choice([0, 2]))
    made, lens = Draft202012Validator(image(newer, older)), Lens(older, newer, {})
    valid = Draft202012Validator(newer)

    for each in RESOURCES:
        if valid.is_valid(each):
            assert made.is_valid(lens.projected(each)), (rules, each)


@pytest.mark.parametrize("word", ["patternProperties", "additionalProperties"])
def test_elements_known_by_no_name_have_an_image_too(word):
    older, newer = (
        {"type": "object", word: {"^[a-z]$": code} if word.startswith("p") else code}
        for code in ({"enum": ["a"]}, {"enum": ["a", "z"], "x-fallback": {"z": "a"}})
    )

    assert Lens(older, newer, {}).projected({"k": "z"}) == {"k": "a"}
    assert takes(image(newer, older), {"k": "a"})
