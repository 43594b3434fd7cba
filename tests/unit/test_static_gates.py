"""The gates together: which are judged, in which order, and what a new major version may do."""

from app.rules.publishing.gates import static_gates
from candidates import a_candidate, a_library, codes, places, schema_of


def judged(schema, version="1.1.0", live="Credential"):
    """Return the gates of a candidate by their codes."""
    candidate = a_candidate(schema=schema, version=version)
    found = static_gates(candidate, a_library(live), lambda a, b: True if a == b else None)
    return {each.code: each for each in found}


def test_an_element_without_description_is_told_once_and_keeps_no_other_gate_from_judging():
    schema = schema_of(version="1.1.0")
    del schema["properties"]["note"]["description"]

    gates = judged(schema)

    assert places(gates["G1"], "no-description") == ["#/properties/note"]
    assert gates["G2"].is_open
    assert [*gates] == ["G0", "G1", "G2", "G3", "G4", "G5", "G6", "G8", "G9"]


def test_while_a_reference_leads_nowhere_nothing_after_it_is_judged():
    schema = schema_of(version="1.1.0")
    schema["properties"]["note"]["$ref"] = "#/$defs/nothing"

    gates = judged(schema)

    assert [*gates] == ["G0", "G1", "G4"]
    assert codes(gates["G4"]) == ["dangling-reference"]


def test_an_optional_element_is_a_minor_change_and_nobody_breaks():
    schema = schema_of(version="1.1.0")
    schema["properties"]["colour"] = {
        "description": "The colour of the paper.",
        "type": "string",
        "maxLength": 20,
        "x-sensitivity": "PUBLIC",
    }

    gates = judged(schema)

    assert all(each.is_open for each in gates.values())
    assert gates["G9"].facts["bump"] == {"computed": "minor", "declared": "minor"}
    [comparison] = gates["G5"].facts["comparisons"]
    assert (comparison["write"]["answer"], comparison["read"]["answer"]) == ("yes", "yes")


def test_what_breaks_is_an_error_of_a_minor_and_a_warning_of_a_major():
    minor, major = (
        judged({**schema, "required": [*schema["required"], "issuer"]}, version)
        for version in ("1.1.0", "2.0.0")
        for schema in [schema_of(version=version)]
    )

    assert not minor["G5"].is_open
    assert codes(minor["G9"]) == ["bump-too-small"]
    assert major["G5"].is_open
    assert "warning" in {each.level for each in major["G5"].findings}
    assert major["G9"].is_open


def test_the_first_version_of_a_type_needs_no_base():
    gates = judged(schema_of(), "1.0.0", live=None)

    assert gates["G5"].is_open
    assert gates["G8"].is_open
