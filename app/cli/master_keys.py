"""`hub keys rotate|rewrap|status`: the master keys that unwrap the data keys."""

from pathlib import Path

import click

from app.cli import option
from app.cli.database import database
from app.composition import master_key_file, open_vault
from app.keyring import master_keys
from app.model.version import instant


@click.command("rotate")
@option.data
def rotate(data: Path | None) -> None:
    """Add a local master key; it wraps nothing before `hub keys rewrap`.

    Running workers see it within seconds. With a KMS (HUB_KMS), make the new key there and name it
    in that file.
    """
    path = master_key_file(option.settings(data=data))
    try:
        name = master_keys.rotate(path)
    except OSError:
        raise click.ClickException(f"{path} cannot be used; it is made by hub serve.") from None
    except ValueError as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"{path} holds the master key {name} now.")
    click.echo("Copy the file to every machine of the hub, then run `hub keys rewrap` on one.")


@click.command("rewrap")
@option.data
def rewrap(data: Path | None) -> None:
    """Wrap all data keys by the newest master key; no resource is touched, readers go on."""
    with database(data=data) as (settings, client):
        count = open_vault(settings, client).rewrap()
    click.echo(f"Wrapped {count} data keys anew; {master_key_file(settings)} says by which key.")


@click.command("status")
@option.data
def status(data: Path | None) -> None:
    """List the data keys: class, the master key that wraps it, since when."""
    with database(data=data) as (settings, client):
        newest = master_keys.read(master_key_file(settings)).provider
        for each in open_vault(settings, client).data_keys():
            wanting = "" if each.provider == newest else f"\tnot yet {newest}: hub keys rewrap"
            click.echo(f"{each.name}\t{each.provider}\t{instant(each.changed)}{wanting}")
