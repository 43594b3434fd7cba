"""Gate G3: the examples beside a candidate are taken and refused as they say."""

import json

import pytest

from app.rules.publishing.finding import Example
from app.rules.publishing.soundness.examples import examples
from candidates import TYPES, a_candidate, a_library, codes, examples_of, schema_of


def shown(given, kind="Credential", schema=None):
    """Return gate G3 of a candidate with the examples given."""
    schema = schema or schema_of(kind)
    return examples(a_candidate(kind, schema=schema, examples=given), schema, a_library())


def changed(name="changed", is_valid=True, **elements):
    """Return a minimal example with some elements changed."""
    found = next(each for each in examples_of() if each.name == "minimal")
    return Example(name, is_valid, json.dumps({**json.loads(found.text), **elements}))


WRONG = changed("wrong", is_valid=False, status="unheard-of")


@pytest.mark.parametrize("kind", TYPES)
def test_every_shipped_example_is_as_it_says(kind):
    gate = shown(examples_of(kind), kind)

    assert gate.is_open
    assert gate.facts["valid"] > 0
    assert gate.facts["invalid"] > 0


def test_a_valid_example_that_is_refused_is_told_with_its_place_and_not_its_value():
    gate = shown([changed(status="unheard-of"), WRONG])

    assert codes(gate) == ["example-refused"]
    assert gate.findings[0].instance_path == "/status"
    assert "unheard-of" not in gate.findings[0].text


def test_an_invalid_example_that_is_taken_is_told():
    assert codes(shown([changed(), changed("taken", is_valid=False), WRONG])) == ["example-taken"]


def test_there_is_at_least_one_of_each():
    assert codes(shown([WRONG])) == ["no-valid-example"]
    assert codes(shown([changed()])) == ["no-invalid-example"]
    assert codes(shown([])) == ["no-valid-example", "no-invalid-example"]


def test_each_has_a_name_of_its_own():
    assert codes(shown([changed(), changed(), WRONG])) == ["same-name"]


def test_a_valid_example_says_its_type_even_if_the_schema_does_not_ask():
    schema = schema_of()
    schema["properties"]["resourceType"] = {"type": "string"}

    assert codes(shown([changed(resourceType="Agency"), WRONG], schema=schema)) == ["example-type"]


def test_an_example_that_refers_to_a_type_that_is_not_allowed_is_refused():
    gate = shown([changed(assessments=[{"reference": "Agency/a1"}]), WRONG])

    assert codes(gate) == ["example-refused"]


@pytest.mark.parametrize(
    "text", ["", "[]", '{"a": 1, "a": 1}', '{"a": NaN}', '"\\ud800"', "\ud800"]
)
def test_an_example_that_is_no_resource_at_all_is_told(text):
    gate = shown([changed(), WRONG, Example("broken", is_valid=False, text=text)])

    assert codes(gate) == ["example-not-json"]
