"""The load: some keep-alive connections, each of which sends its next request after its answer.

One process with one loop over raw sockets: less CPU per request than any of the servers takes (the
report says how much), no program to install, and every answer's status is checked.
"""

import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

PATIENCE_SECONDS = 15.0
_END = b"\r\n\r\n"


@dataclass(frozen=True)
class Reply:
    """One HTTP/1.1 answer; `head` is its status line and headers as sent."""

    head: bytes
    body: bytes

    @property
    def status(self) -> int:
        """The status code."""
        return int(self.head[9:12])

    def header(self, name: bytes) -> bytes:
        """Return a header's value, empty when it was not sent; `name` is in lower case."""
        start = self.head.lower().find(b"\r\n" + name + b":")
        if start < 0:
            return b""
        return self.head[start + len(name) + 3 :].partition(b"\r\n")[0].strip()


class Case(Protocol):
    """What the connections ask; `expected` is the only right status."""

    expected: int

    def request(self, connection: int) -> bytes | None:
        """Return the next request of a connection; None when it has no more."""

    def answered(self, connection: int, reply: Reply) -> None:
        """Learn from the answer to the last request of a connection."""


@dataclass
class Outcome:
    """What one stretch of load saw: right answers with their milliseconds, and all others."""

    seconds: float = 0.0
    milliseconds: list[float] = field(default_factory=list)
    wrong: Counter[int] = field(default_factory=Counter)
    """Status → how many answers had it that should not."""

    @property
    def errors(self) -> int:
        """How many answers had the wrong status."""
        return self.wrong.total()

    @property
    def requests(self) -> int:
        """How many requests were answered, rightly or wrongly."""
        return len(self.milliseconds) + self.errors


@dataclass
class _Connection:
    number: int
    wire: socket.socket
    buffer: bytes = b""
    sent: float = 0.0

    def reply(self) -> Reply | None:
        """Return the answer once it is whole."""
        end = self.buffer.find(_END)
        if end < 0:
            return None
        reply = Reply(self.buffer[: end + 2], b"")
        size = 0 if reply.status in {204, 304} else int(reply.header(b"content-length"))
        if len(self.buffer) < end + len(_END) + size:
            return None
        body, self.buffer = self.buffer[end + len(_END) :], b""
        return Reply(reply.head, body)


class Load:
    """Open connections to one server."""

    def __init__(self, connections: list[_Connection]) -> None:
        self._connections = connections

    def run(self, case: Case, seconds: float = float("inf")) -> Outcome:
        """Keep every connection busy with `case` until the time is over or nothing is left to ask.

        Every request is waited for, so that what the servers spent is what was counted.
        """
        outcome = Outcome()
        began = time.perf_counter()
        with selectors.DefaultSelector() as waiting:
            for each in self._connections:
                if self._ask(case, each):
                    waiting.register(each.wire, selectors.EVENT_READ, each)
            while waiting.get_map():
                ready = waiting.select(PATIENCE_SECONDS)
                if not ready:
                    raise TimeoutError(f"No answer for {PATIENCE_SECONDS:.0f} seconds.")
                for key, _ in ready:
                    if not self._hear(case, key.data, outcome):
                        continue
                    is_over = time.perf_counter() - began > seconds
                    if is_over or not self._ask(case, key.data):
                        waiting.unregister(key.fileobj)
        outcome.seconds = time.perf_counter() - began
        return outcome

    @staticmethod
    def _ask(case: Case, connection: _Connection) -> bool:
        message = case.request(connection.number)
        if message is None:
            return False
        connection.sent = time.perf_counter()
        connection.wire.sendall(message)
        return True

    @staticmethod
    def _hear(case: Case, connection: _Connection, outcome: Outcome) -> bool:
        """Read what came; return whether the answer is whole."""
        part = connection.wire.recv(1 << 18)
        if not part:
            raise ConnectionError("The server closed a connection in the middle of the load.")
        connection.buffer += part
        reply = connection.reply()
        if reply is None:
            return False
        if reply.status == case.expected:
            outcome.milliseconds.append((time.perf_counter() - connection.sent) * 1000)
        else:
            outcome.wrong[reply.status] += 1
        case.answered(connection.number, reply)
        return True


@contextmanager
def connected(port: int, count: int) -> Iterator[Load]:
    """Yield `count` connections to a server on this machine."""
    address = ("127.0.0.1", port)
    connections: list[_Connection] = []
    try:
        for number in range(count):
            wire = socket.create_connection(address, timeout=PATIENCE_SECONDS)
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connections.append(_Connection(number, wire))
        yield Load(connections)
    finally:
        for each in connections:
            each.wire.close()
