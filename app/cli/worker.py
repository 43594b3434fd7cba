"""`hub worker`: numbers changes, seals the audit; `hub serve` runs one, any number may run."""

import logging
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from logging.config import dictConfig
from threading import Event, Thread
from typing import Any

import click
from pymongo import MongoClient

from app.cli import option
from app.cli.running import running
from app.composition import now
from app.log import CONFIG
from app.model.errors import Unavailable
from app.notary import Notary, open_notary
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
    """Number committed changes and seal the audit trail, until SIGTERM or Ctrl-C.

    The database is that of HUB_MONGODB_URI, or that of the hub that runs on the data folder.
    """
    dictConfig(CONFIG)
    settings = option.settings(**given)
    uri = settings.mongodb_uri or running(settings.data).mongodb_uri
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with connect(uri, pool=4) as client:
        try:
            if new_epoch:
                _renew(client, settings.database)
            sequencer = Sequencer(client[settings.database], client.start_session, now)
            with _sealing(open_notary(settings, client, now), stop):
                _run(sequencer, timedelta(days=settings.feed_days), stop)
        except (UnfitServer, Unavailable, ValueError) as error:
            raise click.ClickException(str(error)) from error


@contextmanager
def _sealing(notary: Notary, stop: Event) -> Iterator[None]:
    """Seal beside what happens inside, in a thread, so that neither waits for the other."""
    thread = Thread(target=_seal, args=(notary, stop), name="notary")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _seal(notary: Notary, stop: Event) -> None:
    """Seal until the end; a defect ends the worker too, so that another is started."""
    try:
        notary.run(stop)
    finally:
        stop.set()


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
