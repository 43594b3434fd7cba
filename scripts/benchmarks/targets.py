"""The servers that are measured: how each is started, addressed and ended.

Each has an embedded database server of its own, all with the same flags (every commit is synced to
disk), and the hub's gunicorn configuration.
"""

import operator
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import orjson

from app.serving.web_server import listening
from app.settings import BASE, Settings
from app.store.embedded import EmbeddedDatabase
from app.store.process import CannotStart, spawn, stop
from benchmarks import processes
from benchmarks.load import Reply

START_SECONDS = 90.0
TOKEN_SECONDS = 60.0
"""How long a token is used before another is asked for; the hub's live five minutes."""


def _header_tag(reply: Reply) -> str:
    return reply.header(b"etag").decode()


@dataclass(frozen=True)
class Dialect:
    """How one server is spoken to; `search` takes a town, `history` an id.

    `entries` and `key` name the members of an answer that hold what was found and the id. `tag`
    returns what If-Match takes after a write, `held` what If-None-Match takes after those writes.
    """

    people: str
    search: str
    history: str
    entries: str = "entry"
    key: str = "id"
    tag: Callable[[Reply], str] = _header_tag
    held: Callable[[list[str]], str] = operator.itemgetter(-1)


@dataclass
class Target:
    """One running server; `root` is the process that all of its application descends from."""

    name: str
    port: int
    root: int
    folder: Path
    dialect: Dialect
    new_token: Callable[[], str] | None = None
    _token: str = ""
    _since: float = field(default=-TOKEN_SECONDS)

    def refresh(self) -> None:
        """Ask for another token when the one in use gets old."""
        if self.new_token and time.monotonic() - self._since > TOKEN_SECONDS:
            self._token = f"Authorization: Bearer {self.new_token()}\r\n"
            self._since = time.monotonic()

    def ask(self, method: str, path: str = "", headers: str = "", body: bytes = b"") -> bytes:
        """Return the bytes of a request; `path` is what follows the address of the people."""
        if body:
            headers += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        head = (
            f"{method} {self.dialect.people}{path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Accept: application/json\r\n{self._token}{headers}\r\n"
        )
        return head.encode("ascii") + body

    @property
    def application(self) -> list[int]:
        """The processes of gunicorn, its master first."""
        return processes.running(processes.family(self.root), "gunicorn")

    @property
    def database(self) -> list[int]:
        """The process of the database server."""
        return processes.running(processes.family(os.getpid()), "secantusd", str(self.folder))


def _eve_tag(reply: Reply) -> str:
    return f'"{fields(reply.body).get("_etag", "")}"'


def _eve_held(tags: list[str]) -> str:
    # A read's tag has the number of the newest version behind it.
    return f'{tags[-1][:-1]}{len(tags)}"'


HUB = Dialect(
    people=f"{BASE}/ParticipantProfile",
    search="?address-city={}&_count=20",
    history="/{}/_history",
)
LIMIT = Dialect(people="/people", search="?city={}", history="/{}/history")
EVE = Dialect(
    people="/people",
    search='?where={{"address.city":"{}"}}&max_results=20',
    history="/{}?version=all",
    entries="_items",
    key="_id",
    tag=_eve_tag,
    held=_eve_held,
)
Opened = AbstractContextManager[Target]


@contextmanager
def hub(folder: Path) -> Iterator[Target]:
    """Run the hub as `hub serve` does, with its database."""
    environ = Settings(data=folder, port=0).to_env()
    command = [sys.executable, "-m", "app.cli"]
    with (folder / "out").open("wb") as log:
        child = spawn([*command, "serve"], environ=environ, log=log)
    try:
        port = _announced(child, folder / "out")

        def new_token() -> str:
            asking = [*command, "token", "state-staff"]
            return subprocess.check_output(asking, env=environ, text=True, timeout=30).strip()  # noqa: S603 - our own command

        yield Target(
            name="hub",
            port=port,
            root=child.pid,
            folder=folder,
            dialect=HUB,
            new_token=new_token,
        )
    finally:
        stop(child, grace=30)


def _announced(child: subprocess.Popen[bytes], out: Path) -> int:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and child.poll() is None:
        lines = out.read_text("utf-8", "replace").splitlines()
        for line in lines:
            if line.startswith("ready "):
                return int(line.removesuffix(BASE).rpartition(":")[2])
        time.sleep(0.05)
    raise CannotStart(f"The hub does not start:\n{out.read_text('utf-8', 'replace')[-2000:]}")


def limit(folder: Path) -> Opened:
    """Run the least code that keeps the hub's promises."""
    return _peer("limit", LIMIT, "benchmarks.limit:create_app({uri!r}, raw=False)", folder)


def limit_raw(folder: Path) -> Opened:
    """Run the same code with the resource's text kept in its row."""
    return _peer("limit-raw", LIMIT, "benchmarks.limit:create_app({uri!r}, raw=True)", folder)


def eve(folder: Path) -> Opened:
    """Run Eve."""
    return _peer("eve", EVE, "benchmarks.eve_app:create_app({uri!r})", folder)


def hello(folder: Path) -> Opened:
    """Run a bare Flask hello; its database stands idle."""
    return _peer("hello", LIMIT, "benchmarks.hello:create_app()", folder)


@contextmanager
def _peer(name: str, dialect: Dialect, application: str, folder: Path) -> Iterator[Target]:
    database = EmbeddedDatabase(folder)
    listener = listening("127.0.0.1", 0)
    child = None
    try:
        database.start()
        number = listener.fileno()
        command = [
            *(sys.executable, "-m", "gunicorn", "--config", "python:app.serving.gunicorn_conf"),
            *("--bind", f"fd://{number}", application.format(uri=database.uri)),
        ]
        environ = Settings(data=folder).to_env()
        with (folder / "out").open("wb") as log:
            child = spawn(command, environ=environ, log=log, keep=[number])
        port = listener.getsockname()[1]
        _await_answer(port, folder / "out")
        yield Target(name, port, child.pid, folder, dialect)
    finally:
        listener.close()
        if child:
            stop(child, grace=10)
        database.stop()


def _await_answer(port: int, out: Path) -> None:
    """Return once the server answers anything; the socket listens before its workers do."""
    connection = HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
    try:
        connection.request("GET", "/people/none")
        connection.getresponse().read()
    except OSError as error:
        raise CannotStart(out.read_text("utf-8", "replace")[-2000:]) from error
    finally:
        connection.close()


TARGETS = {"hub": hub, "limit-raw": limit_raw, "limit": limit, "eve": eve, "hello": hello}
"""Each server by its name, in the order of the table."""


def fields(body: bytes) -> dict[str, Any]:
    """Return the members of a JSON answer."""
    found: dict[str, Any] = orjson.loads(body)
    return found
