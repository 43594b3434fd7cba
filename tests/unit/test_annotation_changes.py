"""What a change of annotations breaks while the same resources stay valid, and reserved names."""

from copy import deepcopy
from pathlib import Path

import pytest

from app.model.registry import load
from app.rules.publishing.annotations.changelog import annotation_findings
from app.rules.publishing.annotations.reserved import reserved_findings
from app.rules.publishing.finding import Library

REGISTRY = load(Path(__file__).parents[2] / "resource_schemas")
PROFILE = REGISTRY.types["ParticipantProfile"].schema
REFERENCE = "https://hub.wioa.example/schemas/datatypes/1.0.0#/$defs/Reference"


def a_type(properties=None, **root):
    """Return a small type in which each annotation stands once."""
    known = {
        "status": {
            "enum": ["draft", "open", "done"],
            "x-codes": {"draft": "Being written.", "open": "At work.", "done": "Over."},
            "x-search": "token",
            "x-transitions": {"draft": ["open"], "open": ["done"], "done": []},
            "x-initial": ["draft", "open"],
            "x-sensitivity": "OPS",
            "x-standard": "FHIR Task.status",
        },
        "subject": {
            "$ref": REFERENCE,
            "x-target": ["Partner", "Agency"],
            "x-search": "reference",
            "x-sensitivity": "PII-DIRECT",
        },
        "number": {"type": "string", "x-secret": True, "x-search": "token", "x-sensitivity": "OPS"},
        "born": {"type": "string", "x-blind": True, "x-readonly": True, "x-sensitivity": "OPS"},
    }
    for name, each in (properties or {}).items():
        known[name] = {k: v for k, v in {**known.get(name, {}), **each}.items() if v is not None}
    return {
        "$id": "https://hub.wioa.example/schemas/Thing/1.0.0",
        "x-kind": "data",
        "x-level": 1,
        "x-versioning": "optional",
        "x-owner": "subject",
        "x-unique": [["status", "number"]],
        "type": "object",
        "properties": known,
        **root,
    }


def told(new, old=None, **options):
    found = annotation_findings(old or a_type(), new, REGISTRY.by_url, "1.0.0", **options)
    return [(each.code, each.level, each.bump) for each in found]


@pytest.mark.parametrize("name", sorted(REGISTRY.types))
def test_annotations_of_a_type_that_ships_have_not_changed_from_themselves(name):
    schema = REGISTRY.types[name].schema

    assert annotation_findings(schema, deepcopy(schema), REGISTRY.by_url, "1.0.0") == []


