"""Searches across types and inside a compartment, on every backend."""

import pytest

from app.interactions.compartment import search_compartment
from app.interactions.search import search
from app.interactions.search_system import search_system
from app.model.access.client import Client
from app.model.errors import BadParameter, Deleted, Forbidden, NotFound, UnknownType
from app.model.version import Key, deletion
from linked_types import READER, START, a_hub, names, put, to

ANN = Key("Person", "ann")


@pytest.fixture(params=["mongomock", "wire"])
def hub(request, embedded_uri):
    """Yield an empty hub."""
    with a_hub(request.param, embedded_uri) as made:
        yield made


def everywhere(hub, *pairs, client=READER):
    return search_system(hub, client, pairs)


def of_ann(hub, kind, *pairs, client=READER, key=ANN):
    return search_compartment(hub, client, key, kind, pairs)


def walk(ask):
    """Return the names on each page, following the cursors."""
    page = ask()
    pages = [names(page.versions)]
    while page.next:
        page = ask(("_cursor", page.next))
        pages.append(names(page.versions))
    return pages


def put_shared_ids(hub):
    put(
        hub,
        Office_a={"status": "open"},
        Office_b={"status": "open"},
        Person_a={"status": "open"},
        Person_b={"status": "closed"},
        Visit_a={"status": "open"},
        Visit_c={"status": "open", "identifier": [{"system": "s", "value": "v"}]},
    )


