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


def settings(**given: Any) -> Settings:
    """Return the settings of the environment with `given` on top; a bad one ends the command."""
    try:
        return Settings.from_env(**given)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
