"""A witness is taken by the old schema and refused by the new one, by two validators."""

import json
import re
from functools import reduce
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.rules.compatibility.bundling import bundled
from app.rules.compatibility.patterns.strings_of import (
    edges,
    near_misses,
    sample_of_length,
    samples,
)
from app.rules.compatibility.proving.judgement import Place
from app.rules.compatibility.searching.plain_values import is_synthetic
from app.rules.compatibility.searching.shrinking import shrunk
from app.rules.compatibility.validity import Validity
from app.rules.compatibility.witness import witness

TEXT = {"type": "string"}


def an_object(*required, **properties):
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": properties,
    }


def a_tree(**more):
    node = an_object(
        "name", name=TEXT, children={"type": "array", "items": {"$ref": "#/$defs/Node"}}
    )
    return {"$ref": "#/$defs/Node", "$defs": {"Node": {**node, **more}}}


def a_card(**more):
    return an_object("kind", kind={"enum": ["a", "b"]}, code=TEXT, day=TEXT) | more


def a_union(*branches, word="oneOf"):
    return {word: list(branches)}


def of_kind(kind, *required, **properties):
    return an_object("kind", *required, kind={"const": kind}, **properties)


def only_if(kind, *required):
    condition = {"required": ["kind"], "properties": {"kind": {"const": kind}}}
    return {"if": condition, "then": {"required": list(required)}}


