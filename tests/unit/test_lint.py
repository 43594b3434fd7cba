"""Gates G1, G2 and G4: a candidate is in the dialect, is written with care, points at what is."""

import pytest

from app.rules.publishing.soundness.dialect import dialect
from app.rules.publishing.soundness.lint import lint
from app.rules.publishing.soundness.references import references
from candidates import TYPES, a_candidate, a_library, codes, places, schema_of

TOLD = {"description": "An element that is here for a test.", "x-sensitivity": "PUBLIC"}
TEXT = {**TOLD, "type": "string", "maxLength": 10}
SHARED = "https://hub.wioa.example/schemas/datatypes/1.0.0#/$defs/"


def with_element(element, name="extra", **more):
    """Return a schema with one more element."""
    found = schema_of()
    found["properties"][name] = element
    return {**found, **more}


def linted(schema):
    """Return gate G2."""
    return lint(schema, {**a_library().documents, schema["$id"]: schema})


def spoken(schema):
    """Return gate G1."""
    return dialect(schema, a_library().documents)


@pytest.mark.parametrize("kind", TYPES)
def test_every_shipped_schema_keeps_to_dialect_lint_and_references(kind):
    schema, candidate = schema_of(kind), a_candidate(kind)

    for gate in (spoken(schema), linted(schema), references(candidate, schema, a_library())):
        assert gate.is_open
        assert not gate.findings


def test_every_fault_of_the_dialect_is_told_with_its_path():
    schema = with_element({**TEXT, "maxlength": 4, "x-serach": "token"})
    del schema["properties"]["name"]["description"]
    del schema["properties"]["issuer"]["x-sensitivity"]
    schema["properties"]["cipCode"]["pattern"] = "abc"
    schema["properties"]["status"]["x-codes"] = 4

    gate = spoken(schema)

    assert [(each.code, each.path) for each in gate.findings] == [
        ("not-anchored", "#/properties/cipCode/pattern"),
        ("unknown-word", "#/properties/extra/maxlength"),
        ("unknown-word", "#/properties/extra/x-serach"),
        ("no-sensitivity", "#/properties/issuer"),
        ("no-description", "#/properties/name"),
        ("bad-word", "#/properties/status/x-codes"),
    ]


@pytest.mark.parametrize(
    ("element", "code", "path"),
    [
        pytest.param({"type": "string", "maxLength": 5}, "no-description", "", id="undescribed"),
        pytest.param({"type": "string", "maxLength": 5}, "no-sensitivity", "", id="unlabelled"),
        pytest.param({**TOLD, "type": "object"}, "open-object", "", id="any object"),
        pytest.param({**TOLD, "properties": {"a": TEXT}}, "open-object", "", id="an open object"),
        pytest.param({**TOLD, "type": "string"}, "no-max-length", "", id="an endless text"),
        pytest.param(TOLD, "untyped", "", id="anything at all"),
        pytest.param({**TOLD, "type": "array", "items": TEXT}, "no-max-items", "", id="endless"),
        pytest.param(
            {**TOLD, "type": "array", "maxItems": 5}, "untyped", "", id="list of anything"
        ),
        pytest.param({**TEXT, "pattern": "^a|b$"}, "not-anchored", "/pattern", id="half anchored"),
        pytest.param({**TEXT, "pattern": "^a\\$"}, "not-anchored", "/pattern", id="a dollar sign"),
        pytest.param(
            {**TOLD, "enum": ["a"], "type": "string", "x-codes": {"a": "A", "b": "B"}},
            "unknown-code",
            "/x-codes",
            id="the meaning of no code",
        ),
        pytest.param(
            {**TOLD, "enum": ["a", "b"], "type": "string", "x-codes": {"a": "A"}},
            "code-without-meaning",
            "/x-codes",
            id="a code without meaning",
        ),
        pytest.param(
            {**TOLD, "enum": ["a"], "type": "string", "x-transitions": {"a": ["z"]}},
            "unknown-code",
            "/x-transitions",
            id="a step to nowhere",
        ),
        pytest.param(
            {**TOLD, "enum": ["a", 1, True], "type": ["string", "integer"]},
            "dead-code",
            "/enum/2",
            id="a code of another type",
        ),
        pytest.param({**TEXT, "minLength": 11}, "dead-schema", "", id="longer than it may be"),
        pytest.param(
            {**TEXT, "enum": ["a"], "pattern": "^b$"}, "dead-schema", "", id="no code left"
        ),
        pytest.param(
            {**TOLD, "type": "integer", "minimum": 5, "maximum": 4},
            "dead-schema",
            "",
            id="no number",
        ),
    ],
)
def test_an_element_without_care_is_told(element, code, path):
    gate = linted(with_element(element))

    assert not gate.is_open
    assert f"#/properties/extra{path}" in places(gate, code)


def test_elements_within_lists_and_objects_are_linted_too():
    inner = {"type": "object", "additionalProperties": False, "properties": {"items": {}}}
    schema = with_element({**TOLD, "type": "array", "maxItems": 5, "items": inner})

    gate = linted(schema)

    at = "#/properties/extra/items/properties/items"
    assert {each.code for each in gate.findings if each.path == at} == {
        "bad-name",
        "no-description",
        "no-sensitivity",
        "untyped",
    }


def test_the_length_that_a_shared_type_has_is_enough():
    assert linted(with_element({**TOLD, "$ref": f"{SHARED}string"})).is_open


def test_what_is_required_must_be_there():
    schema = schema_of()
    schema["required"] += ["colour"]
    schema["allOf"] = [{"if": {"required": ["shape"]}, "then": {"properties": {"size": False}}}]

    gate = linted(schema)

    last = len(schema["required"]) - 1
    assert places(gate, "required-absent") == [f"#/required/{last}", "#/allOf/0/if/required/0"]
    assert places(gate, "dead-condition") == ["#/allOf/0/then/properties/size"]


def test_an_element_that_is_forbidden_on_purpose_is_not_dead():
    schema = schema_of()
    schema["allOf"] = [{"if": {"required": ["issuer"]}, "then": {"properties": {"note": False}}}]

    assert linted(schema).is_open


def test_references_to_what_is_not_published_are_told():
    schema = with_element(
        {**TOLD, "$ref": "https://hub.wioa.example/schemas/datatypes/9.0.0#/$defs/string"}
    )
    schema["properties"]["note"]["$ref"] = f"{SHARED}novel"
    schema["properties"]["assessments"]["x-target"] = ["Assessment", "Wizard"]

    gate = references(a_candidate(schema=schema), schema, a_library())

    assert places(gate, "unpublished-reference") == ["#/properties/extra/$ref"]
    assert places(gate, "dangling-reference") == ["#/properties/note/$ref"]
    assert places(gate, "unknown-target") == ["#/properties/assessments/x-target/1"]
    assert len(codes(gate)) == 3
