"""The list of what changed between two versions, and which of it is held to break a client."""

from copy import deepcopy
from pathlib import Path

import pytest

from app.model.registry import load
from app.rules.compatibility.compare import Comparison, Verdict, compare
from app.rules.compatibility.proof import Place
from app.rules.publishing.changes.breaking import breaking
from app.rules.publishing.changes.changelog import changes

REGISTRY = load(Path(__file__).parents[2] / "resource_schemas")
YES = Verdict("yes", "proof")
ADDRESS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["city"],
    "properties": {"city": {"type": "string", "maxLength": 50}, "zip": {"type": "string"}},
}


def a_type(**properties):
    """Return a small closed type with an address, a status and a list of needs."""
    known = {
        "status": {"description": "Where it stands.", "enum": ["open", "closed"]},
        "address": {"$ref": "#/$defs/Address"},
        "needs": {"type": "array", "maxItems": 5, "items": {"type": "string", "minLength": 2}},
        "count": {"type": "integer", "minimum": 1},
    }
    found = {**known, **properties}
    return {
        "$id": "https://hub.wioa.example/schemas/Thing/1.0.0",
        "type": "object",
        "additionalProperties": False,
        "required": ["status"],
        "properties": {name: each for name, each in found.items() if each is not None},
        "$defs": {"Address": deepcopy(ADDRESS)},
    }


def told(old, new, documents=None):
    """Return (code, direction, level, instance path) of each change."""
    found = changes(old, new, documents or {}, "1.0.0")
    return [(each.code, each.direction, each.level, each.instance_path) for each in found]


@pytest.mark.parametrize("name", sorted(REGISTRY.types))
def test_a_type_that_ships_has_not_changed_from_itself(name):
    schema = REGISTRY.types[name].schema

    assert changes(schema, deepcopy(schema), REGISTRY.by_url, "1.0.0") == []


@pytest.mark.parametrize("name", sorted(REGISTRY.types))
def test_an_element_added_to_a_type_that_ships_is_the_only_change(name):
    new = deepcopy(REGISTRY.types[name].schema)
    new["properties"]["nickname"] = {"type": "string"}

    found = changes(REGISTRY.types[name].schema, new, REGISTRY.by_url, "1.0.0")

    assert [(each.code, each.path, each.level, each.bump) for each in found] == [
        ("property-added", "#/properties/nickname", "note", "minor")
    ]


CASES = [
    pytest.param(
        {"count": None}, [("property-removed", "write", "error", "/count")], id="element removed"
    ),
    pytest.param(
        {"count": None, "counts": {"type": "integer", "minimum": 1}},
        [("property-renamed", "write", "error", "/count")],
        id="element that looks renamed",
    ),
    pytest.param(
        {"count": None, "remark": {"type": "string"}},
        [
            ("property-removed", "write", "error", "/count"),
            ("property-added", "", "note", "/remark"),
        ],
        id="another element is no new name",
    ),
    pytest.param(
        {"count": {"type": "number", "minimum": 1}},
        [("type-changed", "read", "error", "/count")],
        id="numbers besides whole ones",
    ),
    pytest.param(
        {"count": {"type": "string"}},
        [
            ("type-changed", "write", "error", "/count"),
            ("type-changed", "read", "error", "/count"),
            ("minimum-removed", "read", "error", "/count"),
        ],
        id="another type",
    ),
    pytest.param(
        {"count": {"type": "integer", "minimum": 2, "maximum": 9}},
        [
            ("minimum-raised", "write", "error", "/count"),
            ("maximum-added", "write", "error", "/count"),
        ],
        id="tighter bounds",
    ),
    pytest.param(
        {"needs": {"type": "array", "maxItems": 6, "items": {"type": "string"}}},
        [
            ("max-items-raised", "read", "error", "/needs"),
            ("min-length-removed", "read", "error", "/needs/*"),
        ],
        id="looser bounds",
    ),
    pytest.param(
        {"needs": {"type": "array", "maxItems": 5, "uniqueItems": True}},
        [
            ("unique-items-added", "write", "error", "/needs"),
            ("items-removed", "read", "error", "/needs"),
        ],
        id="entries",
    ),
    pytest.param(
        {"status": {"description": "Where it stands.", "enum": ["open", "held"]}},
        [
            ("enum-removed", "write", "error", "/status"),
            ("enum-added", "read", "error", "/status"),
        ],
        id="codes",
    ),
    pytest.param(
        {"status": {"description": "Where it stands.", "const": "open"}},
        [("enum-removed", "write", "error", "/status")],
        id="one code left",
    ),
    pytest.param(
        {"status": {"description": "Where it stands."}},
        [("enum-dropped", "read", "error", "/status")],
        id="codes no longer listed",
    ),
    pytest.param(
        {"count": {"type": "integer", "minimum": 1, "enum": [1, 2]}},
        [("enum-introduced", "write", "error", "/count")],
        id="values listed",
    ),
    pytest.param(
        {
            "status": {
                "description": "Where it stands.",
                "enum": ["open", "closed", "held", "stuck"],
                "x-fallback": {"stuck": "held", "held": "open"},
            }
        },
        [("enum-added", "", "note", "/status")],
        id="codes that older readers get as older codes",
    ),
    pytest.param(
        {"status": {"description": "Where it is.", "enum": ["closed", "open"]}},
        [("description-changed", "", "note", "/status")],
        id="words for people",
    ),
    pytest.param(
        {"count": {"type": "integer", "minimum": 1, "not": {"const": 4}}},
        [("schema-changed", "write", "error", "/count")],
        id="a rule without a name",
    ),
    pytest.param(
        {"needs": {"items": {"type": "string", "minLength": 2}}},
        [
            ("type-changed", "read", "error", "/needs"),
            ("max-items-removed", "read", "error", "/needs"),
        ],
        id="a list or anything else",
    ),
    pytest.param(
        {"count": {"type": "integer", "minimum": 1, "oneOf": [{"const": 1}]}},
        [("schema-changed", "write", "error", "/count")],
        id="choices added",
    ),
    pytest.param(
        {"count": {"type": "integer", "minimum": 1, "multipleOf": 2}},
        [("multiple-of-added", "write", "error", "/count")],
        id="steps",
    ),
]


