"""How often a write asks the database: the conditions nobody set must cost nothing."""

import pytest
from pymongo import MongoClient
from pymongo.monitoring import CommandListener

from app.composition import new_id, now
from app.interactions import Hub
from app.interactions.write import Target, create, update
from app.model.cursor import Cursors
from app.model.precondition import Precondition
from app.model.receipt import Once
from app.reference import load as load_reference
from app.store.connection import transactions
from app.store.mongo import MongoStore
from builders import STAFF, a_profile
from memory_cipher import MemoryCipher

KIND = "ParticipantProfile"
CURRENT = f"current.{KIND}"
NEW_ROWS = [
    *("insert versions", f"insert {CURRENT}", "insert keys", "insert audit", "commitTransaction")
]


class Heard(CommandListener):
    """Notes what a driver sends: each command with the collection that it is about."""

    def __init__(self):
        self.commands = []

    def started(self, event):
        about = event.command[event.command_name]
        known = isinstance(about, str)
        self.commands.append(f"{event.command_name} {about}" if known else event.command_name)

    def succeeded(self, event):
        pass

    def failed(self, event):
        pass


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture
def hub(registry, embedded_uri, heard):
    """Yield a hub over an empty database, each of whose commands is heard."""
    with MongoClient(embedded_uri, event_listeners=[heard]) as client:
        name = f"trips{new_id()[:8]}{new_id()[-8:]}"
        run = transactions(client)
        store = MongoStore(client[name], registry, transaction=run, cipher=MemoryCipher())
        store.ensure_indexes()
        hub = Hub(registry, store, now, new_id, Cursors(b"tests"), 200, None, load_reference())
        create(hub, STAFF, Target(KIND), a_profile())
        heard.commands.clear()
        yield hub
        client.drop_database(name)


def test_a_plain_create_inserts_its_rows_and_commits(hub, heard):
    create(hub, STAFF, Target(KIND), a_profile())

    assert heard.commands == NEW_ROWS


def test_a_plain_update_reads_replaces_and_commits(hub, heard):
    made = create(hub, STAFF, Target(KIND), a_profile()).version
    heard.commands.clear()
    body = {**made.resource, "lastName": "Changed"}

    update(hub, STAFF, Target(KIND, made.key.id), body, Precondition(frozenset({1})))

    assert heard.commands == [
        f"find {CURRENT}",
        "insert versions",
        f"update {CURRENT}",
        "insert audit",
        "commitTransaction",
    ]


def test_an_idempotency_key_costs_one_look_and_one_row(hub, heard):
    create(hub, STAFF, Target(KIND), a_profile(), Once(STAFF.id, "k", "f"))

    assert heard.commands == ["find idempotency", "insert idempotency", *NEW_ROWS]


def test_criteria_cost_two_looks_and_a_lock(hub, heard):
    body = a_profile()
    criteria = (("pirl-unique-id", body["pirlUniqueId"]),)

    create(hub, STAFF, Target(KIND, criteria=criteria), body)

    assert heard.commands == [f"find {CURRENT}", "update locks", f"find {CURRENT}", *NEW_ROWS]