STATUS_CODES = {"draft": ["open"], "open": ["done", "draft"], "done": []}
CASES = [
    pytest.param(
        a_type({"status": {"x-search": None}}, **{"x-unique": [["status", "number"]]}),
        [("search-removed", "error", "major")],
        id="search parameter removed",
    ),
    pytest.param(
        a_type({"status": {"x-search": "string"}}),
        [("search-retyped", "error", "major")],
        id="search parameter retyped",
    ),
    pytest.param(
        a_type({"status": {"x-search": {"param": "state", "type": "token"}}}),
        [("search-removed", "error", "major"), ("search-added", "note", "minor")],
        id="search parameter renamed",
    ),
    pytest.param(
        a_type({"note": {"x-search": {"param": "status", "type": "token"}}}),
        [("sort-removed", "error", "major"), ("search-widened", "note", "minor")],
        id="search parameter that reads two elements sorts no more",
    ),
    pytest.param(
        a_type({"note": {"x-search": {"param": "status", "type": "date"}}}),
        [("search-inconsistent", "error", "minor")],
        id="search parameter of two types",
    ),
    pytest.param(
        a_type({"subject": {"x-target": ["Partner"]}}),
        [("target-narrowed", "error", "major")],
        id="reference narrowed",
    ),
    pytest.param(
        a_type({"subject": {"x-target": ["Partner", "Agency", "Program"]}}),
        [("target-widened", "note", "minor")],
        id="reference widened",
    ),
    pytest.param(
        a_type({"subject": {"x-target": None}}),
        [("target-dropped", "error", "major")],
        id="reference to anything",
    ),
    pytest.param(
        a_type({"born": {"x-secret": True}}), [("secret-added", "error", "major")], id="secret"
    ),
    pytest.param(
        a_type({"status": {"x-codes": {"draft": "Being written.", "open": "At work."}}}),
        [("code-meanings-changed", "note", "patch")],
        id="code no longer explained",
    ),
    pytest.param(
        a_type({"status": {"x-transitions": {"draft": ["open"], "open": ["done"]}}}),
        [("transition-added", "note", "minor")],
        id="status that the life cycle no longer speaks of",
    ),
    pytest.param(
        a_type({"status": {"x-search": [{"param": "status", "type": "token", "system": "s"}]}}),
        [("sort-removed", "error", "major"), ("search-narrowed", "error", "major")],
        id="search parameter that reads something else",
    ),
    pytest.param(
        a_type({"subject": {"x-sensitivity": "OPS"}}),
        [("sensitivity-lowered", "error", "minor")],
        id="sensitivity lowered",
    ),
    pytest.param(
        a_type({"status": {"x-sensitivity": "SENS-JUSTICE"}}),
        [("sensitivity-raised", "note", "minor")],
        id="sensitivity raised",
    ),
    pytest.param(
        a_type({"number": {"x-secret": None}}),
        [("search-retyped", "error", "major"), ("secret-dropped", "error", "minor")],
        id="secret dropped",
    ),
    pytest.param(
        a_type({"born": {"x-blind": None}}),
        [("blind-dropped", "error", "minor")],
        id="blind dropped",
    ),
    pytest.param(
        a_type({"status": {"x-transitions": {"draft": ["open"], "open": [], "done": []}}}),
        [("transition-removed", "error", "major")],
        id="move taken away",
    ),
    pytest.param(
        a_type({"status": {"x-transitions": STATUS_CODES}}),
        [("transition-added", "note", "minor")],
        id="move added",
    ),
    pytest.param(
        a_type({"status": {"x-initial": ["draft"]}}),
        [("initial-removed", "error", "major")],
        id="beginning taken away",
    ),
    pytest.param(
        a_type({"status": {"x-initial": None}}),
        [("initial-added", "note", "minor")],
        id="any beginning",
    ),
    pytest.param(a_type(**{"x-level": 2}), [("level-raised", "error", "major")], id="level raised"),
    pytest.param(
        a_type(**{"x-level": 0}), [("level-lowered", "note", "minor")], id="level lowered"
    ),
    pytest.param(
        a_type(**{"x-versioning": "required"}),
        [("versioning-required", "error", "major")],
        id="If-Match required",
    ),
    pytest.param(
        a_type(**{"x-kind": "versioned", "x-owner": ["subject"], "x-compartment": "subject"}),
        [
            ("kind-changed", "error", "major"),
            ("owner-changed", "error", "major"),
            ("compartment-changed", "error", "major"),
        ],
        id="whose it is",
    ),
    pytest.param(
        a_type(**{"x-unique": [["number", "status"], ["subject"]]}),
        [("unique-added", "error", "major")],
        id="business key added",
    ),
    pytest.param(
        a_type(**{"x-unique": []}),
        [("unique-removed", "error", "major")],
        id="business key removed",
    ),
    pytest.param(
        a_type({"status": {"x-readonly": True}}),
        [("readonly-added", "warning", "minor")],
        id="set by the hub now",
    ),
    pytest.param(
        a_type({"born": {"x-readonly": None}}),
        [("readonly-dropped", "warning", "minor")],
        id="set by clients now",
    ),
    pytest.param(
        a_type(
            {"status": {"x-codes": {"draft": "Being written.", "open": "Late.", "done": "Over."}}}
        ),
        [("code-meaning-changed", "warning", "patch")],
        id="code with another meaning",
    ),
    pytest.param(
        a_type({"status": {"x-standard": "FHIR R5 Task.status"}}),
        [("standard-changed", "note", "patch")],
        id="source reworded",
    ),
    pytest.param(
        a_type({"status": {"x-extensible": True, "x-fallback": {"open": "draft"}}}),
        [("fallback-added", "note", "minor"), ("extensible-added", "note", "minor")],
        id="open list of codes",
    ),
    pytest.param(
        a_type({"status": {"x-fallback": {"held": "open", "done": "over"}}}),
        [("fallback-unknown", "error", "minor"), ("fallback-added", "note", "minor")],
        id="fallback that names no code",
    ),
    pytest.param(
        a_type({"status": {"x-fallback": {"open": "done", "done": "open"}}}),
        [("fallback-circular", "error", "minor"), ("fallback-added", "note", "minor")],
        id="fallbacks in a circle",
    ),
    pytest.param(
        a_type({"status": {"x-colour": "red"}}),
        [("colour-changed", "note", "minor")],
        id="annotation of later days",
    ),
]


@pytest.mark.parametrize(("new", "expected"), CASES)
def test_a_change_of_an_annotation_is_judged_by_what_it_drives(new, expected):
    assert told(new) == expected


