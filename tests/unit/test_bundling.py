"""A bundled schema stands alone, and an opened one hides what its readers do not know."""

import json
from pathlib import Path

import pytest

from app.rules.compatibility.bundling import bundled, opened
from app.rules.compatibility.proof import prove

FOLDER = Path(__file__).parents[2] / "resource_schemas"
DOCUMENTS = {
    schema["$id"]: schema
    for schema in (json.loads(p.read_bytes()) for p in FOLDER.glob("*/1.0.0/schema.json"))
}
TYPES = [url for url, each in DOCUMENTS.items() if "x-kind" in each]


def included(narrow, wide):
    return narrow == wide or None


SHARED = "https://hub.wioa.example/schemas/datatypes/1.0.0#/$defs/"


def test_annotations_go_and_properties_of_their_names_stay():
    schema = {"$id": "urn:a", "title": "A", "x-kind": "y", "properties": {"title": {"title": "T"}}}

    assert bundled(schema, {}) == {"properties": {"title": {}}}


def test_a_schema_from_elsewhere_is_taken_over_once():
    other = {"$id": "urn:o", "$defs": {"n": {"properties": {"n": {"$ref": "#/$defs/n"}}}}}
    ref = {"$ref": "urn:o#/$defs/n"}

    result = bundled({"properties": {"a": ref, "b": {**ref, "maxLength": 1}}}, {"urn:o": other})

    (name,) = result["$defs"]
    local = f"#/$defs/{name}"
    assert result["properties"] == {"a": {"$ref": local}, "b": {"$ref": local, "maxLength": 1}}
    assert result["$defs"][name] == {"properties": {"n": {"$ref": local}}}


@pytest.mark.parametrize("ref", ["urn:unknown", "#/$defs/none", "#anchor"])
def test_a_reference_that_leads_nowhere_is_refused(ref):
    with pytest.raises(ValueError, match="leads nowhere"):
        bundled({"$ref": ref}, {})


def test_readers_take_unknown_names_and_codes_but_no_empty_object():
    schema = {
        "type": "object",
        "properties": {"code": {"enum": ["a"], "x-extensible": True}},
        "additionalProperties": False,
        "minProperties": 1,
    }

    result = opened(schema)

    assert result == {
        "type": "object",
        "properties": {"code": {}},
        "allOf": [{"anyOf": [{"required": ["code"]}]}],
    }


def _with_one_more(schema):
    extra = {"brandNew": {"$ref": f"{SHARED}string", "maxLength": 50}}
    return {**schema, "properties": {**schema["properties"], **extra}}


@pytest.mark.parametrize("url", TYPES)
def test_every_type_may_gain_an_optional_element(url):
    old = bundled(DOCUMENTS[url], DOCUMENTS)
    new = bundled(_with_one_more(DOCUMENTS[url]), DOCUMENTS)

    assert prove(old, old, included).answer == "yes"
    assert prove(new, old, included).answer == "yes"
    assert prove(opened(old), new, included).answer == "yes"


@pytest.mark.parametrize("url", TYPES)
def test_every_type_may_gain_a_code(url):
    schema = DOCUMENTS[url]
    name = next(name for name, each in schema["properties"].items() if "enum" in each)
    element = schema["properties"][name]
    wider = {**element, "enum": [*element["enum"], "brand-new"]}
    old = bundled(schema, DOCUMENTS)
    new = bundled({**schema, "properties": {**schema["properties"], name: wider}}, DOCUMENTS)

    assert prove(new, old, included).answer == "yes"
