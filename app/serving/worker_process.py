"""`hub worker` as a child process."""

import subprocess
import sys

from app.serving.web_server import HOME
from app.settings import Settings
from app.store.process import spawn, stop

STOP_SECONDS = 5.0


class WorkerProcess:
    """The worker of one hub; nothing is lost when it dies, another goes on where it was."""

    name = "worker"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self._child is not None and self._child.poll() is None

    def launch(self) -> None:
        """Start the worker and return at once."""
        command = [sys.executable, "-m", "app.cli", "worker"]
        self._child = spawn(command, environ=self._settings.to_env(), folder=HOME)

    def stop(self) -> None:
        """Let the worker end what it does, then end it."""
        if self._child is not None:
            stop(self._child, STOP_SECONDS)
