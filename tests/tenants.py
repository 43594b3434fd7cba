"""A whole application over a database of its own, and a client with every right on it."""

from contextlib import contextmanager
from uuid import uuid4

from app import DATABASE, create_app, now, open_hub
from app.interactions.clients import registration, secret_hash
from app.keys import Keys
from app.settings import Settings
from app.store.clients import MongoClients
from app.store.connection import connect

CLIENT = "tester"


@contextmanager
def a_tenant(uri, folder, **settings):
    """Yield the application, as a worker makes it, on an empty database with its indexes."""
    chosen = Settings(
        mongodb_uri=uri, database=f"tenant{uuid4().hex[:8]}", data=folder, **settings
    )
    keys = Keys.load_or_create(folder)
    with connect(uri, pool=2) as client:
        open_hub(chosen, client).store.ensure_indexes()
        hashed = secret_hash(keys.pepper, CLIENT)
        MongoClients(client[chosen.database]).put(
            registration(CLIENT, "system/*.cruds", None, hashed, now())
        )
    app = create_app(chosen)
    yield app
    app.extensions[DATABASE].close()


def as_tester(app, secret=CLIENT):
    """Return a test client that carries a bearer token of the tester."""
    client = app.test_client()
    form = {"grant_type": "client_credentials"}
    token = client.post("/v1/oauth/token", data=form, auth=(CLIENT, secret)).json["access_token"]
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client
