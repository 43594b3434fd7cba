"""Where the floors meet, with the only clock and the only dice of the hub."""

import secrets
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from pymongo import MongoClient

from app import reference
from app.fetch import Fetch
from app.interactions import Hub
from app.interactions.identity.assertion import Assertions
from app.interactions.identity.authentication import Authentication
from app.interactions.identity.external_issuer import ExternalIssuer
from app.interactions.identity.rate import Rate
from app.interactions.identity.remote_keys import RemoteKeys
from app.interactions.identity.token import Issuer, Tokens
from app.interactions.limit import Limit
from app.interactions.publishing.desk import Desk
from app.judging import Judging
from app.keyring import master_keys
from app.keyring.keys import Keys
from app.keyring.signing import WatchedKeys
from app.model.cursor import Cursors
from app.model.registry import InForce, Published, load
from app.settings import BASE, Settings
from app.store.audit import MongoAudit
from app.store.certificates import MongoCertificates
from app.store.clients import MongoClients
from app.store.connection import connect, transactions
from app.store.feed import MongoFeed
from app.store.mongo import MongoStore
from app.store.protection import Protection
from app.store.rate import MongoCounter
from app.store.replays import MongoReplays
from app.store.scans import MongoScans
from app.store.usage import MongoUses
from app.store.vault import Vault
from app.web import application
from app.web.site import Site

HOUR = 3600
MANY_SECRETS = "Too many searches by SSN in this hour."
DATABASE = "database"
"""Under this name in `Flask.extensions` is the connection, for whoever ends the application."""


def compose(
    settings: Settings | None = None,
    base: str = BASE,
    client: MongoClient[dict[str, Any]] | None = None,
) -> Flask:
    """Return the WSGI application of a tenant, the production's by default.

    It is made once in each worker; tenants may share a connection.
    """
    settings = settings or Settings.from_env()
    client = client or connect(settings.mongodb_uri, pool=settings.threads + 2)
    keys = Keys.load_or_create(settings.data)
    vault = open_vault(settings, client)
    hub = open_hub(settings, client, keys, vault)
    trail = open_trail(settings, client)
    site = Site(
        hub=hub,
        tokens=open_tokens(settings, client, keys, base),
        origin=settings.origin,
        base=base,
        max_body_bytes=settings.max_body_bytes,
        max_bundle_entries=settings.max_bundle_entries,
        is_ready=hub.store.is_ready,
        feed=open_feed(settings, client, hub.published, vault),
        record=trail.record,
        audit=trail,
        max_waiting=settings.threads // 2,
        is_sandbox=base != BASE,
    )
    found = application(site)
    found.extensions[DATABASE] = client
    return found


def open_hub(
    settings: Settings,
    client: MongoClient[dict[str, Any]],
    keys: Keys,
    vault: Vault | None = None,
) -> Hub:
    """Return the production tenant over a database connection."""
    published = InForce(load(schema_folder(settings)))
    store = open_store(settings, client, published, vault)
    cursors = Cursors(keys.cursor_secret)
    counter = MongoCounter(client[settings.database], seconds=settings.write_seconds)
    searches = Limit(counter, now, settings.secret_searches, HOUR, MANY_SECRETS)
    hub = Hub(
        published,
        store,
        now,
        new_id,
        cursors,
        settings.max_count,
        searches,
        reference.load(),
        open_desk(settings, client),
        MongoCertificates(client[settings.database], seconds=settings.read_seconds),
    )
    hub.publications.refresh()
    return hub


def open_store(
    settings: Settings,
    client: MongoClient[dict[str, Any]],
    published: Published,
    vault: Vault | None = None,
) -> MongoStore:
    """Return the rows of the production tenant."""
    return MongoStore(
        client[settings.database],
        published,
        transaction=transactions(client),
        cipher=vault or open_vault(settings, client),
        read_seconds=settings.read_seconds,
        write_seconds=settings.write_seconds,
        bundle_seconds=settings.bundle_seconds,
    )


def open_desk(settings: Settings, client: MongoClient[dict[str, Any]]) -> Desk:
    """Return what the publication of schemas needs besides the rows."""
    database = client[settings.database]
    uses = MongoUses(
        database, read_seconds=settings.read_seconds, write_seconds=settings.write_seconds
    )
    scans = MongoScans(database, seconds=settings.write_seconds)
    return Desk(Judging(), uses, scans, settings.schema_grace_days, settings.schema_unused_days)


def open_trail(settings: Settings, client: MongoClient[dict[str, Any]]) -> MongoAudit:
    """Return the audit trail of the production tenant."""
    return MongoAudit(
        client[settings.database],
        write_seconds=settings.write_seconds,
        read_seconds=settings.read_seconds,
    )


def open_tokens(
    settings: Settings, client: MongoClient[dict[str, Any]], keys: Keys, base: str = BASE
) -> Tokens:
    """Return what issues and verifies a tenant's access tokens."""
    url, database = settings.origin + base, client[settings.database]
    clients, trust = MongoClients(database), settings.trust
    remote = RemoteKeys(Fetch(settings.private_hosts), now)
    audiences = (f"{url}/oauth/token", url)
    replays = MongoReplays(database, seconds=settings.write_seconds)
    assertions = Assertions(audiences, clients, remote, replays, now)
    counter = MongoCounter(database, seconds=settings.write_seconds)
    limits = settings.token_requests, settings.token_requests_per_address
    return Tokens(
        Issuer(url, WatchedKeys(settings.data), settings.token_minutes),
        Authentication(keys.pepper, clients, assertions),
        Rate(counter, *limits, now),
        now,
        ExternalIssuer(trust, remote, now) if trust else None,
    )


def open_feed(
    settings: Settings, client: MongoClient[dict[str, Any]], published: Published, vault: Vault
) -> MongoFeed:
    """Return the change feed of the production tenant."""
    database = client[settings.database]
    protection = Protection(database, published, vault)
    return MongoFeed(database, client.start_session, protection, read_seconds=settings.read_seconds)


def open_vault(settings: Settings, client: MongoClient[dict[str, Any]]) -> Vault:
    """Return the data keys of the production tenant; the first local master key is made here."""
    path = master_key_file(settings)
    if settings.kms == Path():
        master_keys.ensure(path)
    return Vault(client, settings.database, master_keys.MasterKeyFile(path))


def master_key_file(settings: Settings) -> Path:
    """Return the file that names the master keys: the given one, or that of the data folder."""
    return settings.data / master_keys.NAME if settings.kms == Path() else settings.kms


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