@pytest.mark.parametrize(("properties", "expected"), CASES)
def test_a_change_is_told_with_the_direction_it_seems_to_break(properties, expected):
    assert told(a_type(), a_type(**properties)) == expected


def test_what_is_required_is_told_at_the_element_itself():
    new = a_type()
    new["required"] = ["count"]

    found = changes(a_type(), new, {}, "1.0.0")

    assert [(each.code, each.direction, each.path, each.instance_path) for each in found] == [
        ("required-added", "write", "#/properties/count", "/count"),
        ("required-removed", "read", "#/properties/status", "/status"),
    ]
    assert found[0].text == (
        "The element count is required now; what clients of 1.0.0 send may be refused."
    )
    assert found[0].hint == "Make it optional, or publish 2.0.0."


def test_a_change_of_a_shared_part_is_told_where_it_is_written_and_used():
    new = a_type()
    new["$defs"]["Address"]["properties"]["city"]["maxLength"] = 40

    found = changes(a_type(), new, {}, "1.0.0")

    assert [(each.code, each.path, each.instance_path) for each in found] == [
        ("max-length-lowered", "#/$defs/Address/properties/city/maxLength", "/address/city")
    ]


def test_a_change_of_a_shared_document_is_told_at_the_element_that_uses_it():
    first, second = "https://x.example/types/1.0.0", "https://x.example/types/1.1.0"
    shared = {first: ADDRESS, second: deepcopy(ADDRESS)}
    shared[second]["properties"]["city"]["maxLength"] = 90
    old, new = a_type(address={"$ref": first}), a_type(address={"$ref": second})

    found = changes(old, new, shared, "1.0.0")

    assert [(each.code, each.path, each.direction) for each in found] == [
        ("max-length-raised", "#/properties/address", "read")
    ]


def test_a_shared_part_that_is_written_out_is_no_change():
    assert told(a_type(), a_type(address=ADDRESS)) == []


def test_patterns_and_formats_that_change_may_break_both_directions():
    old = a_type(code={"type": "string", "pattern": "^a$"})
    new = a_type(code={"type": "string", "pattern": "^b$", "format": "date"})

    assert told(old, new) == [
        ("pattern-changed", "write", "error", "/code"),
        ("pattern-changed", "read", "error", "/code"),
        ("format-added", "write", "error", "/code"),
    ]


def test_an_object_that_opens_lets_in_and_one_that_closes_shuts_out():
    is_open = {**ADDRESS, "additionalProperties": True}

    opened = told(a_type(address=ADDRESS), a_type(address=is_open))
    closed = told(a_type(address=is_open), a_type(address=ADDRESS))

    assert opened == [("opened", "", "note", "/address")]
    assert closed == [("closed", "write", "error", "/address")]


def test_an_element_added_to_an_open_object_may_already_be_sent_with_another_meaning():
    old = {"type": "object", "properties": {}}

    assert told(old, {**old, "properties": {"x": {"type": "string"}}}) == [
        ("property-added", "write", "error", "/x")
    ]


