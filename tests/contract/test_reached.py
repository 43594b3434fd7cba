"""The narrowing to rows within reach of a client, on every backend, against its plain meaning."""

import json
from dataclasses import replace
from random import Random
from uuid import uuid4

import mongomock
import pymongo
import pytest

from app.model.clause import AT_ONCE, ENDS, ID, Clause, OneOf, Reached
from app.store import query as searching
from app.store.filters import filters
from app.store.indexes import collection_name, ensure
from decisions import is_within
from search_builders import a_kind, a_query, a_row

KIND = a_kind()
NAMES = [f"{kind}/{n}" for kind in ("Agency", "Partner", "Program") for n in range(4)]
ROWS, DATA_SETS, QUERIES = 24, 3, 30
LABELS = ("a", "b", "c")


@pytest.fixture(scope="module")
def databases(embedded_uri):
    """Yield a function that makes three collections of rows: indexed, bare and mongomock."""
    with pymongo.MongoClient(embedded_uri, tz_aware=True) as client:
        database = client[f"reached{uuid4().hex[:8]}"]

        def collections(rows):
            name = collection_name("Thing")
            for each in (name, "bare"):
                database.drop_collection(each)
            ensure(database, [KIND])
            found = {
                "indexed": database[name],
                "without indexes": database["bare"],
                "mongomock": mongomock.MongoClient(tz_aware=True).db.rows,
            }
            for each in found.values():
                each.insert_many([dict(row) for row in rows])
            return found

        yield collections
        client.drop_database(database.name)


def paged(collection, query):
    """Return all ids, page by page; the position goes through JSON as it does in a cursor."""
    ids = []
    while True:
        page = searching.find(collection, query)
        ids += [row["_id"] for row in page.rows]
        if page.next is None:
            return ids
        query = replace(query, position=json.loads(json.dumps(page.next)))


def some(dice, those, most):
    return tuple(sorted(dice.sample(those, dice.randint(0, most))))


def a_reach(dice):
    """Return a narrowing as decisions make them: who guards is never one's own, nor another."""
    own = some(dice, NAMES, 3)
    barred = some(dice, [each for each in NAMES if each not in own], 3)
    others = some(dice, [each for each in NAMES if each not in (*own, *barred)], 4)
    guarded = some(dice, barred, len(barred))
    strict = dice.random() < 0.3
    return Reached(own, others, barred, () if strict else guarded, strict=strict)


def a_thing(dice):
    """Return what a row holds besides its ends."""
    body = {"status": dice.choice(["open", "closed"]), "labels": dice.sample(LABELS, 2)}
    if dice.random() < 0.6:
        body["size"] = dice.randint(0, 3)
    return body


CONDITIONS = (
    ((), lambda _: True),
    ((("status", "open"),), lambda body: body["status"] == "open"),
    ((("labels", "a,b"),), lambda body: {"a", "b"} & set(body["labels"])),
    ((("labels:not", "a"),), lambda body: "a" not in body["labels"]),
    ((("labels", "a"), ("labels", "b")), lambda body: {"a", "b"} <= set(body["labels"])),
    ((("size", "lt1,gt2"),), lambda body: body.get("size") in (0, 3)),
    ((("size:missing", "true"), ("labels", "c,a")), lambda body: _no_size(body, "ac")),
)
"""Pairs of a search, some of which fall into several look-ups, and what they mean."""
SORTS = {
    (): lambda id, _: id,
    (("_sort", "size"),): lambda id, body: ("size" in body, body.get("size", 0), id),
    (("_sort", "-size"),): lambda id, body: ("size" in body, body.get("size", 0), id),
}


def _no_size(body, labels):
    return "size" not in body and set(labels) & set(body["labels"])


@pytest.mark.parametrize("seed", range(DATA_SETS))
def test_every_search_finds_what_is_within_reach_and_nothing_else(databases, seed):
    dice = Random(seed)  # noqa: S311 - it picks examples
    things = {f"r{n}": (a_thing(dice), some(dice, NAMES, 4)) for n in range(ROWS)}
    rows = [{**a_row(KIND, id, body), "ends": [*ends]} for id, (body, ends) in things.items()]
    collections = databases(rows)

    for _ in range(QUERIES):
        reached = a_reach(dice)
        pairs, test = dice.choice(CONDITIONS)
        sort, order = dice.choice([*SORTS.items()])
        count = ("_count", str(dice.choice([5, 100, 100])))
        query = a_query(KIND, *pairs, *sort, count).within(Clause(ENDS, reached))
        wanted = [
            id
            for id, (body, ends) in sorted(
                things.items(), key=lambda item: order(item[0], item[1][0])
            )
            if is_within(reached, ends) and test(body)
        ]
        if query.descending:
            wanted.reverse()

        for name, collection in collections.items():
            assert paged(collection, query) == wanted, (name, pairs, sort, reached)
            assert searching.count(collection, query) == len(wanted), (name, pairs, reached)
            size = KIND.parameters["size"]
            held = searching.values(collection, replace(query, count=ROWS), size)
            assert len(held) == len(wanted), (name, pairs, reached)


def test_the_ways_within_reach_never_overlap():
    dice = Random(7)  # noqa: S311 - it picks examples
    for _ in range(300):
        reached, ends = a_reach(dice), set(some(dice, NAMES, 5))
        ways = filters([Clause(ENDS, reached)])

        met = [
            way
            for way in ways
            if ends & set(way["ends"]["$in"]) and not ends & set(way["ends"].get("$nin", ()))
        ]

        assert len(met) == is_within(reached, ends)


def test_nobody_reaches_anything():
    assert filters([Clause(ENDS, Reached(()))]) == []


def test_long_lists_of_values_are_looked_up_in_parts_within_reach(databases):
    rows = [{**a_row(KIND, f"r{n}", {}), "ends": [NAMES[n % 3]]} for n in range(ROWS)]
    ids = tuple(f"r{n}" for n in range(AT_ONCE * 2))
    query = a_query(KIND).within(Clause(ENDS, Reached((NAMES[0],), (NAMES[1],), (NAMES[2],))))
    named = query.within(Clause(ID, OneOf(ids)))

    for collection in databases(rows).values():
        assert len(paged(collection, named)) == ROWS * 2 // 3
        assert searching.count(collection, named) == ROWS * 2 // 3
