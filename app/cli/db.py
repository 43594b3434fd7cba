"""`hub db`: make the database ready for the hub."""

from logging.config import dictConfig
from typing import Any

import click
from pymongo import MongoClient

from app import demo_clients, seed
from app.cli import option
from app.cli.database import database
from app.cli.published import published
from app.composition import open_hub, open_store
from app.interactions import Hub
from app.keyring.keys import Keys
from app.log import CONFIG
from app.settings import Settings
from app.store import layout
from app.store.clients import MongoClients


@click.group()
def db() -> None:
    """Prepare the database: that of HUB_MONGODB_URI, or that of the hub that runs."""


@db.command()
@option.data
def prepare(**given: Any) -> None:
    """Make keys, indexes and missing seed rows; `hub serve` does this at every start."""
    dictConfig(CONFIG)
    with database(**given) as (settings, client):
        keys = Keys.load_or_create(settings.data)
        hub = _indexed(settings, client, keys)
        seed.seed(hub, settings.seed)
        if settings.seed == "demo":
            clients = MongoClients(client[settings.database])
            partners = [key.id for key in seed.rows("lookups") if key.type == "Partner"]
            wanted = demo_clients.demo_clients(hub.registry, partners)
            demo_clients.ensure(clients, keys.pepper, settings.data, wanted, hub.now())


@db.command()
@option.data
def indexes(**given: Any) -> None:
    """Create the indexes that are missing and list all: collection, name, keys."""
    with database(**given) as (settings, client):
        _indexed(settings, client, Keys.load_or_create(settings.data))
        for line in layout.indexes(client[settings.database]):
            click.echo(line)


@db.command()
@click.option("--run", is_flag=True, help="Issue the commands too; needs the address of a mongos.")
@option.data
def shard(*, run: bool, **given: Any) -> None:
    """Print the commands that spread the collections over a sharded cluster.

    The types that staff published are among them if there is a database.
    """
    settings = option.settings(**given)
    wanted = layout.shards(settings.database, published(settings))
    click.echo(f'sh.enableSharding("{settings.database}")')
    for each in wanted:
        click.echo(str(each))
    if run:
        with database(**given) as (_, client):
            layout.spread(client, wanted)


def _indexed(settings: Settings, client: MongoClient[dict[str, Any]], keys: Keys) -> Hub:
    """Return the hub, with the indexes of all that ships and of all that staff published."""
    hub = open_hub(settings, client, keys)
    open_store(settings, client, hub.published).ensure_indexes()
    return hub