def test_a_major_version_may_change_what_it_promised_but_lowers_no_protection():
    new = a_type(
        {"subject": {"x-sensitivity": "PUBLIC", "x-target": ["Partner"]}},
        **{"x-unique": [["status", "number"], ["subject"]]},
    )

    assert told(new, is_major=True) == [
        ("unique-added", "error", "major"),
        ("sensitivity-lowered", "error", "minor"),
        ("target-narrowed", "warning", "major"),
    ]


def test_a_label_that_moves_to_the_element_around_is_no_change():
    inner = {"type": "object", "properties": {"deep": {"x-sensitivity": "SENS-WAGE"}}}
    outer = {"type": "object", "x-sensitivity": "SENS-WAGE", "properties": {"deep": {}}}

    found = told(a_type({"box": outer}), a_type({"box": {**inner, "x-sensitivity": "OPS"}}))

    assert found == [("sensitivity-raised", "note", "minor")]


def test_from_one_special_label_to_another_others_may_see_it():
    old = a_type({"wage": {"x-sensitivity": "SENS-WAGE"}})

    assert told(a_type({"wage": {"x-sensitivity": "SENS-EDU"}}), old) == [
        ("sensitivity-lowered", "error", "minor")
    ]


def test_a_profile_that_loses_the_search_by_number_of_an_agency_is_found_out():
    new = deepcopy(PROFILE)
    new["properties"]["identifier"]["items"] = {"type": "string"}

    found = annotation_findings(PROFILE, new, REGISTRY.by_url, "1.0.0")

    assert [(each.code, each.path, each.instance_path) for each in found] == [
        ("search-removed", "", "/identifier/*/value")
    ]


def a_version(number, **properties):
    return {
        "$id": f"https://hub.wioa.example/schemas/Thing/{number}",
        "type": "object",
        "properties": properties,
    }


LEVEL = {"enum": ["low", "high"], "x-sensitivity": "OPS"}
WITH, WITHOUT = a_version("1.0.0", level=LEVEL), a_version("1.1.0")


@pytest.mark.parametrize(
    ("level", "codes"),
    [
        pytest.param(LEVEL, [], id="the former meaning"),
        pytest.param({**LEVEL, "description": "Anew."}, [], id="the former meaning in other words"),
        pytest.param({**LEVEL, "enum": ["low"]}, ["name-reserved"], id="other codes"),
        pytest.param({**LEVEL, "x-sensitivity": "PUBLIC"}, ["name-reserved"], id="other label"),
        pytest.param({"type": "integer"}, ["name-reserved"], id="other type"),
        pytest.param({"items": LEVEL}, ["name-reserved"], id="a list of them"),
    ],
)
def test_a_name_that_was_given_up_comes_back_with_its_former_meaning_only(level, codes):
    library = Library({}, live={"1.1.0": WITHOUT}, former={"1.0.0": WITH})

    found = reserved_findings(a_version("2.0.0", level=level), library)

    assert [each.code for each in found] == codes
    assert {each.against for each in found} <= {"1.0.0"}


def test_a_name_that_was_never_given_up_is_not_reserved():
    library = Library({}, live={"1.0.0": WITH})

    assert reserved_findings(a_version("2.0.0", level={"type": "integer"}), library) == []


def test_what_a_later_major_gave_up_does_not_bind_a_fix_of_an_older_one():
    library = Library({}, live={"1.0.0": WITH, "2.0.0": a_version("2.0.0")})

    assert reserved_findings(a_version("1.0.1", level={"type": "integer"}), library) == []


def test_what_was_promised_to_readers_of_codes_is_told_when_it_goes():
    old = a_type({"status": {"x-extensible": True, "x-fallback": {"open": "draft"}}})

    assert told(a_type(), old) == [
        ("fallback-changed", "warning", "minor"),
        ("extensible-dropped", "note", "minor"),
    ]


def test_an_update_that_need_not_say_what_it_saw_is_a_warning():
    old = a_type(**{"x-versioning": "required"})

    assert told(a_type(), old) == [("versioning-optional", "warning", "minor")]


def test_of_a_type_without_end_only_the_list_of_changes_speaks():
    levels = {
        f"L{level}": {
            "properties": {name: {"$ref": f"#/$defs/L{level + 1}"} for name in ("a", "b")}
        }
        for level in range(30)
    }
    vast = a_type({"top": {"$ref": "#/$defs/L0"}}, **{"$defs": levels})

    assert told(vast, vast) == []
    assert reserved_findings(vast, Library({}, live={"0.9.0": WITH})) == []