BREAKS = [
    pytest.param(TEXT, {"type": "integer"}, id="another type"),
    pytest.param({"type": "number"}, {"type": "integer"}, id="no fractions any more"),
    pytest.param({"type": ["string", "null"]}, TEXT, id="no null any more"),
    pytest.param({}, {"type": ["string", "number", "boolean", "null", "object"]}, id="no arrays"),
    pytest.param({"enum": [1, "a", None]}, {"enum": [1, "a"]}, id="a code removed"),
    pytest.param({"enum": ["a", "b"]}, {"const": "a"}, id="one code left"),
    pytest.param(TEXT, {"not": {"const": "a"}}, id="a value excluded"),
    pytest.param({"type": "integer", "maximum": 731}, {"maximum": 730}, id="maximum lowered"),
    pytest.param({"type": "integer", "minimum": -7}, {"minimum": -6}, id="minimum raised"),
    pytest.param({"maximum": 7}, {"exclusiveMaximum": 7}, id="the bound itself excluded"),
    pytest.param({"multipleOf": 5}, {"multipleOf": 10}, id="a larger step"),
    pytest.param({"type": "number"}, {"multipleOf": 0.01}, id="a step for numbers"),
    pytest.param({**TEXT, "maxLength": 777}, {**TEXT, "maxLength": 776}, id="maxLength lowered"),
    pytest.param(TEXT, {**TEXT, "minLength": 1}, id="empty strings refused"),
    pytest.param(TEXT, {**TEXT, "format": "date"}, id="a format asserted"),
    pytest.param({**TEXT, "format": "date-time"}, {"pattern": "Z$"}, id="only UTC"),
    pytest.param({**TEXT, "format": "date"}, {"pattern": "-0"}, id="not every month or day"),
    pytest.param({"pattern": "^[a-z]+$"}, {"pattern": "^[a-y]+$"}, id="a letter less"),
    pytest.param({"pattern": "^[A-Z]{2,4}$"}, {"pattern": "^[A-Z]{2,3}$"}, id="a repeat less"),
    pytest.param({"pattern": "^(a|b|cd)$"}, {"pattern": "^(a|b)$"}, id="a branch less"),
    pytest.param({"pattern": "^\\d{5}(-\\d{4})?$"}, {"pattern": "^\\d{5}$"}, id="no ZIP plus 4"),
    pytest.param({"pattern": "^[^@]+$"}, {"pattern": "^[^@\\/]+$"}, id="a sign more refused"),
    pytest.param({"pattern": "^\\u00e9|a$"}, {"pattern": "^a$"}, id="anchors in branches"),
    pytest.param({"maxItems": 40}, {"maxItems": 39}, id="maxItems lowered"),
    pytest.param({"type": "array"}, {"minItems": 1}, id="empty arrays refused"),
    pytest.param({"type": "array"}, {"uniqueItems": True}, id="no entry twice"),
    pytest.param(
        {"uniqueItems": True, "maxItems": 9, "items": {"pattern": "^[a-z]$"}},
        {"maxItems": 8},
        id="fewer different entries",
    ),
    pytest.param({"items": TEXT}, {"items": {"enum": ["a", "b"]}}, id="entries narrowed"),
    pytest.param(
        {"prefixItems": [TEXT, TEXT]}, {"prefixItems": [TEXT, {"maxLength": 4}]}, id="second entry"
    ),
    pytest.param({"type": "array"}, {"contains": {"const": "main"}}, id="an entry demanded"),
    pytest.param(
        {"contains": {"const": "x"}, "type": "array"},
        {"contains": {"const": "x"}, "maxContains": 1},
        id="the entry only once",
    ),
    pytest.param(an_object(a=TEXT), an_object("a", a=TEXT), id="a property made required"),
    pytest.param(an_object(a=TEXT, b=TEXT), an_object(a=TEXT), id="a property removed"),
    pytest.param({"type": "object"}, an_object(), id="an object closed"),
    pytest.param({"type": "object"}, {"minProperties": 1}, id="empty objects refused"),
    pytest.param({"type": "object"}, {"maxProperties": 1}, id="one property at most"),
    pytest.param({"type": "object"}, {"propertyNames": {"pattern": "^[a-z]+$"}}, id="names"),
    pytest.param(
        {"propertyNames": {"pattern": "^x-[a-z]+$"}},
        {"propertyNames": {"pattern": "^x-[a-y]+$"}},
        id="names narrowed",
    ),
    pytest.param(
        {"patternProperties": {"^n[0-9]$": {"type": "integer"}}},
        {"patternProperties": {"^n[0-9]$": {"type": "integer", "maximum": 88}}},
        id="a property of a form",
    ),
    pytest.param(a_card(), a_card(dependentRequired={"code": ["day"]}), id="one needs the other"),
    pytest.param(
        a_card(dependentRequired={"code": ["day"]}),
        a_card(dependentRequired={"code": ["day"]}, maxProperties=2),
        id="what belongs together no longer fits",
    ),
    pytest.param(
        a_card(dependentSchemas={"code": {"required": ["day"]}}),
        a_card(dependentSchemas={"code": {"properties": {"day": {"maxLength": 3}}}}),
        id="a rule that hangs on a property",
    ),
    pytest.param(a_card(), a_card(**only_if("b", "code")), id="required for one kind"),
    pytest.param(
        a_card(**only_if("b", "code")), a_card(**only_if("b", "day")), id="another required"
    ),
    pytest.param(a_card(), a_card(**{"not": {"required": ["code", "day"]}}), id="not both"),
    pytest.param(
        a_union(of_kind("a"), of_kind("b", code=TEXT)),
        a_union(of_kind("a"), of_kind("b", "code", code=TEXT)),
        id="required in one branch",
    ),
    pytest.param(
        a_union(of_kind("a"), of_kind("b"), word="anyOf"),
        a_union(of_kind("a"), word="anyOf"),
        id="a branch removed",
    ),
    pytest.param(
        a_union({"type": "integer"}, TEXT, word="anyOf"),
        a_union({"type": "integer"}, {"type": "number"}, TEXT),
        id="two branches at once",
    ),
    pytest.param(
        {"allOf": [{"required": ["a"]}], "properties": {"a": TEXT}},
        {"allOf": [{"required": ["a"]}], "unevaluatedProperties": False, "properties": {"a": TEXT}},
        id="what nobody evaluated",
    ),
    pytest.param(a_tree(), a_tree(maxProperties=1), id="a tree without children"),
    pytest.param(
        a_tree(), a_tree(properties={"name": {"maxLength": 3}, "children": {}}), id="names in trees"
    ),
    pytest.param({}, False, id="nothing is taken any more"),
]


@pytest.mark.parametrize(("old", "new"), BREAKS)
def test_a_break_has_a_witness_on_which_both_validators_agree(old, new):
    new = new if isinstance(new, dict) else {"not": {}}

    [found] = witness(new, old)

    assert Validity(old)(found) is True
    assert Validity(new)(found) is False


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(TEXT, TEXT, id="nothing changed"),
        pytest.param({"maxLength": 3}, {"maxLength": 4}, id="a bound widened"),
        pytest.param(an_object("a", a=TEXT), an_object(a=TEXT, b=TEXT), id="a property added"),
        pytest.param({"enum": ["a"]}, {"enum": ["a", "b"]}, id="a code added"),
        pytest.param({"type": "integer"}, {"type": "number"}, id="fractions let in"),
        pytest.param({"not": {}}, {"type": "null"}, id="nothing was taken before"),
        pytest.param(a_tree(), a_tree(required=[]), id="a tree widened"),
    ],
)
def test_what_breaks_nothing_has_no_witness(old, new):
    assert witness(new, old) == []