@pytest.mark.parametrize("count", ["1", "2", "4", "6"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_pages_across_types_are_in_one_order_even_where_ids_are_shared(hub, count, sign):
    put_shared_ids(hub)
    ordered = ["Office/a", "Person/a", "Visit/a", "Office/b", "Person/b", "Visit/c"]

    pages = walk(lambda *more: everywhere(hub, ("_count", count), ("_sort", f"{sign}_id"), *more))

    assert [each for page in pages for each in page] == (ordered[::-1] if sign else ordered)
    assert all(len(page) == int(count) for page in pages[:-1])
    assert pages[-1]


def test_rows_that_come_between_pages_across_types_are_neither_repeated_nor_skipped(hub):
    put_shared_ids(hub)
    asked = [("_type", "Person,Visit"), ("_count", "2")]
    first = everywhere(hub, *asked)

    put(hub, Person_aa={}, Office_z={}, Visit_0={})
    second = everywhere(hub, *asked, ("_cursor", first.next))

    assert names(first.versions) == ["Person/a", "Visit/a"]
    assert names(second.versions) == ["Person/aa", "Person/b"]


@pytest.mark.parametrize(
    ("pairs", "found"),
    [
        ([("_type", "Visit,Person"), ("status", "open")], ["Person/a", "Visit/a", "Visit/c"]),
        ([("_type", "Visit"), ("cost:missing", "true"), ("_id", "c")], ["Visit/c"]),
        ([("identifier", "s|v")], ["Visit/c"]),
        ([("_id", "b")], ["Office/b", "Person/b"]),
        ([("_lastUpdated", "lt2026")], []),
        (
            [("_type", "Office,Person"), ("name:missing", "true"), ("_id", "a,b")],
            ["Office/a", "Person/a", "Office/b", "Person/b"],
        ),
    ],
)
def test_what_all_types_share_is_asked_of_all(hub, pairs, found):
    put_shared_ids(hub)

    page = everywhere(hub, *pairs, ("_total", "accurate"))

    assert (names(page.versions), page.total, page.next) == (found, len(found), None)


def test_a_count_across_types_has_no_entries(hub):
    put_shared_ids(hub)

    page = everywhere(hub, ("status", "open"), ("_summary", "count"))

    assert (page.total, page.versions) == (5, [])


@pytest.mark.parametrize(
    ("pairs", "pointer"),
    [
        ([("cost", "5")], "cost"),
        ([("_type", "Visit,Office"), ("name", "x")], "name"),
        ([("_type", "Visit"), ("_type", "Office")], "_type"),
        ([("_type", "Visit,Alien")], "_type"),
        ([("_type", "")], "_type"),
        ([("_sort", "status")], "_sort"),
        ([("_sort", "_lastUpdated")], "_sort"),
        ([("_type", "Person"), ("office.name", "x")], "office.name"),
        ([("_include", "Person:office")], "_include"),
        ([("_cursor", "nonsense")], "_cursor"),
    ],
)
def test_what_makes_no_sense_across_types_is_refused(hub, pairs, pointer):
    with pytest.raises(BadParameter) as refusal:
        everywhere(hub, *pairs)

    assert refusal.value.issues[0].pointer == pointer


def test_a_search_across_types_needs_the_scope_of_each(hub):
    narrow = Client("narrow", frozenset({"system/Person.s", "system/Visit.s", "hub/staff"}))

    assert everywhere(hub, ("_type", "Person,Visit"), client=narrow).versions == []
    for pairs in ([], [("_type", "Person,Office")]):
        with pytest.raises(Forbidden):
            everywhere(hub, *pairs, client=narrow)


@pytest.fixture
def filled(hub):
    """Return the hub with two people and their visits."""
    put(
        hub,
        Person_ann={"name": "Ann"},
        Person_bob={},
        Visit_1={"person": to("Person/ann"), "status": "due"},
        Visit_2={"person": to("Person/ann"), "status": "done"},
        Visit_3={"person": to("Person/bob"), "host": to("Person/ann")},
    )
    return hub


def test_a_compartment_holds_what_points_at_its_owner_and_nothing_else(filled):
    assert names(of_ann(filled, "Visit").versions) == ["Visit/1", "Visit/2"]
    assert names(of_ann(filled, "Visit", ("status", "due")).versions) == ["Visit/1"]
    assert names(of_ann(filled, "Visit", ("person.name", "ann")).versions) == ["Visit/1", "Visit/2"]
    assert of_ann(filled, "Visit", ("person", "Person/bob")).versions == []


def test_a_compartment_is_paged_counted_and_says_its_own_address(filled):
    page = of_ann(filled, "Visit", ("_count", "1"), ("_total", "accurate"))
    pages = walk(lambda *more: of_ann(filled, "Visit", ("_count", "1"), *more))

    assert (page.total, page.path) == (2, "Person/ann/Visit")
    assert pages == [["Visit/1"], ["Visit/2"]]


def test_a_cursor_of_a_compartment_leads_into_no_other(filled):
    page = of_ann(filled, "Visit", ("_count", "1"))
    again = [("_count", "1"), ("_cursor", page.next)]

    with pytest.raises(BadParameter):
        of_ann(filled, "Visit", *again, key=Key("Person", "bob"))
    with pytest.raises(BadParameter):
        search(filled, READER, "Visit", again)


@pytest.mark.parametrize(
    ("key", "kind", "refusal"),
    [
        (Key("Person", "nobody"), "Visit", NotFound),
        (ANN, "Office", NotFound),
        (ANN, "Person", NotFound),
        (Key("Office", "x"), "Visit", NotFound),
        (ANN, "Alien", UnknownType),
        (Key("Alien", "x"), "Visit", UnknownType),
    ],
)
def test_there_is_no_compartment_without_an_owner_or_for_other_types(filled, key, kind, refusal):
    with pytest.raises(refusal):
        of_ann(filled, kind, key=key)


def test_the_compartment_of_what_was_deleted_is_gone(filled):
    put(filled, Person_dee={})
    dee = filled.store.read(Key("Person", "dee"))
    filled.store.commit([deletion(dee, START, "tester")])

    with pytest.raises(Deleted):
        of_ann(filled, "Visit", key=dee.key)


@pytest.mark.parametrize("scopes", ["system/Visit.rs", "system/Person.rs system/Visit.r"])
def test_a_compartment_needs_the_scopes_of_its_owner_and_of_what_is_inside(filled, scopes):
    with pytest.raises(Forbidden):
        of_ann(filled, "Visit", client=Client("narrow", frozenset({*scopes.split(), "hub/staff"})))
