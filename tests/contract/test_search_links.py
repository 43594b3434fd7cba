"""Chains, reverse chains, identifiers of references and inclusions, on every backend."""

import pytest

from app.interactions.search import search
from app.model import chain, include
from app.model.access.client import Client
from app.model.errors import Forbidden, TooCostly
from linked_types import READER, a_hub, names, put, to


@pytest.fixture(params=["mongomock", "wire"])
def hub(request, embedded_uri):
    """Yield a hub with two offices, three people and four visits."""
    with a_hub(request.param, embedded_uri) as made:
        put(
            made,
            Office_north={"name": "North", "status": "open"},
            Office_south={"name": "South", "status": "closed", "identifier": [{"value": "S"}]},
            Person_ann={
                "name": "Ann",
                "born": "1990-01-01",
                "office": to("Office/north", identifier={"system": "urn:o", "value": "N|1"}),
                "knows": [to("Person/bob", identifier={"value": "B"}), to("Office/south")],
            },
            Person_bob={"name": "Bob", "born": "1980-01-01", "office": to("Office/north")},
            Person_cy={"name": "Cy", "office": to("Office/south"), "knows": [to("Person/ann")]},
            Visit_1={"person": to("Person/ann"), "host": to("Person/bob"), "status": "done"},
            Visit_2={"person": to("Person/ann"), "host": to("Office/north"), "status": "due"},
            Visit_3={"person": to("Person/bob"), "host": to("Office/south"), "cost": 5},
            Visit_4={"person": to("Person/cy"), "status": "due", "cost": 9},
        )
        yield made


def ask(hub, kind, *pairs, client=READER):
    return search(hub, client, kind, pairs)


def found(hub, kind, *pairs):
    return [version.key.id for version in ask(hub, kind, *pairs).versions]


@pytest.mark.parametrize(
    ("pairs", "ids"),
    [
        ([("office.name", "nor")], ["ann", "bob"]),
        ([("office:Office.name", "South")], ["cy"]),
        ([("office.name:exact", "north")], []),
        ([("office.name:contains", "out,ort")], ["ann", "bob", "cy"]),
        ([("office.status:not", "open")], ["cy"]),
        ([("office._id", "north")], ["ann", "bob"]),
        ([("office.identifier", "|S")], ["cy"]),
        ([("office.identifier:missing", "true")], ["ann", "bob"]),
        ([("office.name", "north"), ("office.status", "closed")], []),
        ([("office.name", "north"), ("born", "lt1985")], ["bob"]),
        ([("knows:Person.name", "bob")], ["ann"]),
        ([("knows:Person.name", "bob"), ("knows:Office.name", "south")], ["ann"]),
        ([("knows:Person.name", "bob"), ("knows:Person.name", "ann")], []),
        ([("knows:Person.office", "Office/north")], ["ann", "cy"]),
        ([("office.name", "nowhere")], []),
        ([("office.name", "north"), ("office", "Office/south")], []),
    ],
)
def test_a_chain_asks_of_the_resource_referred_to(hub, pairs, ids):
    assert found(hub, "Person", *pairs) == ids


@pytest.mark.parametrize(
    ("pairs", "ids"),
    [
        ([("_has:Visit:person:status", "due")], ["ann", "cy"]),
        ([("_has:Visit:person:status:not", "due")], ["ann", "bob"]),
        ([("_has:Visit:person:cost", "gt1")], ["bob", "cy"]),
        ([("_has:Visit:host:_id", "1,2")], ["bob"]),
        ([("_has:Visit:person:status", "due"), ("_has:Visit:person:status", "done")], ["ann"]),
        ([("_has:Person:knows:name", "ann,cy")], ["ann", "bob"]),
        ([("_has:Visit:person:status", "due"), ("name", "cy")], ["cy"]),
        ([("_has:Visit:person:status", "due"), ("_id", "bob")], []),
        ([("_has:Visit:person:status", "lost")], []),
        ([("_has:Visit:person:status", "due"), ("office.name", "north")], ["ann"]),
    ],
)
def test_a_reverse_chain_asks_of_what_refers_to_the_resource(hub, pairs, ids):
    assert found(hub, "Person", *pairs) == ids


