"""The embedded database: SecantusDB's server as a child process on loopback, never imported.

It is for trial, sandbox and tests. Data that must be kept belong in a MongoDB replica set.
"""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from app.store.process import CannotStart, spawn, stop

PROGRAM = "secantusd-py"
MISSING = (
    f"The embedded database ({PROGRAM}) is not installed: install the hub with its extra "
    "`embedded`, or set HUB_MONGODB_URI to a MongoDB replica set."
)
LISTENING = re.compile(rb"listening on 127\.0\.0\.1:(\d+)")
START_SECONDS = 30.0
STOP_SECONDS = 10.0
TICK_SECONDS = 0.02


class EmbeddedDatabase:
    """One database server and its folder.

    `launch` may be called again when the server died: it comes back on the same port, so that
    clients reconnect by themselves. Without `durable` a crash may lose the last writes (tests).
    """

    name = "database"

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._folder = folder
        self._durable = durable
        self._log = folder / "db.log"
        self._port = 0
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def uri(self) -> str:
        """The connection string; idle connections end before the server would cut them."""
        return f"mongodb://127.0.0.1:{self._port}/?retryWrites=false&maxIdleTimeMS=120000"

    @property
    def is_running(self) -> bool:
        """Whether the server's process lives."""
        return self._child is not None and self._child.poll() is None

    def start(self, pause: Callable[[float], None] = time.sleep) -> None:
        """Start the server and return when it listens; raise CannotStart when it never does.

        `pause` waits for some seconds and may raise to give up. A server that has just crashed may
        still hold the folder, hence the retries.
        """
        deadline = time.monotonic() + START_SECONDS
        while not self._port:
            if not self.is_running:
                self.launch()
            pause(TICK_SECONDS)
            self._port = self._port_in_log()
            if time.monotonic() > deadline:
                raise CannotStart(f"The embedded database does not start; {self._log} says why.")

    def launch(self) -> None:
        """Start the process and return at once; raise CannotStart when it is not installed."""
        config = self._folder / "db.toml"
        config.touch(mode=0o600)
        command = [
            *(_program(), "--config", str(config)),
            *("--host", "127.0.0.1", "--port", str(self._port)),
            *("--storage-path", str(self._folder / "db"), "--cache-size", "256M"),
            *(("--sync-on-commit",) if self._durable else ()),
        ]
        if self._log.exists():
            self._log.replace(self._log.with_suffix(".log.1"))
        with self._log.open("wb") as log:
            self._child = spawn(command, log=log)

    def stop(self, grace: float = STOP_SECONDS) -> None:
        """End the server; with no `grace` it is killed, which loses nothing when it is durable."""
        if self._child is not None:
            stop(self._child, grace)

    def _port_in_log(self) -> int:
        found = LISTENING.search(self._log.read_bytes())
        return int(found[1]) if found else 0


def _program() -> str:
    beside = Path(sys.executable).with_name(PROGRAM)
    found = str(beside) if beside.exists() else shutil.which(PROGRAM)
    if not found:
        raise CannotStart(MISSING)
    return found