def test_a_witness_is_small():
    old = an_object(
        "name", name=TEXT, note=TEXT, tags={"type": "array", "items": {**TEXT, "maxLength": 9}}
    )
    new = json.loads(json.dumps(old).replace('"maxLength": 9', '"maxLength": 8'))

    [found] = witness(new, old)

    assert sorted(found) == ["name", "tags"]
    assert [len(tag) for tag in found["tags"]] == [9]


def test_what_an_if_asks_about_is_brought_about_with_all_that_follows():
    def a_case(*outcomes):
        closed = {"required": ["state"], "properties": {"state": {"const": "closed"}}}
        rule = {"if": closed, "then": {"required": ["day", "outcome"]}}
        never = {"if": {"not": closed}, "then": {"not": {"required": ["outcome"]}}}
        states, day = {"enum": ["open", "closed"]}, {"type": "string", "format": "date"}
        card = an_object("state", state=states, day=day, outcome={"enum": list(outcomes)})
        return {**card, "allOf": [rule, never]}

    [found] = witness(a_case("good"), a_case("good", "bad"))

    assert found == {"state": "closed", "day": "2026-01-05", "outcome": "bad"}


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ((), {"required": ["firstName", "sex"]}),
        (("sex",), {"enum": ["1", "2"]}),
        (("lastName",), {"maxLength": 99}),
        (("address", "items", "properties", "line"), {"maxItems": 3}),
        (("telecom", "items", "properties", "system"), {"enum": ["phone", "email"]}),
        (("pirlUniqueId",), {"pattern": "^[A-Z]{12}$"}),
    ],
)
def test_a_break_of_a_published_type_has_a_small_witness(path, word):
    texts = {each: each.read_text() for each in Path("resource_schemas").glob("*/*/schema.json")}
    documents = {each["$id"]: each for each in map(json.loads, texts.values())}
    profile = documents["https://hub.wioa.example/schemas/ParticipantProfile/1.0.0"]
    changed = json.loads(json.dumps(profile))
    place = reduce(lambda node, name: node[name], ("properties", *path) if path else (), changed)
    place.update(word)
    old, new = bundled(profile, documents), bundled(changed, documents)

    [found] = witness(new, old)

    assert Validity(old)(found) is True
    assert Validity(new)(found) is False
    assert len(found) <= len(profile["required"]) + 1


def test_schemas_nested_beyond_reason_have_no_witness():
    deep = {"type": "string"}
    for _ in range(400):
        deep = {"properties": {"a": deep}}

    assert witness({"properties": {"a": {"type": "null"}}}, deep) in ([], [{"a": ""}], [{"a": {}}])


def test_the_same_pair_has_the_same_witness_every_time():
    old, new = {"pattern": "^(ab|c[d-f]+|g)$"}, {"pattern": "^(ab|c[d-e]+|g)$"}

    assert witness(new, old) == witness(new, old)


def test_a_witness_is_looked_for_first_where_the_proof_failed():
    old = an_object(**{f"p{count}": {**TEXT, "maxLength": 30} for count in range(60)})
    new = an_object(**{f"p{count}": {**TEXT, "maxLength": 29} for count in range(60)})
    place = Place("#/properties/p44", "#/properties/p44", "/p44", "maxLength")

    assert witness(new, old, [place]) == [{"p44": "a" * 30}]


def test_a_place_inside_entries_of_arrays_is_found():
    entry = an_object("code", code={**TEXT, "maxLength": 5})
    old = an_object(list={"type": "array", "items": entry})
    new = json.loads(json.dumps(old).replace("5", "4"))
    place = Place("#", "#", "/list/0/code", "maxLength")

    assert witness(new, old, [place]) == [{"list": [{"code": "00000"}]}]


def test_no_witness_looks_like_the_number_of_a_person():
    old, new = {"pattern": "^[0-9]{9}$"}, {"pattern": "^0[0-9]{8}$"}

    [found] = witness(new, old)

    assert found.startswith("666")
    assert not is_synthetic({"ssn": "123-45-6789"})
    assert not is_synthetic([{"123456789": 1}])


