"""How chains and inclusions are written. https://hl7.org/fhir/R4/search.html#chaining"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.clause import Missing, OneOf
from app.model.errors import BadParameter, TooCostly
from app.model.query import parse
from linked_types import OFFICE, PERSON, TYPES, VISIT


def a_query(*pairs, kind=PERSON):
    return parse(kind, pairs, max_count=100, types=TYPES)


def refused(*pairs, kind=PERSON):
    """Return the issues of a refusal."""
    with pytest.raises(BadParameter) as refusal:
        a_query(*pairs, kind=kind)
    return refusal.value.issues


@pytest.mark.parametrize(
    ("name", "text", "kind", "match", "is_reverse"),
    [
        ("office.status", "a,b", OFFICE, OneOf(("a", "b")), False),
        ("office:Office.status", "a", OFFICE, OneOf(("a",)), False),
        ("knows:Person.office", "x", PERSON, OneOf(("Office/x",)), False),
        ("office.name:missing", "true", OFFICE, Missing(flag=True), False),
        ("_has:Visit:person:status", "a", VISIT, OneOf(("a",)), True),
        ("_has:Visit:host:status:missing", "true", VISIT, Missing(flag=True), True),
        ("_has:Person:knows:_id", "a", PERSON, OneOf(("a",)), True),
    ],
)
def test_a_chain_is_a_condition_on_another_type(name, text, kind, match, is_reverse):
    (found,) = a_query((name, text)).links

    assert (found.kind, found.is_reverse) == (kind, is_reverse)
    assert [each.match for each in found.clauses] == [match]


def test_conditions_that_one_resource_must_meet_are_one_link():
    query = a_query(
        ("office.name", "a"),
        ("office:Office.status", "b"),
        ("knows:Person.name", "a"),
        ("knows:Person.status", "b"),
        ("_has:Visit:person:status", "a"),
        ("_has:Visit:person:cost", "5"),
    )

    assert [len(each.clauses) for each in query.links] == [2, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("name.status", ("knows", "office")),
        ("nothing.status", ("knows", "office")),
        (".status", ("knows", "office")),
        ("knows.name", ("knows:Office", "knows:Person")),
        ("knows:Visit.name", ("knows:Office", "knows:Person")),
        ("office:identifier.name", ("office:Office",)),
        ("office.", ("_id", "_lastUpdated", "identifier", "name", "status")),
        ("office.cost", ("_id", "_lastUpdated", "identifier", "name", "status")),
        ("office.name:not", ("exact", "contains", "missing")),
        ("_has:", ("_has:Person:knows", "_has:Visit:host", "_has:Visit:person")),
        ("_has:Office:name:x", ("_has:Person:knows", "_has:Visit:host", "_has:Visit:person")),
        ("_has:Person:office:x", ("_has:Person:knows", "_has:Visit:host", "_has:Visit:person")),
        ("_has:Alien:person:x", ("_has:Person:knows", "_has:Visit:host", "_has:Visit:person")),
    ],
)
def test_a_chain_that_leads_nowhere_is_refused_with_those_that_lead_on(name, allowed):
    (issue,) = refused((name, "x"))

    assert (issue.pointer, issue.allowed) == (name, allowed)


@pytest.mark.parametrize(
    "name",
    [
        "knows:Person.office.name",
        "knows:Person._has:Visit:person:status",
        "_has:Visit:person:host:Office.name",
        "_has:Visit:host:person.name",
        "_has:Person:knows:_has:Visit:person:status",
    ],
)
def test_a_chain_has_one_link_only(name):
    (issue,) = refused((name, "x"))

    assert issue.text == "A chain has one link only."


def test_the_value_of_a_chain_is_checked_and_never_quoted():
    issue, other = refused(("office._id", "so bad"), ("_has:Visit:person:cost", "so bad"))

    assert (issue.pointer, other.pointer) == ("office._id", "_has:Visit:person:cost")
    assert not [each for each in (issue, other) if "so bad" in each.text]


@pytest.mark.parametrize(
    "pairs",
    [
        [("office.name", "a")] * 9,
        [("_has:Visit:person:cost", ",".join(f"{n}0" for n in range(70)))],
        [("_has:Visit:person:cost", ",".join(f"{n}0" for n in range(9)))] * 2,
    ],
)
def test_chains_that_would_cost_too_much_are_refused(pairs):
    with pytest.raises(TooCostly):
        a_query(*pairs)


def test_inclusions_are_understood_each_once():
    query = a_query(
        *[("_include", "Person:office")] * 2,
        ("_include", "Person:knows:Office"),
        ("_revinclude", "Visit:person"),
        ("_revinclude", "Visit:host:Person"),
    )

    assert [(each.parameter.name, each.targets) for each in query.includes] == [
        ("office", ("Office",)),
        ("knows", ("Office",)),
    ]
    assert [(each.kind, each.parameter.name) for each in query.revincludes] == [
        (VISIT, "person"),
        (VISIT, "host"),
    ]
    assert query.clauses == ()


@pytest.mark.parametrize(
    ("name", "text", "allowed"),
    [
        ("_include", "Person:name", ("Person:knows", "Person:office")),
        ("_include", "Visit:person", ("Person:knows", "Person:office")),
        ("_include", "*", ("Person:knows", "Person:office")),
        ("_include", "", ("Person:knows", "Person:office")),
        ("_include", "Person:office:", ("Person:knows", "Person:office")),
        ("_include", "Person:office:Person", ("Person:office:Office",)),
        ("_revinclude", "Visit:status", ("Person:knows", "Visit:host", "Visit:person")),
        ("_revinclude", "*", ("Person:knows", "Visit:host", "Visit:person")),
        ("_revinclude", "Visit:host:Office", ("Visit:host:Person",)),
    ],
)
def test_an_inclusion_that_is_not_offered_is_refused_with_those_that_are(name, text, allowed):
    (issue,) = refused((name, text))

    assert (issue.pointer, issue.allowed) == (name, allowed)


@pytest.mark.parametrize("name", ["_include:iterate", "_revinclude:recursive", "_has", "_include:"])
def test_what_goes_further_than_one_level_is_refused(name):
    (issue,) = refused((name, "Person:office"))

    assert issue.pointer == name
    assert {"_include", "_revinclude"} <= set(issue.allowed)


def test_the_links_and_inclusions_are_part_of_the_query_said_back():
    query = a_query(("office.name", "a"), ("_include", "Person:office"))

    assert query.canonical == "_count=20&_include=Person%3Aoffice&office.name=a"


NAMES = st.lists(
    st.sampled_from(["_has", "_include", "office", "knows", "Person", "Visit", "name", "x", ""]),
    min_size=1,
    max_size=5,
)


@given(NAMES, st.lists(st.sampled_from(":."), min_size=5, max_size=5), st.text(max_size=8))
def test_any_name_is_understood_or_refused(parts, joints, text):
    name = "".join(map("".join, zip(parts, joints, strict=False)))[:-1]

    try:
        found = a_query((name, text)).canonical
    except (BadParameter, TooCostly) as refusal:
        found = repr(refusal.issues)

    assert found
