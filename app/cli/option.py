"""What several subcommands ask for in the same words."""

from pathlib import Path
from typing import Any

import click

from app.settings import Settings

data = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Data folder of the hub.  [HUB_DATA, else .hub]",
)
secret_file = click.option(
    "--secret-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File that holds the secret of a client which is not a demo client.",
)
key_file = click.option(
    "--key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File that holds the private key of a client registered with a public one.",
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def settings(**given: Any) -> Settings:
    """Return the settings of the environment with `given` on top; a bad one ends the command."""
    try:
        return Settings.from_env(**given)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
