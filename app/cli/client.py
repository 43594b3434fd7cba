"""`hub client`: register, list and disable clients, straight in the hub's database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from app.cli import option
from app.cli.running import running
from app.composition import now
from app.interactions import clients
from app.keys import Keys
from app.model.errors import HubError
from app.store.clients import MongoClients
from app.store.connection import connect


@click.group("client")
def client() -> None:
    """Register the systems that may ask for tokens."""


@client.command("add")
@click.argument("client_id", metavar="ID")
@click.option("--scope", required=True, help='Such as "system/*.rs system/Referral.cruds".')
@click.option("--partner", help="The partner it writes for, as Partner/id.")
@option.data
def add(client_id: str, scope: str, partner: str | None, data: Path | None) -> None:
    """Register ID and print its secret, which is shown only this once."""
    secret = clients.new_secret()
    with _registrations(data) as (found, folder):
        hashed = clients.secret_hash(Keys.load_or_create(folder).pepper, secret)
        found.put(clients.registration(client_id, scope, partner, hashed, now()))
    click.echo(secret)


@client.command("list")
@option.data
def list_clients(data: Path | None) -> None:
    """List every client: id, status, partner, scopes."""
    with _registrations(data) as (found, _):
        for each in found.all():
            scopes = " ".join(sorted(each.scopes))
            click.echo(f"{each.id}\t{each.status}\t{each.partner or '-'}\t{scopes}")


@client.command("disable")
@click.argument("client_id", metavar="ID")
@option.data
def disable(client_id: str, data: Path | None) -> None:
    """Take away the tokens of ID within five seconds, and give it no new ones."""
    with _registrations(data) as (found, _):
        clients.disable(found, client_id)
    click.echo(f"{client_id} is disabled.")


@contextmanager
def _registrations(data: Path | None) -> Iterator[tuple[MongoClients, Path]]:
    settings = option.settings(data=data)
    uri = settings.mongodb_uri or running(settings.data).mongodb_uri
    with connect(uri, pool=1) as connection:
        try:
            yield MongoClients(connection[settings.database]), settings.data
        except (HubError, ValueError) as refusal:
            raise click.ClickException(str(refusal)) from None