@pytest.mark.parametrize(
    ("pairs", "ids"),
    [
        ([("office:identifier", r"urn:o|N\|1")], ["ann"]),
        ([("office:identifier", r"N\|1")], ["ann"]),
        ([("office:identifier", "urn:o|")], ["ann"]),
        ([("office:identifier", r"|N\|1")], []),
        ([("office:identifier", "B")], []),
        ([("knows:identifier", "|B")], ["ann"]),
        ([("knows:identifier", "B,C")], ["ann"]),
        ([("knows:identifier", "B"), ("knows:identifier", "C")], []),
        ([("knows:identifier", "B"), ("office:identifier", "urn:o|")], ["ann"]),
        ([("office:identifier", "urn:o|"), ("office", "Office/south")], []),
    ],
)
def test_a_reference_is_found_by_the_identifier_it_carries(hub, pairs, ids):
    assert found(hub, "Person", *pairs) == ids


def test_a_chain_is_paged_and_counted_like_any_search(hub):
    pairs = [("office.name", "north"), ("_count", "1"), ("_sort", "-name"), ("_total", "accurate")]

    first = ask(hub, "Person", *pairs)
    second = ask(hub, "Person", *pairs, ("_cursor", first.next))

    assert [names(each.versions) for each in (first, second)] == [["Person/bob"], ["Person/ann"]]
    assert (first.total, second.total, second.next) == (2, 2, None)
    assert ask(hub, "Person", ("office.name", "north"), ("_summary", "count")).total == 2


def test_a_chain_through_too_much_is_refused_whole(hub, monkeypatch):
    monkeypatch.setattr("app.interactions.chain.MOST", 2)

    assert found(hub, "Person", ("office.status", "open,closed")) == ["ann", "bob", "cy"]
    for pair in (("knows:Person.name:missing", "false"), ("_has:Visit:person:_id", "1,2,3")):
        with pytest.raises(TooCostly, match="narrow it down"):
            ask(hub, "Person", pair)


def test_the_matches_bring_along_what_they_refer_to_once_each(hub):
    page = ask(hub, "Person", ("name", "ann,bob"), ("_include", "Person:office"))

    assert names(page.versions) == ["Person/ann", "Person/bob"]
    assert names(page.included) == ["Office/north"]


@pytest.mark.parametrize(
    ("path", "included"),
    [
        ("Person:knows", ["Office/south", "Person/ann", "Person/bob"]),
        ("Person:knows:Person", ["Person/ann", "Person/bob"]),
        ("Person:knows:Office", ["Office/south"]),
    ],
)
def test_only_the_targets_asked_for_come_along(hub, path, included):
    seen = [
        each
        for name in ("ann", "cy")
        for each in ask(hub, "Person", ("_id", name), ("_include", path)).included
    ]

    assert sorted(set(names(seen))) == included


def test_a_match_is_never_included_as_well(hub):
    page = ask(hub, "Person", ("_include", "Person:knows"), ("_revinclude", "Person:knows"))

    assert names(page.versions) == ["Person/ann", "Person/bob", "Person/cy"]
    assert names(page.included) == ["Office/south"]


def test_the_matches_bring_along_what_refers_to_them(hub):
    page = ask(
        hub,
        "Person",
        ("office.name", "north"),
        ("_revinclude", "Visit:person"),
        ("_revinclude", "Visit:host:Person"),
        ("_include", "Person:office"),
    )

    assert names(page.included) == ["Office/north", "Visit/1", "Visit/2", "Visit/3"]


def test_what_comes_along_belongs_to_its_page_and_counts_for_nothing(hub):
    pairs = [("_count", "1"), ("_total", "accurate"), ("_revinclude", "Visit:person")]

    first = ask(hub, "Person", *pairs)
    second = ask(hub, "Person", *pairs, ("_cursor", first.next))

    assert [names(each.versions) for each in (first, second)] == [["Person/ann"], ["Person/bob"]]
    assert [names(each.included) for each in (first, second)] == [
        ["Visit/1", "Visit/2"],
        ["Visit/3"],
    ]
    assert (first.total, second.total) == (3, 3)


