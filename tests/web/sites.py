"""A site over an empty store in memory, for what needs no database to be tested."""

from contextlib import nullcontext
from pathlib import Path

import mongomock
from joserfc.jwk import ECKey

from app.composition import new_id, now, schema_folder
from app.interactions import Hub
from app.interactions.clients import RegisteredClient, secret_hash
from app.interactions.token import Issuer, Tokens
from app.model.cursor import Cursors
from app.model.registry import load
from app.settings import Settings
from app.store.feed import MongoFeed
from app.store.mongo import MongoStore
from app.web.site import Site

ORIGIN = "http://hub.test"
SECRET = "not-a-secret"  # noqa: S105 - of a client that lives in memory


class Clients:
    """The one client of a test, which may do everything."""

    def get(self, client_id):
        if client_id != "tester":
            return None
        return RegisteredClient(
            client_id,
            frozenset({"system/*.cruds"}),
            partner=None,
            secret_hash=secret_hash(b"pepper", SECRET),
            created=now(),
        )


def a_site(folder: Path | None = None, *, is_ready=lambda: True):
    """Return a site of the types in `folder`, those that ship with the hub by default."""
    registry = load(folder or schema_folder(Settings()))
    database = mongomock.MongoClient()["hub"]
    store = MongoStore(database, registry, transaction=lambda work: work(None))
    key = ECKey.generate_key("P-256", auto_kid=True)
    return Site(
        hub=Hub(registry, store, now, new_id, Cursors(b"0" * 32), 200),
        tokens=Tokens(Issuer(f"{ORIGIN}/v1", key, 5), b"pepper", Clients(), now),
        origin=ORIGIN,
        base="/v1",
        max_body_bytes=1024 * 1024,
        is_ready=is_ready,
        feed=MongoFeed(database, nullcontext),
    )