def test_conditions_are_told_one_by_one_at_their_own_place():
    first, second = {"required": ["count"]}, {"required": ["needs"]}
    old, new = a_type(), a_type()
    old["allOf"], new["allOf"] = (
        [first, {"title": "Same", **second}],
        [second, {"minProperties": 2}],
    )

    found = changes(old, new, {}, "1.0.0")

    assert [(each.code, each.direction, each.path, each.old_path) for each in found] == [
        ("schema-changed", "write", "#/allOf/1", "#/allOf"),
        ("schema-changed", "read", "#/allOf", "#/allOf/0"),
    ]


def test_types_that_hold_themselves_are_compared_to_their_end():
    old, new = a_type(), a_type()
    for each in (old, new):
        each["properties"]["address"] = {"$ref": "#/$defs/Tree"}
        each["$defs"]["Tree"] = {"properties": {"left": {"$ref": "#/$defs/Tree"}, "top": {}}}
        each["allOf"] = [{"$ref": "#/$defs/Tree"}]
    new["$defs"]["Tree"]["properties"]["top"] = {"maxLength": 3}

    found = {(code, path) for code, _, _, path in told(old, new)}

    assert {("max-length-added", "/address/top"), ("schema-changed", "")} <= found


def test_shared_parts_within_shared_parts_are_not_listed_without_end():
    old, new = a_type(), a_type()
    for each in (old, new):
        for level in range(30):
            inner = {"$ref": f"#/$defs/L{level + 1}"}
            each["$defs"][f"L{level}"] = {"properties": {"a": inner, "b": inner}}
        each["properties"]["address"] = {"$ref": "#/$defs/L0"}

    assert [each.code for each in changes(old, new, {}, "1.0.0")] == ["changes-too-many"]


def a_no(witness, *places):
    return Verdict("no", "witness", (witness,), places)


def test_a_witness_stands_with_the_change_it_shows():
    new = a_type(count=None, needs={"type": "array", "maxItems": 3, "items": {"minLength": 2}})
    places = (Place("#", "#", "/count", ""), Place("#", "#", "/needs", "maxItems"))
    verdict = a_no({"status": "open", "count": 1}, *places)

    found = breaking(Comparison(verdict, YES), changes(a_type(), new, {}, "1.0.0"), "1.0.0")

    errors = [each for each in found if each.level == "error"]
    assert [(each.code, each.evidence, len(each.witness)) for each in errors] == [
        ("property-removed", "witness", 1),
        ("max-items-lowered", "structure", 0),
    ]
    assert {each.direction for each in errors} == {"write"}


def test_an_object_that_lacks_an_element_shows_that_it_is_required():
    new = a_type()
    new["required"] = ["status", "count"]
    verdict = a_no({"status": "open"}, Place("#/required", "#/required", "", "required"))

    found = breaking(Comparison(verdict, YES), changes(a_type(), new, {}, "1.0.0"), "1.0.0")

    assert [(each.code, each.witness) for each in found] == [
        ("required-added", ({"status": "open"},))
    ]


def test_what_is_proved_to_break_nobody_is_a_note_whatever_it_looks_like():
    old = a_type(code={"pattern": "^(a|b)$"})
    new = a_type(code={"pattern": "^[ab]$"})

    found = breaking(Comparison(YES, YES), changes(old, new, {}, "1.0.0"), "1.0.0")

    assert [(each.code, each.level, each.bump) for each in found] == [
        ("pattern-changed", "note", "patch")
    ]
    assert "it is proved" in found[0].text


def test_what_is_not_known_is_an_error_that_says_so():
    old, new = a_type(code={"pattern": "^a+$"}), a_type(code={"pattern": "^a*$"})
    unknown = Verdict("unknown", places=(Place("#", "#", "/code", "pattern"),))

    found = breaking(Comparison(unknown, YES), changes(old, new, {}, "1.0.0"), "1.0.0")

    assert [(each.code, each.level, each.evidence, each.path) for each in found] == [
        ("not-proven", "error", "", "#/properties/code/pattern"),
    ]


def test_a_place_that_no_change_explains_is_told_itself():
    place = Place("#/old", "#/new", "/count", "minimum")

    found = breaking(Comparison(YES, a_no({"count": 1}, place)), [], "1.0.0")

    assert [(each.code, each.direction, each.path, each.old_path) for each in found] == [
        ("incompatible", "read", "#/new", "#/old")
    ]


