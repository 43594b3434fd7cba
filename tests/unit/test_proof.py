"""Proofs that one schema takes all that another takes: none too many, and those we need."""

import pytest

from app.rules.compatibility.patterns.languages import included
from app.rules.compatibility.proof import prove
from app.rules.compatibility.proving.home import Home
from app.rules.compatibility.proving.judgement import Where
from app.rules.compatibility.proving.structure import Prover


def shown_by_us(new, old):
    homes = Home(new, "urn:hub:new"), Home(old, "urn:hub:old")
    prover = Prover(homes, included)
    return not prover.holds(homes[0].at("#"), prover.case(homes[1].at("#")), Where())


def an_object(closed=True, **properties):
    return {"type": "object", "properties": properties, "additionalProperties": not closed}


TEXT, KIND_A, KIND_B = {"type": "string"}, {"const": "a"}, {"const": "b"}
A_LIST = {
    "$defs": {"node": an_object(value=TEXT, next={"$ref": "#/$defs/node"})},
    "$ref": "#/$defs/node",
}
A_WIDER_LIST = {
    "$defs": {"node": an_object(value={}, next={"$ref": "#/$defs/node"})},
    "$ref": "#/$defs/node",
}
KINDS = {
    "oneOf": [
        {**an_object(kind=KIND_A, x=TEXT), "required": ["kind"]},
        {**an_object(kind=KIND_B, y=TEXT), "required": ["kind"]},
    ]
}
MORE_KINDS = {
    "oneOf": [*KINDS["oneOf"], {**an_object(kind={"const": "c"}), "required": ["kind"]}],
}
CONDITION = {"properties": {"kind": KIND_A}, "required": ["kind"]}

SOUND = {
    "an optional property of a closed object": (an_object(a=TEXT, b=TEXT), an_object(a=TEXT)),
    "a wider enum": ({"enum": ["a", "b"]}, {"enum": ["a"]}),
    "a constant written as another number": ({"const": 1.0}, {"const": 1}),
    "an integer is a number": ({"type": "number"}, {"type": "integer"}),
    "whole steps are integers": ({"type": "integer"}, {"type": "number", "multipleOf": 2}),
    "steps of steps": (
        {"type": "number", "multipleOf": 2},
        {"type": "number", "multipleOf": 6},
    ),
    "recursion": (A_WIDER_LIST, A_LIST),
    "one more kind": (MORE_KINDS, KINDS),
    "any of what one of said": ({"anyOf": MORE_KINDS["oneOf"]}, KINDS),
    "constants under a pattern": ({"pattern": "^a"}, {"enum": ["ab", "ac"]}),
    "a wider pattern": (
        {"type": "string", "pattern": "^[0-9]{5}(-[0-9]{4})?$"},
        {"type": "string", "pattern": "^[0-9]{5}$"},
    ),
    "entries that have each their schema": (
        {"items": TEXT},
        {"type": "array", "prefixItems": [TEXT, {"const": "x"}], "items": TEXT},
    ),
    "fewer must be contained": (
        {"contains": {"type": "number"}, "minContains": 1},
        {"type": "array", "contains": {"type": "integer"}, "minContains": 2},
    ),
    "no name beyond those evaluated": (
        {"allOf": [{"properties": {"a": True}}], "unevaluatedProperties": False},
        an_object(a=TEXT),
    ),
    "names of a list": (
        {"propertyNames": {"maxLength": 2}},
        {"type": "object", "propertyNames": {"enum": ["a", "b"]}},
    ),
    "a condition that holds": (
        {"if": CONDITION, "then": {"required": ["x"]}},
        {"type": "object", "required": ["x"]},
    ),
    "a schema for those who have a name": (
        {"dependentSchemas": {"a": {"required": ["b"]}}},
        {"type": "object", "required": ["b"]},
    ),
    "all names of a full object": (
        {"required": ["a"]},
        {**an_object(a=TEXT, b=TEXT), "minProperties": 2},
    ),
}


