"""Conditions are met by what is seen of a resource, judged by the keys it is found by."""

import pytest

from app.model.clause import Clause, OneOf
from app.model.match import meets
from search_builders import a_kind, a_query

KIND = a_kind()
ONE, OTHER = {"reference": "Person/1"}, {"reference": "Person/2"}
KNOWN = ONE | {"identifier": {"system": "urn:x", "value": "1"}}


def met(text, seen):
    """Whether what is seen of a resource meets a search."""
    pairs = [each.split("=", 1) for each in text.split("&")] if text else []
    return meets(KIND, a_query(KIND, *pairs).clauses, seen)


SHOWN = [
    pytest.param("labels=red", {"labels": ["blue", "red"]}, {"labels": ["red"]}, id="OneOf"),
    pytest.param("labels=red,blue", {"labels": ["red", "blue"]}, {"labels": ["blue"]},
                 id="OneOf, any of several"),
    pytest.param("labels:not=green", {"labels": ["blue", "red"]}, {"labels": ["red"]}, id="NoneOf"),
    pytest.param("labels:not=green", {"labels": ["blue"]}, {}, id="NoneOf, nothing left"),
    pytest.param("labels:missing=true", {}, {}, id="Missing, nothing there"),
    pytest.param("labels:missing=false", {"labels": ["blue", "red"]}, {"labels": ["red"]},
                 id="Missing, something left"),
    pytest.param("sizes=gt2", {"sizes": [3, 5]}, {"sizes": [3]}, id="Within"),
    pytest.param("visits=2026", {"visits": ["2026-03-01", "2020-01-01"]},
                 {"visits": ["2026-03-01"]}, id="Within, a period"),
    pytest.param("other-names=ann", {"otherNames": ["Anna", "Ann"]}, {"otherNames": ["Anna"]},
                 id="Within, a beginning"),
    pytest.param("other-names:contains=nn", {"otherNames": ["Anna", "Bob"]},
                 {"otherNames": ["Anna"]}, id="Contains"),
    pytest.param("other-names:exact=Ann", {"otherNames": ["Ann", "Bob"]}, {"otherNames": ["Ann"]},
                 id="Exact"),
    pytest.param("friends=Person/1", {"friends": [ONE, OTHER]},
                 {"friends": [ONE]}, id="OneOf, a reference"),
    pytest.param("friends:identifier=urn:x|1",
                 {"friends": [KNOWN, OTHER]},
                 {"friends": [KNOWN]}, id="Identified"),
]  # fmt: skip
"""A search, a resource that meets it, and what is seen of it that meets it too."""
UNSEEN = [
    pytest.param("labels=blue", {"labels": ["blue", "red"]}, {"labels": ["red"]}, id="OneOf"),
    pytest.param("labels=blue", {"labels": ["blue"]}, {}, id="OneOf, nothing left"),
    pytest.param("status=open", {"status": "open"}, {}, id="OneOf, of one value"),
    pytest.param("labels:missing=false", {"labels": ["blue"]}, {}, id="Missing"),
    pytest.param("sizes=gt2", {"sizes": [1, 5]}, {"sizes": [1]}, id="Within"),
    pytest.param("other-names=ann", {"otherNames": ["Ann", "Bob"]}, {"otherNames": ["Bob"]},
                 id="Within, a beginning"),
    pytest.param("other-names:contains=nn", {"otherNames": ["Anna", "Bob"]},
                 {"otherNames": ["Bob"]}, id="Contains"),
    pytest.param("other-names:exact=Ann", {"otherNames": ["Ann", "ANN", "Bob"]},
                 {"otherNames": ["ANN"]}, id="Exact"),
    pytest.param("friends=Person/1", {"friends": [ONE, OTHER]},
                 {"friends": [OTHER]}, id="OneOf, a reference"),
    pytest.param("friends:identifier=urn:x|1",
                 {"friends": [KNOWN, OTHER]},
                 {"friends": [OTHER]}, id="Identified"),
    pytest.param("friends:identifier=urn:x|1",
                 {"friends": [KNOWN]},
                 {}, id="Identified, nothing left"),
]  # fmt: skip
"""A search, a resource that meets it, and what is seen of it that does not."""
LEFT_OUT = [
    pytest.param("labels:not=blue", {"labels": ["blue", "red"]}, {"labels": ["red"]}, id="NoneOf"),
    pytest.param("labels:not=blue", {"labels": ["blue"]}, {}, id="NoneOf, nothing left"),
    pytest.param("labels:missing=true", {"labels": ["blue"]}, {}, id="Missing"),
]
"""A search, a resource that does not meet it, and what is seen of it that does."""


@pytest.mark.parametrize(("text", "whole", "seen"), SHOWN)
def test_what_is_seen_still_meets_the_condition(text, whole, seen):
    assert met(text, whole)
    assert met(text, seen)


@pytest.mark.parametrize(("text", "whole", "seen"), UNSEEN)
def test_what_is_hidden_meets_no_condition(text, whole, seen):
    assert met(text, whole)
    assert not met(text, seen)


@pytest.mark.parametrize(("text", "whole", "seen"), LEFT_OUT)
def test_what_is_hidden_keeps_nothing_from_meeting_a_condition(text, whole, seen):
    assert not met(text, whole)
    assert met(text, seen)


def test_each_condition_counts_by_itself():
    seen = {"labels": ["red"], "status": "open"}

    assert met("labels=red&status=open", seen)
    assert not met("labels=blue&status=open", seen)
    assert not met("labels=red&status=closed", seen)
    assert not met("labels=red&labels=blue", seen)
    assert met("", {})


@pytest.mark.parametrize(("values", "held", "is_met"), [
    ((None,), [], True), (("red", None), [], True), (("red",), [], False),
    (("red", None), ["blue"], False), (("red", None), ["red"], True),
])  # fmt: skip
def test_nothing_is_one_of_the_values_when_none_is_among_them(values, held, is_met):
    clause = Clause(KIND.parameters["labels"], OneOf(values))

    assert meets(KIND, [clause], {"labels": held}) == is_met
