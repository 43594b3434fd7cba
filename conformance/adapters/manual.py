"""The same steps for people: a page on this machine with what to enter, and a button for done."""

import queue
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

from jinja2 import Environment, PackageLoader

from conformance.adapters import AdapterProblem, Answer, Hello, Sandbox

HOST = "127.0.0.1"
SECONDS = 24 * 3600
"""How long a person may take for a step."""
MOST_BYTES = 16 * 1024
BY_HAND = ("done", "unsupported", "error")
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'"
)
_PAGES = Environment(loader=PackageLoader("conformance.adapters", ""), autoescape=True)


@dataclass
class Turn:
    """What the page shows: a step, or that it is not the person's turn."""

    step: Mapping[str, Any] | None = None
    is_over: bool = False
    ticket: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    answers: "queue.Queue[Answer]" = field(default_factory=queue.Queue)

    @property
    def state(self) -> str:
        """Return a word that changes whenever the page must."""
        return "over" if self.is_over else str(self.step["number"] if self.step else "wait")

    def page(self) -> str:
        """Return the page."""
        rows = list(_rows(self.step["data"])) if self.step else []
        found = _PAGES.get_template("manual.html")
        words = {"step": self.step, "rows": rows, "over": self.is_over}
        return found.render(**words, ticket=self.ticket, state=self.state)

    def take(self, form: Mapping[str, list[str]]) -> bool:
        """Take what a person said; False for a form that is not of this page."""

        def said(name: str) -> str:
            return form.get(name, [""])[0]

        if not secrets.compare_digest(said("ticket").encode(), self.ticket.encode()):
            return False
        is_meant = self.step is not None and said("number") == self.state
        if is_meant and said("status") in BY_HAND:
            self.step = None
            self.answers.put(Answer.of({"status": said("status"), "detail": said("detail")}))
        return True


class ManualAdapter:
    """Serves the page until the run ends; only this machine reaches it."""

    def __init__(self, product: Mapping[str, str], profile: str, port: int = 0) -> None:
        self._product = product
        self._profile = profile
        self.turn = Turn()
        try:
            self._server = ThreadingHTTPServer((HOST, port), _page(self.turn))
        except OSError:
            raise AdapterProblem(f"Port {port} of this machine is taken.") from None
        self.url = f"http://{HOST}:{self._server.server_port}/"
        Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def notes(self) -> str:
        """Nothing: people wrote their remarks on the page."""
        return ""

    def hello(self) -> Hello:
        """Return what the configuration says of the product; raise AdapterProblem."""
        told = {"protocol": 1, "product": dict(self._product), "profile": self._profile}
        try:
            return Hello.of(told)
        except AdapterProblem:
            sentence = "wcf.yaml names no product with name and version; by hand it must."
            raise AdapterProblem(sentence) from None

    def configure(self, sandbox: Sandbox) -> None:
        """Do nothing: an operator sets the sandbox in the product."""

    def step(self, step: Mapping[str, Any]) -> Answer:
        """Show a step and wait until a person has done it."""
        self.turn.step = step
        try:
            return self.turn.answers.get(timeout=SECONDS)
        except queue.Empty:
            return Answer("error", "nobody said within a day that it was done")

    def close(self) -> None:
        """Stop serving."""
        self.turn.is_over = True
        self._server.shutdown()
        self._server.server_close()


def _page(turn: Turn) -> type[BaseHTTPRequestHandler]:
    return type("TurnPage", (Page,), {"turn": turn})


class Page(BaseHTTPRequestHandler):
    """The page, its state, and the form."""

    turn: Turn

    def do_GET(self) -> None:
        """Answer the page or its state."""
        if not self._is_ours():
            self._reply(403, "text/plain", "Open the page by its own address.")
        elif self.path == "/state":
            self._reply(200, "text/plain", self.turn.state)
        elif self.path == "/":
            self._reply(200, "text/html", self.turn.page())
        else:
            self._reply(404, "text/plain", "There is one page: /")

    def do_POST(self) -> None:
        """Take the form, then show the page again."""
        length = self.headers.get("Content-Length", "")
        size = int(length) if length.isascii() and length.isdigit() else 0
        form = parse_qs(self.rfile.read(min(size, MOST_BYTES)).decode("utf-8", "replace"))
        if self._is_ours() and self.turn.take(form):
            self._reply(303, "text/plain", "")
        else:
            self._reply(403, "text/plain", "This form is not of this page; load it again.")

    def _is_ours(self) -> bool:
        # Another site whose name leads here must not read or press anything.
        port = self.connection.getsockname()[1]
        return self.headers.get("Host") == f"{HOST}:{port}"

    def _reply(self, status: int, media: str, text: str) -> None:
        raw = text.encode()
        self.send_response(status)
        for name, value in (
            ("Content-Type", f"{media}; charset=utf-8"),
            ("Content-Length", str(len(raw))),
            ("Cache-Control", "no-store"),
            ("Content-Security-Policy", POLICY),
            *([("Location", "/")] if status == 303 else []),  # noqa: PLR2004 - see other
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: Any) -> None:
        """Write nothing: what people do is not for logs."""


def _rows(found: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield each value of a step with the path to it, in the step's own order."""
    if isinstance(found, dict):
        for key, value in found.items():
            yield from _rows(value, f"{name} · {key}" if name else str(key))
    elif isinstance(found, list):
        for number, value in enumerate(found, 1):
            yield from _rows(value, f"{name} {number}")
    else:
        yield name, str(found)