def test_what_the_validators_disagree_on_is_no_witness():
    unclear = {"type": "string", "pattern": "^\\w$"}

    assert Validity(unclear)("é") is None
    assert Validity({"pattern": "^(?P<a>.)$"} | {"minLength": 9})("short") in (None, False)


def test_a_pattern_that_would_fill_the_memory_gives_no_samples():
    assert samples("^((a{999}){999}){999}$") == ()
    assert sample_of_length("^a*$", 10**9) is None
    assert samples("a" * 3000) == ()


def test_numbers_beyond_floats_end_the_search():
    assert witness({"maximum": 5}, {"type": "integer", "minimum": 10**400}) == []


def test_a_pattern_with_look_ahead_gives_no_samples():
    assert samples("^(?=a)b$") == ()
    assert sample_of_length("^(?=a)b$", 3) is None
    assert edges("^(?=a)b$") == ""


PATTERNS = [
    "^[A-Z]{2}$",
    "^[0-9]{5}(-[0-9]{4})?$",
    "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
    "^[^\\x00-\\x1F\\x7F-\\x9F]*[^ \\x00-\\x1F\\x7F-\\x9F][^\\x00-\\x1F\\x7F-\\x9F]*$",
    "^(\\+1[ .\\-]?)?(\\([0-9]{3}\\) ?|[0-9]{3}[ .\\-]?)[0-9]{3}[ .\\-]?[0-9]{4}$",
    "^([A-Za-z][A-Za-z0-9+.\\-]*:[!#-;=?-\\[\\]_a-z~]+|Partner\\/[A-Za-z0-9\\-.]{1,64})$",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_samples_have_the_form_of_their_pattern(pattern):
    found = samples(pattern)

    assert len(found) > 1
    assert all(re.search(pattern, text) for text in found)


@pytest.mark.parametrize(
    ("pattern", "length"),
    [
        ("^[A-Z0-9]{12}$", 12),
        ("^[^@ ]{1,64}@[a-z.]{1,185}\\.[a-z]{2,24}$", 254),
        ("^(ab|c{3,9}d)*$", 10),
        ("^x(-[a-z]{2,8})?$", 10),
    ],
)
def test_a_sample_of_a_given_length_is_found(pattern, length):
    text = sample_of_length(pattern, length)

    assert len(text) == length
    assert re.search(pattern, text)


def test_near_misses_of_long_strings_are_made_at_few_places():
    assert len(set(near_misses("a" * 4000, "ab"))) < 30


def test_shrinking_stops_where_no_smaller_value_is_a_witness():
    big = {"a": [9, 8, 7, 6.5], "b": {"c": "a long text", "d": True}}

    assert shrunk(big, lambda each: "b" in each) == {"b": {}}


CODES = st.lists(st.sampled_from("abcd"), min_size=1, unique=True)
LEAVES = st.one_of(
    st.fixed_dictionaries({"type": st.sampled_from(["string", "integer", "boolean"])}),
    st.builds(lambda codes: {"enum": codes}, CODES),
    st.builds(lambda size: {"type": "string", "maxLength": size}, st.integers(0, 9)),
    st.builds(lambda least: {"type": "integer", "minimum": least}, st.integers(-9, 9)),
    st.builds(lambda last: {"pattern": f"^[a-{last}]+$"}, st.sampled_from("bcd")),
)


def _around(inner):
    objects = st.builds(
        lambda properties, required: an_object(
            *(name for name in required if name in properties), **properties
        ),
        st.dictionaries(st.sampled_from("pqr"), inner, max_size=3),
        st.lists(st.sampled_from("pqr"), unique=True),
    )
    arrays = st.builds(
        lambda items, most: {"type": "array", "items": items, "maxItems": most},
        inner,
        st.integers(0, 3),
    )
    unions = st.builds(
        lambda word, branches: {word: branches},
        st.sampled_from(["anyOf", "oneOf", "allOf"]),
        st.lists(inner, min_size=1, max_size=3),
    )
    return st.one_of(objects, arrays, unions, st.builds(lambda each: {"not": each}, inner))


SCHEMAS = st.recursive(LEAVES, _around, max_leaves=5)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(SCHEMAS, SCHEMAS)
def test_every_witness_is_confirmed_by_both_validators(old, new):
    for found in witness(new, old):
        assert Validity(old)(found) is True
        assert Validity(new)(found) is False
