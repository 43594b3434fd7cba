"""gunicorn's threaded worker, with short lines instead of one without an end, and patience limited.

gunicorn's own lets everybody wait for a thread, holds threads for connections that say nothing, and
answers what it cannot read with HTML that quotes it.
"""

import logging
import selectors
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn.http import errors as framing
from gunicorn.http import wsgi
from gunicorn.http.unreader import SocketUnreader
from gunicorn.util import close_graceful
from gunicorn.workers.gthread import TConn, ThreadWorker

from app.composition import new_id
from app.model.errors import HubError, Malformed, TooLarge, Unavailable
from app.serving.waiting_lines import Kind, Lines, kind_of
from app.settings import Settings
from app.web.early import Early
from app.web.errors import Defect

SILENCE_SECONDS = 10.0
"""How long a client may say nothing in the middle of a request."""
DEAF_SECONDS = 60.0
"""How long a client may take to read an answer."""
FIRST_BYTES = 1024
"""What is looked at of a request before it has a thread."""
END = b"\r\n\r\n"
"""What ends the headers; a probe that has come whole never holds up the others."""
MOST_DRAINED = 64 * 1024
"""How much of a refused body is thrown away, in bytes, before the connection is."""
MOST_FAREWELLS = 64
"""How many connections may be closed politely at once, which takes seconds with a rude client."""
TALLY_SECONDS = 1.0
"""How often the log tells how many were refused: a line for each would add to the load."""
BUSY = Unavailable("The hub has more to do than it can; ask again after a short while.")
wsgi.SERVER = "hub"
_log = logging.getLogger("hub.framing")
_shedding = logging.getLogger("hub.shedding")

REFUSALS: tuple[tuple[type[Exception], int, HubError], ...] = (
    (framing.InvalidResponseHeader, 500, Defect("The hub failed to answer.")),
    (framing.InvalidResponseHeaderName, 500, Defect("The hub failed to answer.")),
    (framing.LimitRequestLine, 414, TooLarge("The address is too long.")),
    (framing.LimitRequestHeaders, 431, TooLarge("The headers are too many or too long.")),
    (framing.ExpectationFailed, 417, Malformed("This expectation cannot be met.", "Expect")),
    (framing.ParseException, 400, Malformed("This is not a request of HTTP/1.1.")),
    (Exception, 500, Defect("The hub failed to answer.")),
)
"""What gunicorn cannot read, how it is answered; the first that fits holds."""


class Patient(SocketUnreader):
    """Reads from a client until it is silent for too long; that counts as its end."""

    seconds = SILENCE_SECONDS

    def chunk(self, size_hint: int | None = None) -> bytes:
        """Return the next bytes; raise NoMoreData after too long a silence."""
        self.sock.settimeout(self.seconds)
        try:
            return bytes(super().chunk(size_hint))
        except TimeoutError:
            raise framing.NoMoreData from None
        finally:
            self.sock.settimeout(DEAF_SECONDS if self.seconds else 0)


class Connection(TConn):
    """One client's connection."""

    part: Callable[[socket.socket], bool]
    """Closes politely, elsewhere; returns False when too many are being closed so."""

    def init(self, patience: float = SILENCE_SECONDS) -> None:
        """Begin or go on to read from the client, with limited patience."""
        is_new = not self.initialized
        super().init()
        if is_new:
            self.parser.unreader = Patient(self.sock)
        self.parser.unreader.seconds = patience
        self.sock.settimeout(DEAF_SECONDS if patience else 0)

    def first_bytes(self) -> bytes:
        """Return the begin of the next request, which stays to be read; nothing at its end."""
        if self.parser is not None and (held := self.parser.unreader.buf.getvalue()):
            return bytes(held[:FIRST_BYTES])
        with suppress(OSError):
            return bytes(self.sock.recv(FIRST_BYTES, socket.MSG_PEEK | socket.MSG_DONTWAIT))
        return b""

    def close(self, graceful: bool = False) -> None:
        """Close at once, or politely without holding up the others."""
        if not (graceful and self.part(self.sock)):
            super().close()


