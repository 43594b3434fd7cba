"""Rows of a release that did not yet say whose they are get their marks when the hub starts."""

import pytest

from app.composition import new_id, now
from app.model.clause import ENDS, Clause, Reached
from app.model.query import plain
from app.model.version import Key, following
from app.store.connection import connect, transactions
from app.store.mongo import MongoStore
from builders import an_example
from memory_cipher import MemoryCipher

KIND = "ParticipantScore"


@pytest.fixture
def database(embedded_uri):
    with connect(embedded_uri, pool=4) as client:
        found = client[f"marks{new_id()[-8:]}"]
        yield found
        client.drop_database(found.name)


def test_old_rows_are_found_by_their_owner_after_a_start(database, registry):
    run = transactions(database.client)
    store = MongoStore(database, registry, transaction=run, cipher=MemoryCipher())
    store.ensure_indexes()
    body, key = an_example(KIND), Key(KIND, "one")
    store.commit([following(None, key, now(), "tests", body)])
    database[f"current.{KIND}"].update_many({}, {"$unset": {"ends": "", "who": ""}})
    reached = Reached((body["partner"]["reference"],))
    own = plain(registry.type(KIND), (Clause(ENDS, reached),), 10)
    assert store.search(own).versions == []

    store.ensure_indexes()

    assert [each.key for each in store.search(own).versions] == [key]
    assert (
        f"ParticipantProfile/{store.read(key).marks.participant}"
        == (body["participant"]["reference"])
    )
