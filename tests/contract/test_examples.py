"""The published examples, by the hub's validator and by a second, independent one."""

import json
from pathlib import Path

import jsonschema
import pytest
from referencing import Registry, Resource

from app.model.registry import load

FOLDER = Path(__file__).parents[2] / "resource_schemas"
VALID = sorted(FOLDER.glob("*/*/valid/*.json"))
INVALID = sorted(FOLDER.glob("*/*/invalid/*.json"))


def name(path):
    return f"{path.parents[2].name}-{path.stem}"


@pytest.fixture(scope="module")
def second_opinion():
    """Return a function from a type's name to jsonschema's validator of it."""
    schemas = {
        path.parts[-3]: json.loads(path.read_text()) for path in FOLDER.glob("*/*/schema.json")
    }
    registry = Registry().with_resources(
        (each["$id"], Resource.from_contents(each)) for each in schemas.values()
    )
    formats = jsonschema.Draft202012Validator.FORMAT_CHECKER

    def validator(kind):
        return jsonschema.Draft202012Validator(
            schemas[kind], registry=registry, format_checker=formats
        )

    return validator


@pytest.mark.parametrize("path", VALID, ids=name)
def test_a_valid_example_is_valid_by_both_validators(registry, second_opinion, path):
    body = json.loads(path.read_text("utf-8"))

    assert registry.type(body["resourceType"]).faults(body) == []
    assert list(second_opinion(body["resourceType"]).iter_errors(body)) == []


@pytest.mark.parametrize("path", INVALID, ids=name)
def test_an_invalid_example_fails_for_the_reason_it_names(registry, second_opinion, path):
    example = json.loads(path.read_text("utf-8"))
    kind = path.parents[2].name

    faults = registry.type(kind).check(example["resource"])

    assert [(each.pointer, each.keyword) for each in faults] == [
        (example["expect"]["pointer"], example["expect"]["keyword"])
    ]
    errors = list(second_opinion(kind).iter_errors(example["resource"]))
    assert example["expect"]["keyword"] in {each.validator for each in errors}


def test_each_type_has_at_least_three_valid_and_ten_invalid_examples(registry):
    for kind in registry.types:
        assert len([path for path in VALID if path.parents[2].name == kind]) >= 3
        assert len([path for path in INVALID if path.parents[2].name == kind]) >= 10


@pytest.mark.parametrize(
    ("place", "word", "value"),
    [
        pytest.param((), "x-serach", "token", id="a misspelt annotation"),
        pytest.param(("properties", "name"), "maxlength", 3, id="a misspelt keyword"),
        pytest.param(("properties", "name"), "x-search", "text", id="an unknown search type"),
        pytest.param((), "x-kind", "table", id="an unknown kind"),
        pytest.param(("properties", "name"), "x-sensitivity", "SECRET", id="an unknown label"),
    ],
)
def test_a_schema_that_breaks_the_annotations_stops_the_start(tmp_path, place, word, value):
    for part in ("annotations", "datatypes", "Agency"):
        (tmp_path / part / "1.0.0").mkdir(parents=True)
        text = (FOLDER / part / "1.0.0" / "schema.json").read_text("utf-8")
        (tmp_path / part / "1.0.0" / "schema.json").write_text(text, "utf-8")
    path = tmp_path / "Agency" / "1.0.0" / "schema.json"
    schema = json.loads(path.read_text("utf-8"))
    target = schema
    for step in place:
        target = target[step]
    target[word] = value
    path.write_text(json.dumps(schema), "utf-8")

    with pytest.raises(ValueError, match=r"Agency 1\.0\.0"):
        load(tmp_path)
