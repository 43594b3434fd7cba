"""The database that a command works on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import click
from pymongo import MongoClient

from app import seed
from app.cli import option
from app.cli.running import running
from app.model.errors import HubError
from app.settings import Settings
from app.store.connection import UnfitServer, connect, refuse_unfit


@contextmanager
def database(**given: Any) -> Iterator[tuple[Settings, MongoClient[dict[str, Any]]]]:
    """Yield the settings and a connection; every refusal ends the command with its sentence."""
    settings = option.settings(**given)
    uri = settings.mongodb_uri or running(settings.data).mongodb_uri
    with connect(uri, pool=settings.threads) as client:
        try:
            refuse_unfit(client)
            yield replace(settings, mongodb_uri=uri), client
        except (HubError, UnfitServer, seed.BadSeed, ValueError) as error:
            raise click.ClickException(str(error)) from error
