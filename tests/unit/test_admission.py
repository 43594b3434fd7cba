"""Gate G0: what is not safe to look at is refused before anything looks at it."""

import json

import pytest

from app.rules.publishing.admission.gate import admission
from app.rules.publishing.admission.pattern_cost import pattern_fault
from candidates import TYPES, a_candidate, a_library, codes, places, schema_of


def admitted(schema=None, **changed):
    """Return gate G0 of a candidate."""
    return admission(a_candidate(schema=schema, **changed), a_library().documents)


def with_element(element, **more):
    """Return a schema with one more element, and perhaps more at its root."""
    found = schema_of()
    found["properties"]["extra"] = element
    return {**found, **more}


@pytest.mark.parametrize("kind", TYPES)
def test_every_shipped_schema_is_safe_to_look_at(kind):
    gate = admission(a_candidate(kind), a_library().documents)

    assert gate.is_open
    assert not gate.findings


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param('{"a": 1', id="broken off"),
        pytest.param('{"a": 1, "a": 2}', id="the same name twice"),
        pytest.param('{"x": [{"a": 1, "\\u0061": 2}]}', id="the same name twice, one escaped"),
        pytest.param('{"maximum": NaN}', id="NaN"),
        pytest.param('{"maximum": -Infinity}', id="infinity"),
        pytest.param('{"maximum": 1e999}', id="a number that overflows"),
        pytest.param('{"maximum": 9007199254740993}', id="an integer that readers round"),
        pytest.param('{"maximum": ' + "9" * 5000 + "}", id="an integer of 5,000 digits"),
        pytest.param('{"a": "\\ud800"}', id="half a surrogate pair"),
        pytest.param('{"\\u0000": 1}', id="NUL in a name"),
        pytest.param('{"a": "\ud800"}', id="half a surrogate pair, unescaped"),
        pytest.param('{"a": "' + "x" * 400_000 + '"}', id="a text of 400,000 characters"),
        pytest.param('{"a":' * 100 + "1" + "}" * 100, id="a hundred levels"),
        pytest.param("[" * 100_000, id="a hundred thousand levels"),
    ],
)
def test_a_text_that_is_no_strict_json_is_refused(text):
    gate = admitted(text=text)

    assert codes(gate) == ["not-strict-json"]


def test_a_schema_is_an_object():
    assert codes(admitted(text="[]")) == ["not-an-object"]
    assert codes(admitted(text="true")) == ["not-an-object"]


def test_a_schema_has_its_own_address_and_the_standard_dialect():
    schema = {**schema_of(), "$id": "https://example.com/x", "$schema": "http://json-schema.org/"}

    gate = admitted(schema)

    assert codes(gate) == ["foreign-id", "foreign-dialect"]


@pytest.mark.parametrize(
    "reference",
    [
        "https://example.com/schema#/$defs/x",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "https://hub.wioa.example/schemas/datatypes#/$defs/string",
        "https://hub.wioa.example/schemas/datatypes/1#/$defs/string",
        "https://hub.wioa.example/schemas/../other/1.0.0#/$defs/string",
        "https://hub.wioa.example@example.com/schemas/datatypes/1.0.0#/$defs/string",
        "#",
        "#/properties/name",
        "#name",
        "",
        5,
    ],
)
def test_a_reference_out_of_the_hub_or_to_no_exact_version_is_refused(reference):
    gate = admitted(with_element({"$ref": reference}))

    assert places(gate, "foreign-reference") == ["#/properties/extra/$ref"]


@pytest.mark.parametrize("word", ["$anchor", "$dynamicRef", "$dynamicAnchor", "$vocabulary", "$id"])
def test_words_that_move_references_elsewhere_are_refused(word):
    gate = admitted(with_element({word: "x"}))

    assert places(gate, "forbidden-word") == [f"#/properties/extra/{word}"]


