"""Serves the sandboxes of conformance runs beside the production tenant."""

from collections.abc import Iterable

from flask import Flask

from app.composition import DATABASE, compose, now
from app.interactions.runs.certificate import Certificates
from app.interactions.runs.run import Desk
from app.keyring.seal_key import SealKey
from app.sandbox.door import Environ, StartResponse, Wsgi
from app.sandbox.tenants import ROOT, Tenants
from app.settings import Settings
from app.store.runs import MongoRuns
from app.web.runs import RUNS

KEY = "conformance-key.json"
"""The file of the key that signs certificates, in the data folder."""


def created(settings: Settings | None = None) -> Flask:
    """Return the application of the production tenant with conformance runs below `/cf/`."""
    settings = settings or Settings.from_env()
    app = compose(settings)
    client = app.extensions[DATABASE]
    runs = MongoRuns(client[settings.database], seconds=settings.write_seconds)
    tenants = Tenants(settings, client, runs)
    key = SealKey.load_or_create(settings.data, KEY)
    app.extensions[RUNS] = Desk(runs, tenants, now, Certificates(key, settings.origin, now))
    inner: Wsgi = app.wsgi_app

    def serve(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        is_sandbox = environ["PATH_INFO"].startswith(ROOT)
        return (tenants if is_sandbox else inner)(environ, start_response)

    app.wsgi_app = serve  # type: ignore[method-assign]
    return app
