"""Runs one hub: its database when it is embedded, its worker, its web server; restarts them."""

import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from typing import Protocol

from app.data_folder import Running, locked, told
from app.serving.web_server import HOME, WebServer, listening
from app.serving.worker_process import WorkerProcess
from app.settings import BASE, Settings
from app.store.embedded import EmbeddedDatabase
from app.store.process import CannotStart, spawn, stop

TICK_SECONDS = 0.05
READY_SECONDS = 60.0
HEALTHY_SECONDS = 30.0
FIRST_DELAY_SECONDS, LONGEST_DELAY_SECONDS = 0.1, 5.0
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

logger = logging.getLogger("hub")
Pause = Callable[[float], None]


class Child(Protocol):
    """A process to keep alive."""

    name: str

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""

    def launch(self) -> None:
        """Start the process and return at once."""


class Stopped(Exception):
    """The hub was asked to stop; raised by a pause, so that every wait ends at once."""


@dataclass
class Watch:
    """One child, and when to start it again; each crash in a row doubles the wait."""

    child: Child
    delay: float = FIRST_DELAY_SECONDS
    since: float = field(default_factory=time.monotonic)
    due: float | None = None

    def look(self) -> None:
        """Start the child again when it ended and its time has come."""
        if self.child.is_running:
            return
        now = time.monotonic()
        if self.due is None:
            self.delay = FIRST_DELAY_SECONDS if now - self.since > HEALTHY_SECONDS else self.delay
            self.due = now + self.delay
            logger.warning("The %s ended and will be started again.", self.child.name)
        elif now >= self.due:
            self.child.launch()
            self.since, self.due = now, None
            self.delay = min(2 * self.delay, LONGEST_DELAY_SECONDS)


def serve(settings: Settings, announce: Callable[[str], None]) -> None:
    """Run the hub until SIGTERM or SIGINT; `announce` gets the base URL once it answers.

    Raises CannotStart. Whatever was started is ended before this returns.
    """
    with _pauses() as pause, ExitStack() as stack:
        children = _start(settings, stack, pause, announce)
        watches = [Watch(child) for child in children]
        while True:
            pause(TICK_SECONDS)
            for each in watches:
                each.look()
    logger.info("The hub stopped.")


def _start(
    settings: Settings, stack: ExitStack, pause: Pause, announce: Callable[[str], None]
) -> Sequence[Child]:
    folder = settings.data.resolve()
    stack.enter_context(locked(folder))
    listener = stack.enter_context(listening(settings.host, settings.port))
    settings = replace(settings, data=folder, port=listener.getsockname()[1])
    if settings.schemas != Path():
        settings = replace(settings, schemas=settings.schemas.resolve())
    if settings.kms != Path():
        settings = replace(settings, kms=settings.kms.resolve())
    if settings.audit_checkpoints != Path():
        settings = replace(settings, audit_checkpoints=settings.audit_checkpoints.resolve())
    children: list[Child] = []
    if not settings.mongodb_uri:
        database = EmbeddedDatabase(folder)
        stack.callback(database.stop)
        database.start(pause)
        settings = replace(settings, mongodb_uri=database.uri)
        children.append(database)
    _prepare(settings, pause)
    worker = WorkerProcess(settings)
    stack.callback(worker.stop)
    worker.launch()
    web = WebServer(settings, listener)
    stack.callback(web.stop)
    web.launch()
    _await_ready(web, pause)
    url = settings.origin + BASE
    stack.enter_context(told(Running(url, settings.mongodb_uri, os.getpid()), folder))
    announce(url)
    return [*children, worker, web]


def _prepare(settings: Settings, pause: Pause) -> None:
    """Make keys, indexes and seed rows in a process of its own: no driver lives in this one."""
    command = [sys.executable, "-m", "app.cli", "db", "prepare"]
    child = spawn(command, environ=settings.to_env(), folder=HOME)
    try:
        while child.poll() is None:
            pause(TICK_SECONDS)
    finally:
        stop(child, grace=1)
    if child.returncode:
        raise CannotStart("The database could not be prepared; the lines above say why.")


def _await_ready(web: WebServer, pause: Pause) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not web.is_ready:
        if not web.is_running or time.monotonic() > deadline:
            raise CannotStart("The web server does not get ready; the lines above say why.")
        pause(TICK_SECONDS)


@contextmanager
def _pauses() -> Iterator[Pause]:
    """Yield a sleep that raises Stopped once a stop signal came; end quietly when it did."""
    asked = Event()

    def pause(seconds: float) -> None:
        if asked.wait(seconds):
            raise Stopped

    former = {number: signal.signal(number, lambda *_: asked.set()) for number in SIGNALS}
    try:
        yield pause
    except Stopped:
        pass
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