def test_a_count_and_a_page_without_matches_bring_nothing_along(hub):
    for pairs in ([("_summary", "count")], [("name", "nobody")]):
        assert ask(hub, "Person", *pairs, ("_revinclude", "Visit:person")).included == ()


@pytest.mark.parametrize(
    "pair",
    [("_include", "Visit:person"), ("_revinclude", "Visit:host"), ("_include", "Visit:host")],
)
def test_a_page_that_would_bring_too_much_is_refused_rather_than_cut(hub, monkeypatch, pair):
    monkeypatch.setattr("app.interactions.include.MOST", 1)
    kind = "Visit" if pair[0] == "_include" else "Person"
    if kind == "Person":
        put(hub, Visit_5={"host": to("Person/bob")})

    with pytest.raises(TooCostly, match="_count"):
        ask(hub, kind, pair)


def test_the_bounds_are_real_numbers():
    assert chain.MOST == include.MOST == 1000


@pytest.mark.parametrize(
    ("scopes", "pair"),
    [
        ("system/Person.rs", ("office.name", "north")),
        ("system/Person.rs system/Office.r", ("office.name", "north")),
        ("system/Person.rs system/Visit.r", ("_has:Visit:person:status", "due")),
        ("system/Person.rs system/Office.s", ("_include", "Person:office")),
        ("system/Person.rs", ("_include", "Person:knows")),
        ("system/Person.rs system/Visit.r", ("_revinclude", "Visit:person")),
    ],
)
def test_every_type_a_search_touches_needs_its_scope(hub, scopes, pair):
    narrow = Client("narrow", frozenset({*scopes.split(), "hub/staff"}))

    with pytest.raises(Forbidden):
        ask(hub, "Person", pair, client=narrow)


def test_the_scopes_of_the_types_touched_are_enough(hub):
    wide = Client(
        "wide", frozenset(["system/Person.s", "system/Office.rs", "system/Visit.s", "hub/staff"])
    )

    page = ask(
        hub,
        "Person",
        ("office.name", "north"),
        ("_has:Visit:person:status", "due"),
        ("_include", "Person:office"),
        ("_include", "Person:knows:Office"),
        ("_revinclude", "Visit:person"),
        client=wide,
    )

    assert names(page.versions) == ["Person/ann"]
    assert names(page.included) == ["Office/north", "Office/south", "Visit/1", "Visit/2"]


@pytest.mark.parametrize(
    ("kind", "pairs", "ids"),
    [
        ("Person", [("office.status", "open,closed")], ["ann", "bob", "cy"]),
        ("Person", [("knows:Person._id", "ann,bob,cy"), ("name", "ann,cy")], ["ann", "cy"]),
        ("Person", [("knows", "Person/bob,Office/south")], ["ann"]),
        ("Person", [("_has:Visit:person:_id", "1,2,3,4")], ["ann", "bob", "cy"]),
        ("Visit", [("_id", "4,3,2,1"), ("_sort", "-_id")], ["4", "3", "2", "1"]),
        ("Visit", [("status:not", "due,lost")], ["1", "3"]),
    ],
)
def test_a_long_list_is_looked_up_in_parts_that_find_the_same(hub, monkeypatch, kind, pairs, ids):
    monkeypatch.setattr("app.model.clause.AT_ONCE", 1)
    asked = [*pairs, ("_count", "1"), ("_total", "accurate")]

    page = ask(hub, kind, *asked)
    seen = names(page.versions)
    while page.next:
        page = ask(hub, kind, *asked, ("_cursor", page.next))
        seen += names(page.versions)

    assert seen == [f"{kind}/{each}" for each in ids]
    assert page.total == len(ids)


def test_chains_whose_parts_would_multiply_too_far_are_refused(hub, monkeypatch):
    monkeypatch.setattr("app.model.clause.AT_ONCE", 1)
    monkeypatch.setattr("app.model.chain.MAX_ALTERNATIVES", 5)

    assert found(hub, "Person", ("_has:Visit:person:_id", "1,2"), ("office.name", "n")) == ["ann"]
    with pytest.raises(TooCostly):
        ask(hub, "Person", ("knows:Person.name:missing", "false"), ("office.name", "n,s"))
