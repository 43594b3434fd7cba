"""`hub worker`: numbers committed changes; `hub serve` runs one, and any number may run."""

import logging
import signal
import time
from datetime import timedelta
from logging.config import dictConfig
from threading import Event
from typing import Any

import click
from pymongo import MongoClient

from app.cli import option
from app.cli.running import running
from app.composition import now
from app.log import CONFIG
from app.model.errors import Unavailable
from app.store import feed
from app.store.connection import UnfitServer, connect, refuse_unfit
from app.store.sequencer import Sequencer

SHORTEST_SECONDS, LONGEST_SECONDS = 0.02, 0.1
"""How long the worker sleeps when there was nothing to do: ever longer, up to the second."""
OUTAGE_SECONDS = 0.5
PRUNE_SECONDS = 600.0

logger = logging.getLogger("hub.worker")


@click.command("worker")
@click.option(
    "--new-epoch",
    is_flag=True,
    help="After a restore of the database: make every reader of the feed read everything anew.",
)
@option.data
def worker(*, new_epoch: bool, **given: Any) -> None:
    """Number committed changes for the change feed, until SIGTERM or Ctrl-C.

    The database is that of HUB_MONGODB_URI, or that of the hub that runs on the data folder.
    """
    dictConfig(CONFIG)
    settings = option.settings(**given)
    uri = settings.mongodb_uri or running(settings.data).mongodb_uri
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with connect(uri, pool=2) as client:
        try:
            if new_epoch:
                _renew(client, settings.database)
            sequencer = Sequencer(client[settings.database], client.start_session, now)
            _run(sequencer, timedelta(days=settings.feed_days), stop)
        except (UnfitServer, Unavailable) as error:
            raise click.ClickException(str(error)) from error


def _renew(client: MongoClient[dict[str, Any]], name: str) -> None:
    refuse_unfit(client)
    feed.renew(client[name])
    logger.warning("The change feed began a new epoch.")


def _run(sequencer: Sequencer, kept: timedelta, stop: Event) -> None:
    delay, pruned, is_away = 0.0, -PRUNE_SECONDS, False
    while not stop.wait(delay):
        try:
            moved = sequencer.round()
            if time.monotonic() > pruned + PRUNE_SECONDS:
                sequencer.prune(now() - kept)
                pruned = time.monotonic()
        except Unavailable:
            if not is_away:
                logger.warning("The worker waits for the database.")
            delay, is_away = OUTAGE_SECONDS, True
            continue
        is_away = False
        delay = 0.0 if moved else min(max(2 * delay, SHORTEST_SECONDS), LONGEST_SECONDS)
