"""`hub client`: register, list and disable clients, straight in the hub's database."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import click

from app.cli import option
from app.cli.running import running
from app.composition import now
from app.demo_clients import secrets_in
from app.fetch import accepted
from app.interactions.identity import clients
from app.interactions.identity.clients import RegisteredClient
from app.interactions.identity.public_keys import read_keys
from app.keyring.keys import Keys
from app.model.access.purpose import PURPOSES
from app.model.errors import HubError
from app.settings import Settings
from app.store.clients import MongoClients
from app.store.connection import connect

public_key = click.option(
    "--public-key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Its public key: PEM, JWK or JWK set. No secret is made then.",
)
jwks_url = click.option("--jwks-url", help="Address where it publishes its keys. No secret then.")


@dataclass(frozen=True)
class Registry:
    """The registrations of one hub, and its settings."""

    clients: MongoClients
    settings: Settings

    def hashed(self, secret: str) -> bytes:
        """Return what is stored of a secret."""
        return clients.secret_hash(Keys.load_or_create(self.settings.data).pepper, secret)

    def keyed(self, new: RegisteredClient, key: Path | None, url: str | None) -> RegisteredClient:
        """Return the registration with the keys of a file or those at an address."""
        if key is not None and url is not None:
            raise click.UsageError("Give --public-key or --jwks-url, not both.")
        if url is not None:
            accepted(url, self.settings.private_hosts)
        return clients.with_keys(
            new, jwks=read_keys(key.read_bytes()) if key else None, jwks_url=url
        )


@click.group("client")
def client() -> None:
    """Register the systems that may ask for tokens."""


@client.command("add")
@click.argument("client_id", metavar="ID")
@click.option("--scope", required=True, help='Such as "system/*.rs system/Referral.cruds".')
@click.option("--partner", help="The partner it writes for, as Partner/id.")
@click.option("--purpose", type=click.Choice(list(PURPOSES)), help="Why it asks, usually.")
@public_key
@jwks_url
@option.data
def add(  # noqa: PLR0913, PLR0917 - click hands over one argument for each option
    client_id: str,
    scope: str,
    partner: str | None,
    purpose: str | None,
    public_key: Path | None,
    jwks_url: str | None,
    data: Path | None,
) -> None:
    """Register ID; print its secret, which is shown only this once, or the ids of its keys."""
    with _registrations(data) as found:
        new = clients.registration(client_id, scope, partner, None, now(), purpose=purpose)
        secret = None if public_key or jwks_url else clients.new_secret()
        if secret is None:
            new = found.keyed(new, public_key, jwks_url)
        else:
            new = replace(new, secret_hash=found.hashed(secret))
        found.clients.put(new)
    click.echo(secret or _keys(new))


@client.command("rotate")
@click.argument("client_id", metavar="ID")
@click.option("--replace", "is_alone", is_flag=True, help="The old key stops working at once.")
@public_key
@jwks_url
@option.data
def rotate(
    client_id: str,
    public_key: Path | None,
    jwks_url: str | None,
    data: Path | None,
    *,
    is_alone: bool,
) -> None:
    """Give ID a new secret, which replaces the old one, or a new key beside the one it has.

    The tokens it has end; it asks for new ones. The old key works until the next rotation.
    """
    with _registrations(data) as found:
        former = clients.registered(found.clients, client_id)
        if public_key or jwks_url:
            new = found.keyed(former, public_key, jwks_url)
            if new.jwks and not is_alone:
                new = replace(new, jwks=clients.joined(former, new.jwks))
            clients.change(found.clients, new)
            click.echo(_keys(new))
            return
        _refuse_secret(former, found.settings.data)
        secret = clients.new_secret()
        clients.renew(found.clients, former, found.hashed(secret))
    click.echo(secret)


@client.command("show")
@click.argument("client_id", metavar="ID")
@option.data
def show(client_id: str, data: Path | None) -> None:
    """Show what is registered of ID, without its secret."""
    with _registrations(data) as found:
        each = clients.registered(found.clients, client_id)
    for name, value in (
        ("id", each.id),
        ("status", each.status),
        ("version", str(each.version)),
        ("partner", each.partner or "-"),
        ("purpose", each.purpose or "-"),
        ("scopes", " ".join(sorted(each.scopes))),
        ("keys", _keys(each) if each.secret_hash is None else "a secret"),
    ):
        click.echo(f"{name}\t{value}")


@client.command("list")
@option.data
def list_clients(data: Path | None) -> None:
    """List every client: id, status, partner, scopes."""
    with _registrations(data) as found:
        for each in found.clients.all():
            scopes = " ".join(sorted(each.scopes))
            click.echo(f"{each.id}\t{each.status}\t{each.partner or '-'}\t{scopes}")


@client.command("disable")
@click.argument("client_id", metavar="ID")
@option.data
def disable(client_id: str, data: Path | None) -> None:
    """Take away the tokens of ID within five seconds, and give it no new ones."""
    with _registrations(data) as found:
        clients.disable(found.clients, client_id)
    click.echo(f"{client_id} is disabled.")


def _keys(client: RegisteredClient) -> str:
    """Return the ids of a client's keys, the newest first, or the address of its keys."""
    if client.jwks_url:
        return client.jwks_url
    return " ".join(key["kid"] for key in json.loads(client.jwks or '{"keys": []}')["keys"])


def _refuse_secret(client: RegisteredClient, folder: Path) -> None:
    if client.secret_hash is None:
        raise click.ClickException(f"{client.id} has a key; give the new one by --public-key.")
    if client.id in secrets_in(folder):
        raise click.ClickException(
            f"{client.id} is a demo client, whose secret is kept in the data folder; give it a key."
        )


@contextmanager
def _registrations(data: Path | None) -> Iterator[Registry]:
    settings = option.settings(data=data)
    uri = settings.mongodb_uri or running(settings.data).mongodb_uri
    with connect(uri, pool=1) as connection:
        try:
            yield Registry(MongoClients(connection[settings.database]), settings)
        except (HubError, ValueError) as refusal:
            raise click.ClickException(str(refusal)) from None