@pytest.mark.parametrize(("new", "old"), SOUND.values(), ids=SOUND)
def test_our_rules_show_what_holds(new, old):
    assert shown_by_us(new, old)
    assert prove(new, old, included).answer == "yes"


UNSOUND = {
    "an optional property of an open object": (
        an_object(closed=False, a={}, b=TEXT),
        an_object(closed=False, a={}),
    ),
    "a narrower enum": ({"enum": ["a"]}, {"enum": ["a", "b"]}),
    "true is not one": ({"const": 1}, {"const": True}),
    "a number is no integer": ({"type": "integer"}, {"type": "number"}),
    "halves are no integers": ({"type": "integer"}, {"type": "number", "multipleOf": 0.5}),
    "recursion that narrows": (A_LIST, A_WIDER_LIST),
    "kinds told apart by absence": (
        {"oneOf": [{"required": ["a"]}, {"required": ["b"]}]},
        {"anyOf": [{"required": ["a"]}, {"required": ["b"]}]},
    ),
    "an open object has other names": (
        {"minProperties": 2},
        {"type": "object", "required": ["a"]},
    ),
    "names beside a pattern": (
        an_object(a=TEXT),
        {"patternProperties": {"^a": TEXT}, "additionalProperties": False, "type": "object"},
    ),
    "names evaluated in a branch": (
        an_object(b=TEXT),
        {
            "type": "object",
            "anyOf": [{"properties": {"a": TEXT}}, {"properties": {"b": TEXT}}],
            "unevaluatedProperties": False,
        },
    ),
    "a branch that need not hold": (
        {"anyOf": [{"properties": {"a": TEXT}}, True], "unevaluatedProperties": False},
        an_object(a={}),
    ),
    "a code point is one character": (
        {"type": "string", "maxLength": 1},
        {"type": "string", "pattern": "^..$"},
    ),
    "a name may wait for a schema": (
        {"type": "object"},
        {"dependentSchemas": {"a": {"type": "object"}}},
    ),
    "contained once is not twice": (
        {"contains": TEXT, "minContains": 2},
        {"type": "array", "contains": TEXT},
    ),
    "equal entries": ({"uniqueItems": True}, {"type": "array", "maxItems": 2}),
    "definitions of one name that differ": (
        {"$defs": {"x": {"type": "string"}}, "$ref": "#/$defs/x"},
        {"$defs": {"x": {"type": "number"}}, "$ref": "#/$defs/x"},
    ),
    "a schema that only refers to itself": (
        {"$defs": {"x": {"$ref": "#/$defs/x"}}, "$ref": "#/$defs/x"},
        {"type": "string"},
    ),
    "a condition that may hold": (
        {"if": CONDITION, "then": {"required": ["x"]}},
        {"type": "object", "required": ["kind"]},
    ),
    "a constant object of more": ({"const": {"a": 1}}, {"enum": [{"a": 1}, {"a": 1, "b": 2}]}),
}


@pytest.mark.parametrize(("new", "old"), UNSOUND.values(), ids=UNSOUND)
def test_nothing_wrong_is_ever_shown(new, old):
    assert not shown_by_us(new, old)
    assert prove(new, old, included).answer != "yes"


def test_the_place_that_narrows_is_named():
    new = an_object(name={"type": "string", "maxLength": 5})
    old = an_object(name={"type": "string", "maxLength": 9})

    places = prove(new, old, included).places

    assert [(each.path, each.old_path, each.instance_path) for each in places] == [
        ("#/properties/name/maxLength", "#/properties/name/maxLength", "/name")
    ]


@pytest.mark.parametrize(
    ("narrow", "wide", "expected"),
    [
        ("^a$|^b$", "^[ab]$", True),
        ("a", "^a", False),
        (r"^\d+$", "^[0-9]+$", True),
        (r"^[\s\S]*$", "^[^a]*$", False),
        ("(?=a)", "b", None),
    ],
)
def test_patterns_are_compared_as_sets_of_texts(narrow, wide, expected):
    assert included(narrow, wide) is expected
