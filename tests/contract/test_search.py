"""Search from the client's parameters to its page, on every backend."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import mongomock
import pytest

from app.interactions import Hub
from app.interactions.search import search
from app.model.access.client import Client
from app.model.cursor import Cursors
from app.model.errors import BadParameter, Forbidden, UnknownType
from app.model.registry import Registry
from app.store.connection import connect, transactions
from app.store.mongo import MongoStore
from memory_cipher import MemoryCipher
from search_builders import a_kind, a_version

KIND = a_kind()
REGISTRY = Registry({"Thing": KIND}, {})
CURSORS = Cursors(b"secret")
READER = Client("reader", frozenset({"system/Thing.s", "hub/staff"}))
START = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(params=["mongomock", "wire"])
def hub(request, embedded_uri):
    """Yield a hub with one type and no rows."""
    if request.param == "mongomock":
        store = MongoStore(
            mongomock.MongoClient()["hub"],
            REGISTRY,
            transaction=lambda work: work(None),
            cipher=MemoryCipher(),
        )
        yield Hub(REGISTRY, store, lambda: START, lambda: "new", CURSORS, 100)
        return
    with connect(embedded_uri, pool=4) as client:
        name = f"t{uuid4().hex[:12]}"
        run = transactions(client)
        store = MongoStore(client[name], REGISTRY, transaction=run, cipher=MemoryCipher())
        store.ensure_indexes()
        yield Hub(REGISTRY, store, lambda: START, lambda: "new", CURSORS, 100)
        client.drop_database(name)


def put(hub, **bodies):
    """Store things by id, each a millisecond after the one before."""
    for n, (id, body) in enumerate(bodies.items()):
        at = START + timedelta(milliseconds=n)
        hub.store.commit([a_version(id, body, at=at)])


def ask(hub, *pairs, client=READER):
    return search(hub, client, "Thing", pairs)


def ids(page):
    return [version.key.id for version in page.versions]


def walk(hub, *pairs):
    """Yield pages, following the cursors."""
    page = ask(hub, *pairs)
    while True:
        yield page
        if page.next is None:
            return
        page = ask(hub, *pairs, ("_cursor", page.next))


def test_what_was_written_is_found_as_it_was(hub):
    put(hub, a={"name": "Zoë"}, b={"name": "Bo"})

    page = ask(hub, ("name", "ZOE"))

    said = {"profile": ["https://hub.wioa.example/schemas/Thing|1.0.0"]}
    assert page.versions == [a_version("a", {"name": "Zoë", "meta": said}, at=START)]
    assert (page.total, page.next) == (None, None)


def test_pages_follow_each_other_without_gaps(hub):
    names = ["a", "B", "c", "D", "e", "F", "g"]
    put(hub, **{each: {"name": "same"} for each in names})

    pages = list(walk(hub, ("name", "same"), ("_count", "3")))

    assert [ids(page) for page in pages] == [["B", "D", "F"], ["a", "c", "e"], ["g"]]


def test_a_full_last_page_has_no_next(hub):
    put(hub, a={}, b={})

    assert [ids(page) for page in walk(hub, ("_count", "1"))] == [["a"], ["b"]]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("_id", ["a", "b", "c", "d", "e"]),
        ("-_id", ["e", "d", "c", "b", "a"]),
        ("_lastUpdated", ["c", "a", "e", "b", "d"]),
        ("-_lastUpdated", ["d", "b", "e", "a", "c"]),
        ("born", ["b", "e", "d", "a", "c"]),
        ("-born", ["c", "a", "d", "e", "b"]),
        ("size,name", ["b", "a", "c", "e", "d"]),
        ("-size,-name", ["d", "e", "c", "a", "b"]),
    ],
)
@pytest.mark.parametrize("count", ["1", "2", "5"])
def test_pages_keep_the_order_asked_missing_values_at_the_low_end(hub, sort, order, count):
    put(
        hub,
        c={"born": "2000-01-03", "size": 1, "name": "B"},
        a={"born": "2000-01-03", "size": 1, "name": "a"},
        e={"size": 2},
        b={},
        d={"born": "0001-01-01", "size": 2, "name": "a"},
    )

    pages = list(walk(hub, ("_sort", sort), ("_count", count)))

    assert [id for page in pages for id in ids(page)] == order


def test_rows_that_come_and_go_are_neither_repeated_nor_skipped(hub):
    put(hub, b={}, d={}, f={}, h={})
    first = ask(hub, ("_count", "2"))

    put(hub, a={}, c={}, g={})
    second = ask(hub, ("_count", "2"), ("_cursor", first.next))

    assert (ids(first), ids(second)) == (["b", "d"], ["f", "g"])


@pytest.mark.parametrize(
    ("pairs", "total", "shown"),
    [
        pytest.param([("_total", "accurate")], 3, 3, id="asked"),
        pytest.param([("_total", "estimate"), ("_count", "1")], 3, 1, id="of all pages"),
        pytest.param([("_total", "none")], None, 3, id="not asked"),
        pytest.param([("_summary", "count")], 3, 0, id="only the number"),
        pytest.param([("_count", "0"), ("_totalMethod", "count")], 3, 0, id="no entries"),
        pytest.param([("sizes", "lt5,gt5"), ("_total", "accurate")], 2, 2, id="each once"),
        pytest.param([("_id:missing", "true"), ("_total", "accurate")], 0, 0, id="nothing"),
    ],
)
def test_totals(hub, pairs, total, shown):
    put(hub, a={"sizes": [1, 9]}, b={"sizes": [9]}, c={})

    page = ask(hub, *pairs)

    assert (page.total, len(page.versions)) == (total, shown)


def test_what_matches_in_two_ways_is_shown_once(hub):
    put(hub, a={"sizes": [1, 9]}, b={"sizes": [9]}, c={"sizes": [1, 2]})

    pages = list(walk(hub, ("sizes", "lt5,gt5"), ("_count", "1"), ("_sort", "-_id")))

    assert [ids(page) for page in pages] == [["c"], ["b"], ["a"]]


@pytest.mark.parametrize(
    "text",
    [".*", "^", "a|b", "$where", "{}", "x{1,2}", "(?i)", "[a-z]", "\\\\d", "'", " #-~&", "é.ß"],
)
def test_signs_with_a_meaning_elsewhere_are_only_text(hub, text):
    put(hub, a={"name": "plain abc xx 1"}, b={"name": f"<{text.replace(chr(92) * 2, chr(92))}>"})

    assert ids(
        ask(
            hub, ("name:contains", text.replace(",", "\\,").replace("|", "\\|").replace("$", "\\$"))
        )
    ) == ["b"]


def test_a_cursor_of_someone_else_is_refused(hub):
    put(hub, a={}, b={})
    page = ask(hub, ("_count", "1"))
    other = Client("other", READER.scopes)

    for pairs, client in (([("_count", "1")], other), ([("_count", "2")], READER)):
        with pytest.raises(BadParameter) as refusal:
            ask(hub, *pairs, ("_cursor", page.next), client=client)
        assert refusal.value.issues[0].pointer == "_cursor"


def test_a_search_needs_the_scope(hub):
    with pytest.raises(Forbidden):
        ask(hub, client=Client("writer", frozenset({"system/Thing.crud", "hub/staff"})))


def test_an_unknown_type_is_refused(hub):
    with pytest.raises(UnknownType):
        search(hub, READER, "Nothing", [])
