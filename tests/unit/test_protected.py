"""What is kept encrypted of a resource: which elements, taken out and put back to the letter."""

import json
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.codec import decode, encode
from app.model.protected import put_back, take_out
from app.model.registry import load
from app.model.search_keys import search_keys
from builders import FOLDER
from search_builders import a_kind

BENEFIT, DISABILITY = {"x-sensitivity": "SENS-BENEFIT"}, {"x-sensitivity": "SENS-DISABILITY"}
KIND = a_kind(
    {
        "name": {"type": "string", "x-search": "string"},
        "number": {"type": "string", "x-search": "token", "x-secret": True},
        "born": {"type": "string", "format": "date", "x-search": "date", "x-blind": True},
        "agency": {**BENEFIT, "type": "string", "x-search": "token"},
        "wages": {"x-sensitivity": "SENS-WAGE", "type": "number"},
        "needs": {
            **BENEFIT,
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "code": {**BENEFIT, "type": "string"},
                    "limits": {**DISABILITY, "type": "string"},
                    "by": {**BENEFIT, "type": "object", "x-target": ["Person"]},
                },
            },
        },
        "visits": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"day": {"type": "string"}, "aid": {**BENEFIT, "type": "boolean"}},
            },
        },
    }
)
WHOLE = {
    "resourceType": "Thing",
    "name": "Zoë",
    "number": "000-12-3456",
    "born": "1931-07-19",
    "agency": "mdhs",
    "wages": 1.0,
    "needs": [{"code": "food", "limits": "hearing", "by": {"reference": "Person/1"}}, {}],
    "visits": [{"day": "x", "aid": True}, {"day": "y"}, {"aid": False}],
}


def test_each_class_is_taken_out_with_all_that_lies_in_it():
    resource = decode(encode(WHOLE))

    found = take_out(resource, KIND.protected)

    assert found == {
        "ssn": {"/number": "000-12-3456"},
        "disability": {"/needs/0/limits": "hearing"},
        "sensitive": {
            "/born": "1931-07-19",
            "/wages": 1.0,
            "/needs": [{"code": "food", "limits": None, "by": {"reference": "Person/1"}}, {}],
            "/visits/0/aid": True,
            "/visits/2/aid": False,
        },
    }
    assert resource == {
        **dict.fromkeys(WHOLE),
        "resourceType": "Thing",
        "name": "Zoë",
        "agency": "mdhs",
        "visits": [{"day": "x", "aid": None}, {"day": "y"}, {"aid": None}],
    }


def test_what_is_put_back_has_its_former_text():
    resource = decode(encode(WHOLE))
    found = take_out(resource, KIND.protected)

    put_back(resource, KIND.protected, {k: v for each in found.values() for k, v in each.items()})

    assert encode(resource) == encode(WHOLE)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text()
        | st.floats(allow_nan=False, allow_infinity=False),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)  # fmt: skip
def test_any_value_comes_back_to_the_letter(value):
    text = encode({"name": "a", "needs": value, "wages": value})
    resource = decode(text)
    found = take_out(resource, KIND.protected)

    put_back(resource, KIND.protected, {k: v for each in found.values() for k, v in each.items()})

    assert encode(resource) == text


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({}, id="a gap without a value"),
        pytest.param({"/wages": 1.0, "/born": "x"}, id="a value too many"),
        pytest.param({"/born": "x"}, id="a value for another place"),
        pytest.param({"/wages": 1.0, "/name": "x"}, id="a value where one stands"),
        pytest.param({"/wages": 1.0, "/visits/9/aid": True}, id="a value beyond a list"),
    ],
)
def test_values_that_do_not_fit_the_gaps_are_refused(values):
    with pytest.raises(ValueError, match="without"):
        put_back({"name": "a", "wages": None, "visits": []}, KIND.protected, values)


def test_no_reference_of_a_protected_element_is_among_the_search_keys():
    kept = search_keys(KIND, WHOLE)

    assert kept["refs"] == []
    assert "number" not in kept["e"]


def test_no_published_example_holds_a_null():
    texts = [path.read_text("utf-8") for path in FOLDER.glob("*/*/valid/*.json")]

    assert texts
    assert not [text for text in texts if "null" in encode(json.loads(text)).replace("\\", "")]


@pytest.mark.parametrize(
    "element",
    [
        {"type": "string", "x-search": "string", "x-secret": True},
        {"type": "number", "x-search": "number", "x-blind": True},
        {"type": "string", "format": "date-time", "x-search": "date", "x-blind": True},
    ],
)
def test_only_plain_codes_and_days_can_be_found_blindly(element):
    with pytest.raises(ValueError, match="cannot be blind"):
        _ = a_kind({"it": element}).parameters


def test_a_secret_is_no_business_key(tmp_path):
    schemas = tmp_path / "schemas"
    shutil.copytree(FOLDER, schemas)
    path = schemas / "ParticipantProfile" / "1.0.0" / "schema.json"
    schema = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**schema, "x-unique": [["ssn"]]}), "utf-8")

    with pytest.raises(ValueError, match="ssn, which is blind"):
        load(schemas)
