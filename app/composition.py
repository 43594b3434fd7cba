"""Where the floors meet, with the only clock and the only dice of the hub."""

import secrets
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from pymongo import MongoClient

from app.interactions import Hub
from app.interactions.token import Issuer, Tokens
from app.keys import Keys
from app.model.cursor import Cursors
from app.model.registry import load
from app.settings import BASE, Settings
from app.store.clients import MongoClients
from app.store.connection import connect, transactions
from app.store.feed import MongoFeed
from app.store.mongo import MongoStore
from app.web import application
from app.web.site import Site

DATABASE = "database"
"""Under this name in `Flask.extensions` is the connection, for whoever ends the application."""


def compose(settings: Settings | None = None) -> Flask:
    """Return the WSGI application of the production tenant; made once in each worker."""
    settings = settings or Settings.from_env()
    client = connect(settings.mongodb_uri, pool=settings.threads + 2)
    keys = Keys.load_or_create(settings.data)
    hub = open_hub(settings, client, keys)
    url = settings.origin + BASE
    clients = MongoClients(client[settings.database])
    site = Site(
        hub=hub,
        tokens=Tokens(Issuer(url, keys.signing, settings.token_minutes), keys.pepper, clients, now),
        origin=settings.origin,
        base=BASE,
        max_body_bytes=settings.max_body_bytes,
        max_bundle_entries=settings.max_bundle_entries,
        is_ready=hub.store.is_ready,
        feed=open_feed(settings, client),
        max_waiting=settings.threads // 2,
    )
    found = application(site)
    found.extensions[DATABASE] = client
    return found


def open_hub(settings: Settings, client: MongoClient[dict[str, Any]], keys: Keys) -> Hub:
    """Return the production tenant over a database connection."""
    registry = load(schema_folder(settings))
    store = MongoStore(
        client[settings.database],
        registry,
        transaction=transactions(client),
        read_seconds=settings.read_seconds,
        write_seconds=settings.write_seconds,
        bundle_seconds=settings.bundle_seconds,
    )
    return Hub(registry, store, now, new_id, Cursors(keys.cursor_secret), settings.max_count)


def open_feed(settings: Settings, client: MongoClient[dict[str, Any]]) -> MongoFeed:
    """Return the change feed of the production tenant."""
    database = client[settings.database]
    return MongoFeed(database, client.start_session, read_seconds=settings.read_seconds)


def schema_folder(settings: Settings) -> Path:
    """Return the folder of published schemas: the given one, or those that ship with the hub."""
    shipped = Path(str(files("resource_schemas") / "datatypes")).parent
    return shipped if settings.schemas == Path() else settings.schemas


def now() -> datetime:
    """Return the time in UTC with milliseconds, as the database keeps it."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def new_id() -> str:
    """Return a UUIDv7 (RFC 9562 section 5.7): 48 bits of time, the rest random."""
    stamp = int(datetime.now(UTC).timestamp() * 1000)
    bits = stamp << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62)
    return str(UUID(int=bits))
