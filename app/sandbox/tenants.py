"""The hubs of conformance runs: each with a database of its own, below `/cf/<opaque>`."""

import hmac
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

from flask import Flask
from pymongo import MongoClient
from werkzeug.test import Client
from werkzeug.wrappers import Response

from app import demo_clients, seed
from app.composition import compose, now, open_hub, open_store, open_tokens
from app.interactions.identity.clients import new_secret, registration, secret_hash
from app.interactions.runs import OVER, Admission, Row, Runs
from app.interactions.runs.live_stage import LiveStage
from app.keyring.keys import Keys
from app.keyring.signing import WatchedKeys
from app.model.errors import NotFound
from app.sandbox.answers import Environ, StartResponse, Wsgi
from app.sandbox.believed import Believed
from app.sandbox.cast import GHOSTS, client_of, names
from app.sandbox.door import Door
from app.settings import Settings
from app.store.clients import MongoClients
from app.store.sequencer import Sequencer
from conformance import scenario
from conformance.exchange import PARTNER

ROOT = "/cf/"
AGREEMENT = "DataSharingAgreement"
MOST_OPEN = 8
"""Sandboxes that a worker keeps open; any other is opened again when it is asked."""
MANY = 1_000_000
UNAUTHENTICATED = 401
TOP_LEVEL = 4


@dataclass
class Tenant:
    """One open sandbox: its application, whom it believes, its numbering, its ghosts' tokens."""

    app: Flask
    believed: Believed
    sequencer: Sequencer
    tokens: dict[str, str] = field(default_factory=dict)

    def sequence(self) -> None:
        """Number what was committed, so that the feed has it."""
        while self.sequencer.round():
            pass


class Tenants:
    """Opens, asks, serves and drops sandboxes; see `app.interactions.runs.Sandboxes`."""

    def __init__(self, settings: Settings, client: MongoClient[dict[str, Any]], runs: Runs) -> None:
        self._settings = settings
        self._client = client
        self._runs = runs
        self._lock = Lock()
        self._open: OrderedDict[str, Tenant] = OrderedDict()

    def open(self, opaque: str, partner: str) -> Admission:
        """Make a tenant with lookups, agreements, ghosts and a client for the partner."""
        settings = self._settings_of(opaque)
        keys = Keys.load_or_create(settings.data)
        hub = open_hub(settings, self._client, keys)
        open_store(settings, self._client, hub.published).ensure_indexes()
        lookups, demo = seed.rows("lookups"), seed.rows("demo")
        for key, body in lookups.items():
            if key.type == "Partner":
                lookups[key] = {**body, "onboardingLevel": TOP_LEVEL}
        seed.put(hub, lookups)
        seed.put(hub, {key: body for key, body in demo.items() if key.type == AGREEMENT})
        clients = MongoClients(self._client[settings.database])
        wanted = demo_clients.demo_clients(hub.registry, GHOSTS.values())
        for who, seeded in GHOSTS.items():
            name, ghost = client_of(opaque, who), wanted[seeded]
            hashed = secret_hash(keys.pepper, self._secret(opaque, name))
            words = name, ghost.scopes, ghost.partner, hashed, now()
            clients.put(registration(*words, purpose=ghost.purpose))
        secret, mine = new_secret(), wanted[GHOSTS["workforce"]]
        product = client_of(opaque, PARTNER)
        words = product, mine.scopes, partner, secret_hash(keys.pepper, secret), now()
        clients.put(registration(*words, purpose=demo_clients.PARTNER_PURPOSE))
        return Admission(f"{self._settings.origin}{ROOT}{opaque}", product, secret)

    def ask(  # noqa: PLR0913, PLR0917 - who asks what of which tenant
        self,
        opaque: str,
        ghost: str,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, Any, Mapping[str, str]]:
        """Send a request as a ghost; return status, body and headers, names in lower case."""
        run = self._runs.of_opaque(opaque)
        tenant, name = self._tenant(opaque), client_of(opaque, ghost)
        door = Client(self._served(run) if run else tenant.app, Response)
        for _ in range(2):
            token = tenant.tokens.get(name) or self._token(tenant, opaque, name)
            sent = {"Authorization": f"Bearer {token}", **(headers or {})}
            answer = door.open(f"{ROOT}{opaque}/{path}", method=method, headers=sent, json=body)
            if answer.status_code != UNAUTHENTICATED:
                break
            tenant.tokens.pop(name, None)
        told = {key.lower(): value for key, value in answer.headers.items()}
        return answer.status_code, answer.get_json(silent=True), told

    def close(self, opaque: str) -> None:
        """Drop the tenant with all it holds."""
        with self._lock:
            self._open.pop(opaque, None)
        name = self._settings_of(opaque).database
        for each in (name, f"{name}_vault"):
            self._client.drop_database(each)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Serve a request below `/cf/`; raise NotFound where no sandbox is open."""
        opaque = environ["PATH_INFO"].removeprefix(ROOT).partition("/")[0]
        run = self._runs.of_opaque(opaque)
        if run is None or run["state"] in OVER:
            raise NotFound("There is no run at this address; was it ended, or is it mistyped?")
        return self._served(run)(environ, start_response)

    def _served(self, run: Row) -> Wsgi:
        tenant = self._tenant(run["opaque"])
        root = f"{ROOT}{run['opaque']}"

        def play(name: str) -> None:
            current = self._runs.get(run["id"]) or run
            step = next(each for each in scenario.journey(4, "both") if each.key == current["step"])
            LiveStage(self._runs, self, current).play(step.deeds[name])

        door = Door(tenant.app, self._runs, run["id"], tenant.believed, play, tenant.sequence)

        def serve(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
            environ["hub.below"] = environ["PATH_INFO"].removeprefix(root).strip("/")
            return door(environ, start_response)

        return serve

    def _tenant(self, opaque: str) -> Tenant:
        with self._lock:
            if opaque in self._open:
                self._open.move_to_end(opaque)
                return self._open[opaque]
            settings = self._settings_of(opaque)
            app = compose(settings, f"{ROOT}{opaque}", self._client)
            database = self._client[settings.database]
            sequencer = Sequencer(database, self._client.start_session, now)
            made = Tenant(app, self._believed(settings, opaque), sequencer)
            self._open[opaque] = made
            if len(self._open) > MOST_OPEN:
                self._open.popitem(last=False)
            return made

    def _believed(self, settings: Settings, opaque: str) -> Believed:
        keys, base = Keys.load_or_create(settings.data), f"{ROOT}{opaque}"
        tokens = open_tokens(settings, self._client, keys, base)
        url, signing = settings.origin + base, WatchedKeys(settings.data)
        return Believed(url, tokens, signing, names(opaque))

    def _token(self, tenant: Tenant, opaque: str, name: str) -> str:
        form = {"grant_type": "client_credentials", "client_id": name}
        form["client_secret"] = self._secret(opaque, name)
        answer = tenant.app.test_client().post(f"{ROOT}{opaque}/oauth/token", data=form)
        tenant.tokens[name] = str(answer.get_json()["access_token"])
        return tenant.tokens[name]

    def _secret(self, opaque: str, name: str) -> str:
        pepper = Keys.load_or_create(self._settings.data).pepper
        return hmac.new(pepper, f"{opaque} {name}".encode(), sha256).hexdigest()

    def _settings_of(self, opaque: str) -> Settings:
        return replace(
            self._settings,
            database=f"{self._settings.database}_cf_{opaque}",
            schemas=Path(),
            issuer="",
            token_requests=MANY,
            token_requests_per_address=MANY,
        )
