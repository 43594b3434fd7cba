"""What the store promises of counters and of used assertions, on each backend."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import mongomock
import pytest

from app.model.errors import Unavailable
from app.store import rate, replays
from app.store.connection import connect
from app.store.rate import MongoCounter
from app.store.replays import MongoReplays

UNTIL = datetime(2126, 1, 5, tzinfo=UTC)
DIGEST = b"\0\xff" * 16


@pytest.fixture
def wire_memory(embedded_uri):
    """Yield `counter` and `replays` over one empty database that many may use at once."""
    with connect(embedded_uri, pool=40) as connection:
        name = f"t{uuid4().hex[:12]}"
        yield over(connection[name])
        connection.drop_database(name)


@pytest.fixture(params=["mongomock", "wire"])
def memory(request):
    """Return `counter` and `replays` over one empty database on each backend."""
    if request.param == "wire":
        return request.getfixturevalue("wire_memory")
    return over(mongomock.MongoClient(tz_aware=True)["hub"])


def over(database):
    rate.ensure(database)
    replays.ensure(database)
    found = SimpleNamespace(counter=MongoCounter(database), replays=MongoReplays(database))
    found.database = database
    return found


def test_each_name_is_counted_for_itself(memory):
    count = memory.counter.count

    assert [count("a", UNTIL), count("a", UNTIL), count("b", UNTIL)] == [1, 2, 1]


def test_no_count_is_lost_when_many_count_at_once(wire_memory):
    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda _: wire_memory.counter.count("a", UNTIL), range(200)))

    # The first count of a name may be sent anew and count twice, which errs on the safe side.
    assert max(found) >= 200
    assert len(set(found)) == 200


def test_an_assertion_is_used_once(memory):
    found = [memory.replays.claim(digest, UNTIL) for digest in (DIGEST, DIGEST, b"\1" * 32)]

    assert found == [True, False, True]


def test_an_assertion_is_used_once_however_many_claim_it_at_once(wire_memory):
    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda _: wire_memory.replays.claim(DIGEST, UNTIL), range(20)))

    assert sorted(found) == [False] * 19 + [True]


def test_the_database_forgets_what_is_over(memory):
    for name in ("rate", "replays"):
        indexes = memory.database[name].index_information()
        assert indexes["until_1"]["expireAfterSeconds"] == 0


def test_an_outage_is_told_as_such():
    with connect("mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=50", pool=1) as connection:
        database = connection["hub"]
        with pytest.raises(Unavailable):
            MongoCounter(database, seconds=0.2).count("a", UNTIL)
        with pytest.raises(Unavailable):
            MongoReplays(database, seconds=0.2).claim(DIGEST, UNTIL + timedelta(1))
