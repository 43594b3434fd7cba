"""Searches of what rows hold only a keyed hash of: whole values, and a secret in no address."""

import pytest

from app.model.capability import documentation
from app.model.clause import Missing, OneOf
from app.model.errors import BadParameter
from app.model.pair import InBody
from app.model.query import parse
from search_builders import a_kind, a_query

KIND = a_kind(
    {
        "ssn": {"type": "string", "x-search": "token", "x-secret": True},
        "born": {"type": "string", "format": "date", "x-search": "date", "x-blind": True},
        "owner": {"type": "object", "x-search": "reference", "x-target": ["Thing"]},
    }
)
DAY = 86_400_000


def of(*pairs):
    return parse(KIND, pairs, max_count=100, types={"Thing": KIND})


@pytest.mark.parametrize(
    ("pair", "values"),
    [
        (("born", "1970-01-02"), (DAY,)),
        (("born", "eq1970-01-02,1970-01-03"), (DAY, 2 * DAY)),
        (InBody("ssn", "000-12-3456"), ("000123456",)),
        (InBody("ssn", "000123456,666 12 3456"), ("000123456", "666123456")),
    ],
)
def test_whole_values_are_looked_for_in_their_one_form(pair, values):
    assert [clause.match for clause in of(pair).clauses] == [OneOf(values)]


@pytest.mark.parametrize(
    "pair",
    [
        *(("born", text) for text in ("1970", "1970-01", "ge1970-01-02", "1970-02-30", "someday")),
        *(("born", text) for text in ("ne1970-01-02", "ap1970-01-02", "1970-01-02T00:00:00Z")),
        ("born:not", "1970-01-02"),
        InBody("ssn:not", "000123456"),
        InBody("ssn", "urn:ssn|000123456"),
        InBody("ssn", ""),
    ],
)
def test_anything_but_a_whole_value_is_refused_in_words(pair):
    with pytest.raises(BadParameter) as refusal:
        of(pair)

    assert pair[1] not in "".join(issue.text for issue in refusal.value.issues) or not pair[1]


@pytest.mark.parametrize(
    "pair",
    [
        ("ssn", "000123456"),
        ("owner.ssn", "000123456"),
        ("owner:Thing.ssn", "000123456"),
        ("_has:Thing:owner:ssn", "000123456"),
    ],
)
def test_a_secret_is_refused_in_an_address_and_not_repeated(pair):
    with pytest.raises(BadParameter) as refusal:
        of(pair)

    (issue,) = refusal.value.issues
    assert "POST" in issue.text
    assert "000123456" not in repr(issue)
    assert of(InBody(*pair)).hidden == (pair,)


def test_whether_there_is_a_secret_may_be_asked_anywhere():
    asked = of(("ssn:missing", "true"))

    assert [clause.match for clause in asked.clauses] == [Missing(flag=True)]
    assert asked.hidden == ()


def test_no_link_names_a_secret():
    asked = of(InBody("ssn", "000123456"), ("born", "1970-01-02"))

    assert asked.canonical == "_count=20&born=1970-01-02"


@pytest.mark.parametrize("name", ["ssn", "born", "-born"])
def test_nothing_is_sorted_by_hashes(name):
    with pytest.raises(BadParameter):
        a_query(KIND, ("_sort", name))


def test_the_documentation_says_how_to_ask():
    assert "whole value only" in documentation(KIND.parameters["born"])
    assert "POST" in documentation(KIND.parameters["ssn"])
    assert "POST" not in documentation(KIND.parameters["born"])