class Worker(ThreadWorker):
    """Serves from short lines; probes and refusals never wait for a thread that works."""

    def prepare(self, settings: Settings) -> None:
        """Take the limits from the settings; called once before the first request."""
        most_waiting = settings.threads * settings.waiting_per_thread
        self._lines: Lines[Connection] = Lines(
            settings.threads, most_waiting, settings.waiting_seconds, time.monotonic
        )
        self._early = Early(settings.origin, new_id)
        self._longest_wait = 2 * settings.waiting_seconds
        self._probes = ThreadPoolExecutor(1)
        self._farewells, self._leaving = ThreadPoolExecutor(2), threading.Semaphore(MOST_FAREWELLS)
        self._refused, self._told = 0, time.monotonic()

    def accept(self, listener: socket.socket) -> None:
        """Accept a client, which gets no thread before it says something."""
        try:
            wire, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        self.nr_conns += 1
        conn = Connection(self.cfg, wire, address, listener.getsockname())
        conn.part = self._part
        conn.set_timeout()
        self.pending_conns.append(conn)
        heard = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, heard)

    def enqueue_req(self, conn: Connection) -> None:
        """Let a client that says something wait in its line, or refuse it when that is full."""
        head = conn.first_bytes()
        kind = kind_of(head)
        if not head:
            self._done(conn, _finished(is_open=False))
        elif kind is Kind.PROBE and END in head:
            self._submit(self._probes, conn)
        elif self._lines.join(Kind.READ if kind is Kind.PROBE else kind, conn):
            self._call()
        else:
            self._refuse(conn)

    def _call(self) -> None:
        while turn := self._lines.call():
            if turn.waited > self._longest_wait:
                self._lines.leave(turn.kind)
                self._refuse(turn.item)
            else:
                self._submit(self.tpool, turn.item, turn.kind)

    def _submit(self, pool: ThreadPoolExecutor, conn: Connection, kind: Kind | None = None) -> None:
        future = pool.submit(self._serve, conn, kind)
        future.add_done_callback(partial(self._done, conn))

    def _done(self, conn: Connection, future: "Future[Any]") -> None:
        self.method_queue.defer(self.finish_request, conn, future)

    def _serve(self, conn: Connection, kind: Kind | None) -> Any:
        try:
            return self.handle(conn)
        finally:
            if kind:
                self._lines.leave(kind)
                with suppress(RuntimeError):  # the pool is closed when the worker ends
                    self._call()

    def _refuse(self, conn: Connection) -> None:
        """Answer 503 here and now: who is refused costs no thread and is not waited for."""
        self._tally()
        is_open = False
        try:
            is_open = self._told_busy(conn)
        except (OSError, StopIteration):
            pass
        except framing.ParseException as error:
            self.handle_error(None, conn.sock, conn.client, error)
        self._done(conn, _finished(is_open=is_open))

    def _told_busy(self, conn: Connection) -> bool:
        """Return whether the connection may go on; raise OSError when the client is slow."""
        conn.init(patience=0)
        asked = next(conn.parser)
        line, headers, body = self._early.answer(BUSY, 503, asked.path)
        is_last = asked.should_close()
        content = b"" if asked.method == "HEAD" else body
        conn.sock.sendall(_written(line, headers, is_last=is_last) + content)
        return not is_last and bool(conn.parser.finish_body(max_bytes=MOST_DRAINED))

    def _tally(self) -> None:
        self._refused += 1
        now = time.monotonic()
        if now - self._told > TALLY_SECONDS:
            _shedding.warning("shed", extra={"fields": {"requests": self._refused}})
            self._refused, self._told = 0, now

    def _part(self, wire: socket.socket) -> bool:
        if not self._leaving.acquire(blocking=False):
            return False
        wire.setblocking(True)
        self._farewells.submit(close_graceful, wire).add_done_callback(
            lambda _: self._leaving.release()
        )
        return True

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:  # noqa: ARG002 - gunicorn's signature
        """Answer what cannot be read as a request, without a word of it here or in the log."""
        status, error = next((told, of) for kind, told, of in REFUSALS if isinstance(exc, kind))
        line, headers, body = self._early.answer(error, status)
        is_ours = status == 500  # noqa: PLR2004 - the number is the status itself
        _log.log(
            logging.ERROR if is_ours else logging.INFO,
            "refused",
            extra={"fields": {"status": status, "error": type(exc).__name__}},
            exc_info=exc if is_ours else None,
        )
        with suppress(OSError):
            client.sendall(_written(line, headers, is_last=True) + body)


def _finished(*, is_open: bool) -> "Future[bool]":
    done: Future[bool] = Future()
    done.set_result(is_open)
    return done


def _written(line: str, headers: list[tuple[str, str]], *, is_last: bool) -> bytes:
    end = "close" if is_last else "keep-alive"
    lines = [f"HTTP/1.1 {line}", *(": ".join(each) for each in headers), f"Connection: {end}"]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")
