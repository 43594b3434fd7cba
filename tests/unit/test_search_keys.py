"""What rows are found by, and business keys."""

import sys
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.search_keys import search_keys, unique_keys
from app.model.search_token import forms, pair
from app.model.text import after_prefix, fold
from search_builders import PROPERTIES, a_kind

KIND = a_kind()


@pytest.mark.parametrize(
    ("body", "name", "kept"),
    [
        pytest.param({"name": "  Zoë  SMITH "}, "name", "zoe smith", id="a string is folded"),
        pytest.param(
            {"otherNames": ["Ann", "ANN"]}, "other-names", ["ann"], id="strings, each once"
        ),
        pytest.param({"status": "open"}, "status", "open", id="a code stays"),
        pytest.param({"isOld": True}, "is-old", "true", id="a boolean is a code"),
        pytest.param({"status": 3.0}, "status", "3", id="a whole number is a plain code"),
        pytest.param(
            {"labels": ["a|b", "50%"]}, "labels", ["a|b", "50%"], id="codes without system"
        ),
        pytest.param(
            {"identifier": [{"system": "s", "value": "v"}]},
            "identifier",
            ["v", "s|v", "s|"],
            id="a token with its system",
        ),
        pytest.param({"identifier": [{"value": "v"}]}, "identifier", ["v", "|v"], id="and without"),
        pytest.param(
            {"identifier": [{"system": "a|b", "value": "50%"}]},
            "identifier",
            ["50%25", "a%7Cb|50%25", "a%7Cb|"],
            id="separators are written another way",
        ),
        pytest.param(
            {"account": {"bank": {"reference": "Bank/1"}, "number": "7"}},
            "account",
            ["7", "Bank/1|7", "Bank/1|"],
            id="a reference may be the system",
        ),
        pytest.param({"owner": {"reference": "Person/1"}}, "owner", "Person/1", id="a reference"),
        pytest.param({"born": "1970-01-02"}, "born", 86_400_000, id="a day is its first moment"),
        pytest.param({"seen": "1970-01-01T00:00:01+01:00"}, "seen", -3_599_000, id="an instant"),
        pytest.param({"size": 5}, "size", 5.0, id="a number"),
        pytest.param({"size": 1e-200}, "size", 0.0, id="the tiniest numbers are 0"),
        pytest.param({"size": 10**400}, "size", 1e100, id="the largest are an end"),
    ],
)
def test_a_value_is_kept_as_it_is_searched(body, name, kept):
    assert search_keys(KIND, body)["k"] == {name: kept}


@pytest.mark.parametrize(
    "body",
    [
        *({"born": "someday"}, {"born": 7}, {"size": True}, {"size": "5"}, {"name": 5}),
        *({"status": ""}, {"status": {"a": 1}}, {"labels": []}, {"identifier": [{"system": "s"}]}),
    ],
)
def test_what_is_no_value_of_the_type_is_not_there(body):
    kept = search_keys(KIND, body)

    assert kept["k"] == {}


def test_strings_are_also_kept_as_written():
    kept = search_keys(KIND, {"name": "Zoë", "otherNames": ["Ann", "ANN"], "status": "open"})

    assert kept["e"] == {"name": "Zoë", "other-names": ["Ann", "ANN"]}


def test_all_references_are_kept_each_once():
    person = {"reference": "Person/1"}

    kept = search_keys(KIND, {"owner": person, "friends": [{"reference": "Place/2"}, person]})

    assert kept["refs"] == ["Person/1", "Place/2"]


def test_the_identifier_of_a_reference_is_kept_among_what_is_referred_to():
    ann = {"reference": "Person/1", "identifier": {"system": "s", "value": "a|b"}}
    bob = {"reference": "Person/2", "identifier": {"value": "v"}}

    kept = search_keys(KIND, {"owner": ann, "friends": [bob, {"reference": "Place/2"}]})

    assert kept["refs"] == [
        "Person/1",
        "Person/2",
        "Place/2",
        "friends:identifier=v",
        "friends:identifier=|v",
        "owner:identifier=a%7Cb",
        "owner:identifier=s|",
        "owner:identifier=s|a%7Cb",
    ]


def test_a_business_key_points_at_its_element():
    kind = a_kind(unique=[["identifier"]])
    body = {
        "identifier": [{"system": "s", "value": "1"}, {"value": "1"}, {"system": "s", "value": "1"}]
    }

    assert unique_keys(kind, body) == {
        "Thing?identifier=s|1": "/identifier/0/value",
        "Thing?identifier=|1": "/identifier/1/value",
    }


def test_a_key_of_several_parameters_needs_them_all():
    kind = a_kind(unique=[["name", "born"], ["owner"], ["size"]])

    assert unique_keys(kind, {"name": "A&B=c|%", "born": "1970-01-02", "size": 5.0}) == {
        "Thing?name=A%26B=c%7C%25&born=86400000": "/name",
        "Thing?size=5": "/size",
    }
    assert unique_keys(kind, {"name": "A"}) == {}


def test_numbers_written_differently_are_one_key():
    kind = a_kind(unique=[["size"]])

    assert unique_keys(kind, {"size": 5}) == unique_keys(kind, {"size": 5.0})


@given(*(st.text(alphabet="ab|%&7C25=", max_size=4) for _ in range(4)))
def test_different_values_never_make_the_same_key(system, value, other_system, other_value):
    kind = a_kind(unique=[["identifier"]])
    one, other = (
        unique_keys(kind, {"identifier": [{"system": s, "value": v}]})
        for s, v in ((system, value), (other_system, other_value))
    )

    assert (one == other) == ((system, value) == (other_system, other_value)) or not (
        value or other_value
    )


def test_the_forms_of_a_token_are_told_apart():
    parts = ["a", "b", "a|b", "|", "%7C", ""]

    for system, value in product(parts, parts):
        if value:
            assert pair(system, value) in forms(system, value)
    assert len({pair(s, v) for s, v in product(parts, parts)}) == len(parts) ** 2


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(min_size=1), st.text())
def test_what_begins_with_a_prefix_lies_between_it_and_what_follows(prefix, rest):
    end = after_prefix(prefix)

    assert prefix <= prefix + rest
    assert end is None or prefix + rest < end


def test_what_follows_a_prefix_is_the_least_text_that_does_not_begin_with_it():
    assert after_prefix("smith") == "smiti"
    assert after_prefix("\ud7ff") == "\ue000"
    assert after_prefix("a" + chr(sys.maxunicode)) == "b"
    assert after_prefix(chr(sys.maxunicode)) is None


def test_a_parameter_may_look_at_several_elements():
    born = {**PROPERTIES["born"], "x-search": {"param": "days", "type": "date"}}
    kind = a_kind({"first": born, "last": born})

    assert search_keys(kind, {"first": "1970-01-02", "last": "1970-01-03"})["k"] == {
        "days": [86_400_000, 2 * 86_400_000]
    }
