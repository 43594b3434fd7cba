"""`hub keys`: look after the keys that the hub keeps for itself."""

from pathlib import Path

import click

from app.cli import option
from app.cli.master_keys import rewrap, rotate, status
from app.composition import now
from app.keyring.signing import rotate_signing


@click.group("keys")
def keys() -> None:
    """Change the hub's own keys while it runs."""


@keys.command("rotate-signing")
@click.option("--force", is_flag=True, help="Even when the last change is only minutes ago.")
@option.data
def rotate_signing_key(data: Path | None, *, force: bool) -> None:
    """Sign access tokens with the next key; what the former one signed stays good until it expires.

    After a key has leaked, do it twice, the second time with --force: the leaked key is gone then,
    and with it the tokens it signed.
    """
    settings = option.settings(data=data)
    try:
        found = rotate_signing(
            settings.data, now(), overlap_minutes=0 if force else settings.token_minutes
        )
    except ValueError as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"Tokens are signed with {found.current.kid} from now on.")


for each in (rotate, rewrap, status):
    keys.add_command(each)
