"""A state in small: the seeded agencies with their demo clients, on a database of its own."""

from contextlib import contextmanager
from uuid import uuid4

from app import create_app, demo_clients, seed
from app.composition import DATABASE, now, open_hub
from app.interactions.identity.clients import registration, secret_hash
from app.keyring.keys import Keys
from app.settings import Settings
from app.store.clients import MongoClients
from app.store.connection import connect
from app.store.sequencer import Sequencer
from tenants import MANY, as_client

PARTNERS = {
    "mdes": "mdes-mississippi-works",
    "mdhs": "mdhs-eligibility",
    "mdrs": "mdrs-vr",
    "mccb": "mccb-adult-education",
    "college": "cc-hinds",
    "youth": "youth-delta",
}
"""Short names of some seeded partners, one system each; `college` has no agreement of its own."""
STAFF = "state-staff"
FIRST = "01920000-0000-7000-8000-000000000001"
"""The demo participant with most rows."""
SLOW = {"read_seconds": 20, "write_seconds": 20}
"""Deadlines that no busy test machine misses."""


class State:
    """The application with a client for each agency's system."""

    def __init__(self, app, settings, sequencer):
        self.app = app
        self.settings = settings
        self._sequencer = sequencer

    @property
    def database(self):
        """The database of the state, to look at what is stored."""
        return self.app.extensions[DATABASE][self.settings.database]

    def client(self, name, purpose=None):
        """Return a test client of a partner or of staff, by its short name."""
        found = as_client(self.app, PARTNERS.get(name, name))
        if purpose:
            found.environ_base["HTTP_PURPOSE_OF_USE"] = purpose
        return found

    def register(self, name, scopes, partner=None, purpose=None):
        """Register one more client, whose secret is its name too."""
        keys = Keys.load_or_create(self.settings.data)
        words = name, scopes, partner, secret_hash(keys.pepper, name), now()
        MongoClients(self.database).put(registration(*words, purpose=purpose))

    def clients(self, *names):
        """Return test clients by short name: of these partners, or the core four, and of staff."""
        partners = names or ("mdes", "mdhs", "mdrs", "mccb")
        return {name: self.client(name) for name in partners} | {"staff": self.client(STAFF)}

    def sequence(self):
        """Number what was committed, so that the feed has it."""
        while self._sequencer.round():
            pass


@contextmanager
def a_state(uri, folder, rows="demo", **settings):
    """Yield the application over the seeded rows; each client's secret is its name."""
    chosen = Settings(
        mongodb_uri=uri,
        data=folder,
        **{
            "database": f"state{uuid4().hex[:8]}",
            "token_requests": MANY,
            "token_requests_per_address": MANY,
            **SLOW,
            **settings,
        },
    )
    keys = Keys.load_or_create(folder)
    with connect(uri, pool=4) as client:
        database = client[chosen.database]
        hub = open_hub(chosen, client, keys)
        hub.store.ensure_indexes()
        seed.seed(hub, rows)
        wanted = demo_clients.demo_clients(hub.registry, PARTNERS.values())
        app = create_app(chosen)
        state = State(app, chosen, Sequencer(database, client.start_session, now))
        for name, demo in wanted.items():
            state.register(name, demo.scopes, demo.partner, demo.purpose)
        try:
            yield state
        finally:
            app.extensions[DATABASE].close()
            client.drop_database(chosen.database)
