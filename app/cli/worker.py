"""`hub worker`: numbers changes, seals the audit, marks what is past due and what ends.

`hub serve` runs one; any number may run.
"""

import logging
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from logging.config import dictConfig
from threading import Event, Thread
from typing import Any

import click
from pymongo import MongoClient

from app.cli import option
from app.cli.running import running
from app.composition import now, open_hub
from app.interactions import Hub, exits, overdue
from app.interactions.certificates import ending
from app.interactions.runs import sweep as runs
from app.keyring.keys import Keys
from app.log import CONFIG
from app.model.errors import HubError, Unavailable
from app.notary import open_notary
from app.sandbox.serving import open_runs
from app.settings import Settings
from app.store import feed
from app.store.connection import UnfitServer, connect, refuse_unfit
from app.store.sequencer import Sequencer

SHORTEST_SECONDS, LONGEST_SECONDS = 0.02, 0.1
"""How long the worker sleeps when there was nothing to do: ever longer, up to the second."""
OUTAGE_SECONDS = 0.5
PRUNE_SECONDS = 600.0
SWEEPS = (
    (overdue.sweep, 60.0, "Steps of %d referrals are past due."),
    (exits.sweep, 21_600.0, "%d enrollments learned of an exit or of none."),
    (ending.sweep, 3_600.0, "%d certificates end soon, or are over."),
)
"""What the worker looks for again and again, after how many seconds, and what it logs of it."""
LEFT = 3_600.0, "%d conformance runs were left, and ended."
RETRY_SECONDS = 60.0

logger = logging.getLogger("hub.worker")


@click.command("worker")
@click.option(
    "--new-epoch",
    is_flag=True,
    help="After a restore of the database: make every reader of the feed read everything anew.",
)
@option.data
def worker(*, new_epoch: bool, **given: Any) -> None:
    """Number changes, seal the audit, mark what is past due, until SIGTERM or Ctrl-C.

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
            sealing, sweeping = (
                open_notary(settings, client, now).run,
                partial(_sweep, settings, client),
            )
            with _beside("notary", sealing, stop), _beside("sweep", sweeping, stop):
                _run(sequencer, timedelta(days=settings.feed_days), stop)
        except (UnfitServer, Unavailable, ValueError) as error:
            raise click.ClickException(str(error)) from error


@contextmanager
def _beside(name: str, work: Callable[[Event], None], stop: Event) -> Iterator[None]:
    """Do some work beside what happens inside, in a thread, so that neither waits for the other."""
    thread = Thread(target=_work, args=(work, stop), name=name)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _work(work: Callable[[Event], None], stop: Event) -> None:
    """Work until the end; a defect ends the worker too, so that another is started."""
    try:
        work(stop)
    finally:
        stop.set()


def _sweep(settings: Settings, client: MongoClient[dict[str, Any]], stop: Event) -> None:
    """Mark what is past due and find exits, again and again until the end."""
    hub = open_hub(settings, client, Keys.load_or_create(settings.data))
    desk, _ = open_runs(settings, client)
    sweeps = (*SWEEPS, (lambda _, is_over: runs.sweep(desk, is_over), *LEFT))
    due = [time.monotonic()] * len(sweeps)
    while not stop.is_set():
        hub.publications.refresh()
        for at, (sweep, seconds, text) in enumerate(sweeps):
            if time.monotonic() >= due[at]:
                is_done = _attempt(sweep, hub, stop, text)
                due[at] = time.monotonic() + (seconds if is_done else RETRY_SECONDS)
        stop.wait(max(0.0, min(due) - time.monotonic()))


def _attempt(
    sweep: Callable[[Hub, Callable[[], bool]], int], hub: Hub, stop: Event, text: str
) -> bool:
    """Sweep once; return whether the database let it come to its end."""
    try:
        made = sweep(hub, stop.is_set)
    except HubError as error:
        logger.warning("What is due waits to be marked: %s", type(error).__name__)
        return False
    if made:
        logger.info(text, made)
    return True


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
