"""Serves the sandboxes of conformance runs beside the production tenant."""

from collections.abc import Iterable
from typing import Any

from flask import Flask
from pymongo import MongoClient

from app.composition import DATABASE, compose, now
from app.interactions.certificates.minting import Mint
from app.interactions.runs.run import Desk
from app.keyring.seal_key import SealKey
from app.model.errors import HubError
from app.sandbox.answers import Environ, StartResponse, Wsgi
from app.sandbox.tenants import ROOT, Tenants
from app.settings import Settings
from app.store.runs import MongoRuns
from app.web.desk import RUNS
from app.web.errors import beside

KEY = "conformance-key.json"
"""The file of the key that signs certificates, in the data folder."""


def created(settings: Settings | None = None) -> Flask:
    """Return the application of the production tenant with conformance runs below `/cf/`."""
    settings = settings or Settings.from_env()
    app = compose(settings)
    client = app.extensions[DATABASE]
    desk, tenants = open_runs(settings, client)
    app.extensions[RUNS] = desk
    inner: Wsgi = app.wsgi_app

    def serve(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith(ROOT):
            return inner(environ, start_response)
        try:
            return tenants(environ, start_response)
        except HubError as error:
            return beside(error)(environ, start_response)

    app.wsgi_app = serve  # type: ignore[method-assign]
    return app


def open_runs(settings: Settings, client: MongoClient[dict[str, Any]]) -> tuple[Desk, Tenants]:
    """Return where the runs of a hub are led, and their sandboxes."""
    runs = MongoRuns(client[settings.database], seconds=settings.write_seconds)
    tenants = Tenants(settings, client, runs)
    key = SealKey.load_or_create(settings.data, KEY)
    return Desk(runs, tenants, now, Mint(key, settings.origin, now)), tenants
