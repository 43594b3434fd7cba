"""`hub serve`."""

from logging.config import dictConfig
from typing import Any

import click

from app.cli import option
from app.log import CONFIG
from app.serving import supervisor
from app.store.process import CannotStart


@click.command()
@click.option("--host", help="Address to listen on.  [HUB_HOST, else 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 0 takes a free one.  [HUB_PORT]")
@click.option("--workers", type=click.IntRange(1), help="Worker processes.  [HUB_WORKERS]")
@option.data
def serve(**given: Any) -> None:
    """Run the hub until SIGTERM or Ctrl-C, with an embedded database unless HUB_MONGODB_URI is set.

    Prints `ready <base-url>` once it answers.
    """
    dictConfig(CONFIG)
    try:
        supervisor.serve(option.settings(**given), lambda url: click.echo(f"ready {url}"))
    except CannotStart as error:
        raise click.ClickException(str(error)) from error
