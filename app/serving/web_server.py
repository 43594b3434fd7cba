"""gunicorn as a child process, on a socket that its parent listens on."""

import socket
import subprocess
import sys
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from app.settings import Settings
from app.store.process import CannotStart, spawn, stop

HOME = Path(__file__).resolve().parents[2]
"""Where the hub's packages lie: a module is first looked for in the folder a process runs in."""
ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - looked up, not bound


class WebServer:
    """The web server of one hub; the socket outlives a crash, so that a restart refuses nobody."""

    name = "web server"

    def __init__(self, settings: Settings, listener: socket.socket) -> None:
        self._settings = settings
        self._listener = listener
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        """Whether gunicorn's master lives; it looks after its workers itself."""
        return self._child is not None and self._child.poll() is None

    @property
    def is_ready(self) -> bool:
        """Whether the hub says that it and its database are ready."""
        host, port, *_ = self._listener.getsockname()
        with closing(HTTPConnection(ANY.get(host, host), port, timeout=5)) as connection:
            try:
                connection.request("GET", "/health/ready")
                return connection.getresponse().status == HTTPStatus.OK
            except (OSError, HTTPException):
                return False

    def launch(self) -> None:
        """Start gunicorn and return at once."""
        number = self._listener.fileno()
        command = [
            *(sys.executable, "-m", "gunicorn", "--config", "python:app.serving.gunicorn_conf"),
            *("--bind", f"fd://{number}", "app:create_app()"),
        ]
        self._child = spawn(command, environ=self._settings.to_env(), folder=HOME, keep=[number])

    def stop(self) -> None:
        """Refuse new connections, let requests in flight end, then end gunicorn."""
        self._listener.close()
        if self._child is not None:
            stop(self._child, self._settings.grace_seconds + 5)


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens there, 0 being any free port; raise CannotStart if it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CannotStart(
            f"The hub cannot listen on {host} port {port}: {reason.partition(' (')[0]}."
        ) from error
