"""Three types that refer to each other, and a hub of them on each backend."""

from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import uuid4

import mongomock

from app.interactions import Hub
from app.model.access.client import Client
from app.model.cursor import Cursors
from app.model.registry import Registry
from app.store.connection import connect, transactions
from app.store.mongo import MongoStore
from memory_cipher import MemoryCipher
from search_builders import IDENTIFIER, a_kind, a_version

START = datetime(2026, 3, 1, tzinfo=UTC)
READER = Client("reader", frozenset({"system/*.rs", "hub/staff"}))
ENVELOPE = {
    "id": {"type": "string"},
    "identifier": {"type": "array", "items": IDENTIFIER},
    "status": {"type": "string", "x-search": "token"},
}


def refers(*targets):
    return {"type": "object", "x-search": "reference", "x-target": list(targets)}


NAME = {"type": "string", "x-search": "string"}
OFFICE = a_kind({**ENVELOPE, "name": NAME}, name="Office")
PERSON = a_kind(
    {
        **ENVELOPE,
        "name": NAME,
        "born": {"type": "string", "format": "date", "x-search": "date"},
        "office": refers("Office"),
        "knows": {
            "type": "array",
            "items": {"type": "object"},
            "x-search": "reference",
            "x-target": ["Office", "Person"],
        },
    },
    name="Person",
)
VISIT = a_kind(
    {
        **ENVELOPE,
        "person": refers("Person"),
        "host": refers("Office", "Person"),
        "cost": {"type": "number", "x-search": "number"},
    },
    name="Visit",
    **{"x-compartment": "person"},
)
TYPES = {kind.name: kind for kind in (OFFICE, PERSON, VISIT)}
REGISTRY = Registry(TYPES, {})


@contextmanager
def a_hub(backend, uri):
    """Yield a hub without rows, over the wire or over mongomock."""

    def hub(store):
        return Hub(REGISTRY, store, lambda: START, lambda: "new", Cursors(b"secret"), 100)

    if backend == "mongomock":
        database = mongomock.MongoClient()["hub"]
        run = lambda work: work(None)  # noqa: E731 - it is one
        yield hub(MongoStore(database, REGISTRY, transaction=run, cipher=MemoryCipher()))
        return
    with connect(uri, pool=4) as client:
        name = f"t{uuid4().hex[:12]}"
        run = transactions(client)
        store = MongoStore(client[name], REGISTRY, transaction=run, cipher=MemoryCipher())
        store.ensure_indexes()
        yield hub(store)
        client.drop_database(name)


def to(name, **more):
    """Return a reference."""
    return {"reference": name, **more}


def put(hub, **bodies):
    """Store resources by `Type_id`, all in one commit."""
    versions = []
    for name, body in bodies.items():
        kind, _, id = name.partition("_")
        versions.append(a_version(id, body, kind=kind, at=START))
    hub.store.commit(versions)


def names(versions):
    return [str(version.key) for version in versions]
