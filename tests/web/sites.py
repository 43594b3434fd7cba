"""A site over an empty store in memory, for what needs no database to be tested."""

from contextlib import nullcontext
from pathlib import Path

import mongomock
from joserfc.jwk import ECKey

from app.composition import new_id, now, schema_folder
from app.interactions import Hub
from app.interactions.identity.assertion import Assertions
from app.interactions.identity.authentication import Authentication
from app.interactions.identity.clients import RegisteredClient, secret_hash
from app.interactions.identity.rate import Rate
from app.interactions.identity.remote_keys import RemoteKeys
from app.interactions.identity.signing import SigningKeys, fixed
from app.interactions.identity.token import Issuer, Tokens
from app.model.cursor import Cursors
from app.model.errors import Unavailable
from app.model.registry import load
from app.reference import load as load_reference
from app.settings import Settings
from app.store.audit import MongoAudit
from app.store.feed import MongoFeed
from app.store.mongo import MongoStore
from app.store.protection import Protection
from app.store.rate import MongoCounter
from app.store.replays import MongoReplays
from app.web.site import Site
from memory_cipher import MemoryCipher
from tenants import RIGHTS

ORIGIN = "http://hub.test"
SECRET = "not-a-secret"  # noqa: S105 - of a client that lives in memory


class Clients:
    """The one client of a test, which may do everything."""

    def get(self, client_id):
        if client_id != "tester":
            return None
        return RegisteredClient(
            client_id,
            frozenset(RIGHTS.split()),
            partner=None,
            secret_hash=secret_hash(b"pepper", SECRET),
            created=now(),
        )


def nobody_answers(_url):
    """Stand for a network where nobody publishes keys."""
    raise Unavailable("Nobody answers.")


def some_tokens(database):
    """Return what issues and verifies tokens for the one client."""
    clients = Clients()
    assertions = Assertions(
        (f"{ORIGIN}/v1",), clients, RemoteKeys(nobody_answers, now), MongoReplays(database), now
    )
    keys = fixed(SigningKeys(ECKey.generate_key("P-256", auto_kid=True)))
    return Tokens(
        Issuer(f"{ORIGIN}/v1", keys, 5),
        Authentication(b"pepper", clients, assertions),
        Rate(MongoCounter(database), 1000, 1000, now),
        now,
    )


def a_site(folder: Path | None = None, *, is_ready=lambda: True):
    """Return a site of the types in `folder`, those that ship with the hub by default."""
    registry = load(folder or schema_folder(Settings()))
    database = mongomock.MongoClient()["hub"]
    store = MongoStore(
        database, registry, transaction=lambda work: work(None), cipher=MemoryCipher()
    )
    return Site(
        hub=Hub(registry, store, now, new_id, Cursors(b"0" * 32), 200, None, load_reference()),
        tokens=some_tokens(database),
        origin=ORIGIN,
        base="/v1",
        max_body_bytes=1024 * 1024,
        is_ready=is_ready,
        record=MongoAudit(database).record,
        audit=MongoAudit(database),
        feed=MongoFeed(database, nullcontext, Protection(database, registry, MemoryCipher())),
    )
