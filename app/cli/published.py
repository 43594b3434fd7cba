"""What is published where a command runs: what ships, and what staff published since."""

import click

from app.cli.running import running
from app.composition import schema_folder
from app.interactions.publishing.publications import in_force
from app.model.errors import Unavailable
from app.model.registry import Registry, load
from app.settings import Settings
from app.store.connection import connect
from app.store.published import schema_versions


def published(settings: Settings) -> Registry:
    """Return what is published: only what ships where there is no database, or none answers."""
    shipped = load(schema_folder(settings))
    uri = _address(settings)
    if not uri:
        return shipped
    with connect(uri, pool=1) as client:
        try:
            rows = schema_versions(client[settings.database], seconds=settings.read_seconds)
        except Unavailable:
            return shipped
    return in_force(shipped.publications, rows, shipped)


def _address(settings: Settings) -> str:
    try:
        return settings.mongodb_uri or running(settings.data).mongodb_uri
    except click.ClickException:
        return ""
