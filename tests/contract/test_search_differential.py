"""Searches by a server with our indexes, without any, by mongomock, and by plain Python agree."""

import json
from dataclasses import replace
from uuid import uuid4

import mongomock
import pymongo
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from app.model.parameter import MODIFIERS
from app.store import query as searching
from app.store.indexes import collection_name, ensure
from search_builders import a_query, a_row
from search_meaning import expected
from search_strategies import DATA_SETS, KIND, PER_DATA_SET, ROWS

QUERIES = 2_000


def paged(collection, query):
    """Return all ids, page by page; the position goes through JSON as it does in a cursor."""
    ids = []
    while True:
        page = searching.find(collection, query)
        ids += [row["_id"] for row in page.rows]
        assert len(page.rows) == query.count or page.next is None
        if page.next is None:
            return ids
        query = replace(query, position=json.loads(json.dumps(page.next)))


@pytest.fixture(scope="module")
def databases(embedded_uri):
    """Yield a function that makes three collections of rows: indexed, bare and mongomock."""
    with pymongo.MongoClient(embedded_uri, tz_aware=True) as client:
        database = client[f"differential{uuid4().hex[:8]}"]

        def collections(rows):
            name = collection_name("Thing")
            for each in (name, "bare"):
                database.drop_collection(each)
            ensure(database, [KIND])
            found = [database[name], database["bare"], mongomock.MongoClient(tz_aware=True).db.rows]
            for each in found:
                each.insert_many([dict(row) for row in rows])
            return found

        yield collections
        client.drop_database(database.name)


@settings(
    max_examples=QUERIES // PER_DATA_SET,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(data_set=DATA_SETS)
def test_every_search_finds_what_fhir_says_with_and_without_indexes(databases, data_set):
    contents, names, asked = data_set
    stamped = list(zip(names, contents, strict=False))
    collections = databases([a_row(KIND, id, body, at=at) for id, (body, at) in stamped])
    bodies = [
        {**body, "id": id, "at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z")}
        for id, (body, at) in stamped
    ]
    for conditions, keys, sign, count in asked:
        pairs = [(name, text) for name, text, _ in conditions]
        if keys:
            pairs.append(("_sort", ",".join(sign + key for key in keys)))
        query = a_query(KIND, *pairs, ("_count", str(count)))
        wanted = expected(bodies, conditions, keys, sign if keys else "")

        indexed, bare, mocked = collections
        assert paged(indexed, query) == wanted, ("indexed", pairs)
        assert searching.count(indexed, query) == len(wanted), ("indexed", pairs)
        whole = replace(query, count=ROWS)
        assert paged(mocked, whole) == wanted, ("mongomock", pairs)
        assert paged(bare, whole) == wanted, ("without indexes", pairs)


def test_the_searches_above_use_every_modifier():
    tried = {"exact", "contains", "identifier", "not", "missing"}

    assert {each for names in MODIFIERS.values() for each in names} == tried
