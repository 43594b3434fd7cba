"""A whole application over a database of its own, and a client with every right on it."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import uuid4

from app import create_app
from app.composition import DATABASE, now, open_hub
from app.interactions.identity.clients import registration, secret_hash
from app.keyring.keys import Keys
from app.settings import Settings
from app.store.clients import MongoClients
from app.store.connection import connect

CLIENT = "tester"
RIGHTS = "system/*.cruds hub/staff hub/ssn hub/disability hub/wages"
"""Every scope there is but that of the audit."""
MANY = 100_000
"""More tokens than any test asks for in a minute."""
HUNG_SECONDS = 20.0
"""After this long a request counts as hung; its own deadline is far shorter."""


def prepare(settings, scopes):
    """Make indexes and keys of a database and register clients; each one's secret is its name."""
    keys = Keys.load_or_create(settings.data)
    with connect(settings.mongodb_uri, pool=4) as client:
        open_hub(settings, client, keys).store.ensure_indexes()
        clients = MongoClients(client[settings.database])
        for name, allowed in scopes.items():
            clients.put(registration(name, allowed, None, secret_hash(keys.pepper, name), now()))


@contextmanager
def a_tenant(uri, folder, **settings):
    """Yield the application, as a worker makes it, on an empty database with its indexes."""
    chosen = Settings(
        mongodb_uri=uri,
        data=folder,
        **{
            "database": f"tenant{uuid4().hex[:8]}",
            "token_requests": MANY,
            "token_requests_per_address": MANY,
            **settings,
        },
    )
    prepare(chosen, {CLIENT: RIGHTS})
    app = create_app(chosen)
    yield app
    app.extensions[DATABASE].close()


def as_tester(app, secret=CLIENT, name=CLIENT):
    """Return a test client that carries a bearer token of the tester, or of another."""
    client = app.test_client()
    form = {"grant_type": "client_credentials"}
    token = client.post("/v1/oauth/token", data=form, auth=(name, secret)).json["access_token"]
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client


def ask(http, method, path, **sent):
    """Send one request; raise TimeoutError when it hangs."""
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(http.open, path, method=method, headers={"If-Match": "*"}, **sent)
        return asked.result(HUNG_SECONDS)


def is_unavailable(reply):
    """Whether this is the one answer to an outage, which says that a retry can help."""
    assert reply.status_code == 503, reply.text
    assert int(reply.headers["Retry-After"]) > 0
    assert reply.json["resourceType"] == "OperationOutcome"
    issue = reply.json["issue"][0]
    assert issue["code"] == "transient"
    return {"url": issue["extension"][-1]["url"], "valueBoolean": True} == issue["extension"][-1]


def as_client(app, name):
    """Return a test client that carries a bearer token of a client whose secret is its name."""
    return as_tester(app, name, name)
