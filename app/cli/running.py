"""What a command knows of the hub that runs on a data folder."""

import json
from pathlib import Path

import click

from app.data_folder import FILE, Running


def running(folder: Path) -> Running:
    """Return what the running hub left in its data folder; raise ClickException without a hub."""
    try:
        return Running(**json.loads((folder / FILE).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        raise click.ClickException(
            f"No hub runs on the data folder {folder}; start one with hub serve."
        ) from None