@pytest.mark.parametrize(
    "definitions",
    [
        pytest.param({"a": {"$ref": "#/$defs/a"}}, id="itself"),
        pytest.param({"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}, id="two"),
        pytest.param({"a": {"properties": {"x": {"$ref": "#/$defs/a"}}}}, id="through an element"),
        pytest.param({"a": {"not": {"$ref": "#/$defs/a"}}}, id="through not"),
    ],
)
def test_references_that_lead_round_are_refused(definitions):
    gate = admitted({**schema_of(), "$defs": definitions})

    assert codes(gate) == ["reference-cycle"]


def test_references_that_double_at_every_step_are_refused():
    steps = {f"s{n}": {"allOf": [{"$ref": f"#/$defs/s{n + 1}"}] * 2} for n in range(30)}

    gate = admitted({**schema_of(), "$defs": {**steps, "s30": {"type": "string"}}})

    assert codes(gate) == ["too-costly"]


@pytest.mark.parametrize(
    "element",
    [
        pytest.param({"anyOf": [{"const": n} for n in range(201)]}, id="201 branches"),
        pytest.param({"enum": list(range(5001))}, id="5,001 codes"),
        pytest.param({"minLength": 10_001}, id="a least length that no example can have"),
        pytest.param({"minItems": 1e300}, id="a least count that no list can have"),
        pytest.param({"allOf": [{"items": {}}] * 4000}, id="4,000 objects"),
    ],
)
def test_what_would_grow_without_bound_is_refused(element):
    assert "too-costly" in codes(admitted(with_element(element)))


@pytest.mark.parametrize(
    "pattern",
    [
        "^(a+)+$",
        "^(a*)*$",
        "^(a|a)*$",
        "^(a|aa)+$",
        "^(a|b|ab)*c$",
        "^([a-z]+)*[0-9]$",
        "^(\\w+\\s?)*$",
        "^(x+x+)+y$",
        "^(.*a){10}$",
        "^(a?){30}a{30}$",
        "^(a{3}|a{2})*$",
        "^([a-z]{1,30}){1,30}$",
        "^(((a{1,900}){1,900}){1,900})$",
        "^" + "a?" * 30 + "a{30}$",
        "^" + "(a|a)" * 30 + "$",
        "^a*a*a*a*a*b$",
        "^a{1,100000}$",
        "^a{2,1}$",
        "^" + "(" * 300 + "a" + ")" * 300 + "$",
        "^" + "a" * 2000 + "$",
        "^(?=a)a$",
        "^(?<!a)b$",
        "^(a)\\1$",
        "^\\bx$",
        "^\\p{L}$",
        "^(a$",
        "^a)$",
        "^[a$",
        "^[z-a]$",
        "^*$",
        "^a**$",
    ],
)
def test_a_pattern_that_may_take_endless_time_or_is_not_plain_is_refused(pattern):
    schema = with_element({"type": "string", "pattern": pattern})

    assert places(admitted(schema), "pattern-costly") == ["#/properties/extra/pattern"]


@pytest.mark.parametrize(
    "pattern",
    [
        "^[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}$",
        "^[A-Z][a-z]+( [A-Z][a-z]+)*$",
        "^([0-9]{2})*$",
        "^([0-9]{3},)*[0-9]{3}$",
        "^(?:ab|cd)*$",
        "^a.*b.*c$",
        "^[^\\]\\x00-\\u001F]+?$",
        "^\\d{3}-\\d{2}-\\d{4}$",
        "^$",
    ],
)
def test_a_pattern_with_one_way_through_is_taken(pattern):
    assert pattern_fault(pattern) is None


def test_a_word_that_is_the_name_of_an_element_is_taken_for_a_name():
    schema = with_element(
        {"type": "object", "properties": {"enum": {}, "pattern": {}, "anyOf": {}}}
    )

    assert admitted(schema).is_open


def test_what_is_no_schema_of_the_standard_is_left_to_the_next_gate():
    odd = {"properties": [], "allOf": {}, "items": 5, "enum": "x", "pattern": 7, "minLength": "1"}

    assert admitted(with_element(odd, **{"$defs": []})).is_open


def test_examples_are_few_and_short():
    huge = (
        a_candidate().examples[0].__class__("huge", is_valid=True, text=json.dumps("x" * 200_000))
    )

    assert codes(admitted(examples=[huge])) == ["too-costly"]
    assert codes(admitted(examples=[huge.__class__("x", True, "{}")] * 201)) == ["too-costly"]