def test_a_change_that_looked_harmless_is_blamed_when_a_document_shows_otherwise():
    new = a_type(remark={"type": "string"})
    verdict = a_no({"status": "open", "remark": "x"}, Place("#", "#", "/remark", ""))

    found = breaking(Comparison(YES, verdict), changes(a_type(), new, {}, "1.0.0"), "1.0.0")

    assert [(each.code, each.level, each.direction, each.bump) for each in found] == [
        ("property-added", "error", "read", "major"),
    ]


def test_a_place_where_nothing_changed_is_not_told_beside_the_change_that_explains():
    places = (Place("#", "#", "/count", ""), Place("#", "#", "/address", "required"))
    verdict = a_no({"status": "open", "count": 1}, *places)
    told_changes = changes(a_type(), a_type(count=None), {}, "1.0.0")

    found = breaking(Comparison(verdict, YES), told_changes, "1.0.0")

    assert [each.code for each in found] == ["property-removed"]


@pytest.mark.parametrize("instance_path", ["", "/needs", "/needs/0", "/needs/0/deeper"])
def test_a_place_is_explained_by_what_changed_below_it_or_around_it(instance_path):
    new = a_type(needs={"type": "array", "maxItems": 5, "items": {"minLength": 3}})
    verdict = a_no(["no object"], Place("#", "#", instance_path, ""))
    all_changes = changes(a_type(), new, {}, "1.0.0")

    found = breaking(Comparison(verdict, YES), all_changes, "1.0.0")

    assert ("min-length-raised", "error") in [(each.code, each.level) for each in found]


def test_choices_and_rules_are_told_as_they_change():
    old, new = a_type(), a_type()
    old.update(oneOf=[{"required": ["count"]}, {}], anyOf=[{}], propertyNames={"maxLength": 9})
    new.update(oneOf=[{"required": ["needs"]}, {}], anyOf=[{}, {"maxProperties": 1}])
    new.update(propertyNames={"maxLength": 8})

    assert {(code, direction) for code, direction, *_ in told(old, new)} == {
        ("schema-changed", "write"),
        ("schema-changed", "read"),
    }
    assert told(new, {k: v for k, v in new.items() if k not in ("oneOf", "anyOf")}) == [
        ("schema-changed", "read", "error", ""),
        ("schema-changed", "read", "error", ""),
    ]


def test_a_rule_for_entries_may_come_later():
    old = a_type(needs={"type": "array", "maxItems": 5})

    assert told(old, a_type()) == [("items-added", "write", "error", "/needs")]


def test_a_reference_to_nowhere_or_into_a_list_is_followed_as_far_as_it_goes():
    old = a_type(address={"$ref": "#/$defs/None"}, count={"$ref": "#/allOf/0"})
    old["allOf"] = [{"type": "integer", "minimum": 1}]
    new = deepcopy(old)
    new["properties"]["needs"] = False

    assert ("schema-changed", "write", "error", "/needs") in told(old, new)


def same(pattern, other):
    return pattern == other or None


@pytest.mark.parametrize(
    ("properties", "errors"),
    [
        pytest.param({"remark": {"type": "string"}}, [], id="an element added"),
        pytest.param({"count": None}, [("property-removed", "write")], id="an element removed"),
        pytest.param(
            {"status": {"enum": ["open", "closed", "held"]}},
            [("enum-added", "read")],
            id="a code added",
        ),
        pytest.param(
            {"status": {"enum": ["open", "closed", "held"], "x-fallback": {"held": "open"}}},
            [],
            id="a code added with a fallback",
        ),
        pytest.param(
            {"count": {"type": "integer", "minimum": 2}},
            [("minimum-raised", "write")],
            id="a bound tightened",
        ),
    ],
)
def test_what_is_proved_of_a_small_type_makes_the_errors_of_its_list(properties, errors):
    old, new = a_type(), a_type(**properties)

    found = breaking(compare(old, new, {}, same), changes(old, new, {}, "1.0.0"), "1.0.0")

    wrong = [each for each in found if each.level == "error"]
    assert [(each.code, each.direction) for each in wrong] == errors
    assert all(each.evidence == "witness" and each.witness for each in wrong)


def test_a_verdict_without_places_is_never_silent():
    found = breaking(Comparison(Verdict("unknown"), YES), [], "1.0.0")

    assert [(each.code, each.level, each.direction) for each in found] == [
        ("not-proven", "error", "write")
    ]


def test_a_major_version_may_break_but_is_told_what():
    new = a_type(count=None)
    verdict = a_no({"status": "open", "count": 1}, Place("#", "#", "/count", ""))
    found = changes(a_type(), new, {}, "1.0.0")

    told_major = breaking(Comparison(verdict, YES), found, "1.0.0", is_major=True)

    assert [(each.code, each.level, each.bump) for each in told_major] == [
        ("property-removed", "warning", "major")
    ]
