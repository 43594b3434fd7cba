"""The adapter protocol WCP/1: one JSON object in, one out.

By lines on stdin and stdout, or the same objects by HTTP POST on this machine.
"""

import json
import os
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any, TextIO

from conformance.client.product import NAME, VERSION, CaseTrack
from conformance.client.settings import Settings, Where
from conformance.client.steps import steps

PROTOCOL = 1
WORK = ("step", "await", "observe", "reset")
"""Commands that need to know where the hub is."""
Message = dict[str, Any]
Opened = Callable[[str, str, str], CaseTrack]
"""Makes a product from the base of a hub, a client id and its secret."""


class Adapter:
    """Answers the commands of a runner with what the product did.

    A product that was told by its own settings where its hub is needs no `configure`. An operator
    may enter them while it runs: they are looked at before each work.
    """

    def __init__(
        self, opened: Opened, product: CaseTrack | None = None, settings: Settings | None = None
    ) -> None:
        self._opened = opened
        self._product = product
        self._settings = settings or Settings()
        self._where: Where | None = None
        self._lock = Lock()
        self.is_over = False
        """Whether the runner said goodbye."""

    def answer(self, message: Message) -> Message:
        """Return the answer to one command; one after the other, as staff would work."""
        commands = {
            "hello": self._hello,
            "configure": self._configure,
            "step": self._step,
            "await": self._await,
            "observe": self._observe,
            "reset": self._reset,
            "bye": self._bye,
        }
        act = commands.get(str(message.get("cmd")))
        number = {"id": message["id"]} if "id" in message else {}
        if act is None:
            return {**number, "status": "error", "detail": "This is no command of WCP/1."}
        with self._lock:
            if message["cmd"] in WORK:
                self._work_at(self._settings.news())
            return {**number, **act(message)}

    def _hello(self, message: Message) -> Message:
        del message
        return {
            "protocol": PROTOCOL,
            "product": {"name": NAME, "version": VERSION},
            "profile": "both",
            "notifications": "pull",
            "steps": sorted(steps()),
        }

    def _configure(self, message: Message) -> Message:
        client, secret = credential(message)
        self._settings.skip()
        self._work_at((message["base_url"], client, secret))
        return {"status": "done"}

    def _work_at(self, where: Where | None) -> None:
        if where and where != self._where:  # a runner that goes on with a run says it again
            self._where, self._product = where, self._opened(*where)

    def _step(self, message: Message) -> Message:
        if self._product is None:
            return {"status": "error", "detail": "The product was not told where its hub is."}
        steps()
        known = self._last(message) if message.get("again") else None
        if known and known["status"] != "error":
            return known
        outcome = self._product.do(message["step"], message.get("data", {}))
        answer = {"status": outcome.status, "detail": outcome.detail}
        self._product.memory["last"] = {"id": message.get("id"), "answer": answer}
        self._product.remember()
        return answer

    def _await(self, message: Message) -> Message:
        """Return how a step ended; while one goes on, the lock makes this wait for it."""
        unknown = {"status": "error", "detail": "Nothing is known of this step."}
        return self._last(message) or unknown

    def _last(self, message: Message) -> Message | None:
        """Return how the step ended that was done last, None when another one is meant."""
        last = self._product.memory.get("last", {}) if self._product else {}
        known: Message | None = last.get("answer") if last.get("id") == message.get("id") else None
        return known

    def _observe(self, message: Message) -> Message:
        known = self._product.memory if self._product else {}
        return {"value": known.get(message.get("key", ""))}

    def _reset(self, message: Message) -> Message:
        del message
        if self._product is not None:
            self._product.reset()
        return {"status": "done"}

    def _bye(self, message: Message) -> Message:
        del message
        self.is_over = True
        return {"status": "done"}


def credential(message: Message) -> tuple[str, str]:
    """Return client id and secret, given in the command or named by it.

    `credential_ref` is `env:NAME`, a variable that holds `id:secret`. Raises KeyError.
    """
    scheme, _, name = message.get("credential_ref", "").partition(":")
    if scheme == "env":
        client, _, secret = os.environ[name].partition(":")
        return client, secret
    return message["client_id"], message["client_secret"]


def by_lines(adapter: Adapter, said: TextIO, answers: TextIO) -> None:
    """Answer line by line until the runner says goodbye or hangs up."""
    for line in said:
        if line.strip():
            print(json.dumps(_answered(adapter, line)), file=answers, flush=True)
        if adapter.is_over:
            return


def by_http(adapter: Adapter, port: int) -> ThreadingHTTPServer:
    """Return a server on this machine that answers each POST; port 0 takes a free one.

    Goodbye ends one conversation, not the product: the doctor says it, and then the run begins.
    """

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer = json.dumps(_answered(adapter, text)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its own word
            """Say nothing: standard error is for what went wrong."""

    return ThreadingHTTPServer(("127.0.0.1", port), Answers)


def _answered(adapter: Adapter, text: str | bytes) -> Message:
    try:
        message = json.loads(text)
    except ValueError:
        return {"status": "error", "detail": "This is no JSON."}
    if not isinstance(message, dict):
        return {"status": "error", "detail": "A command is a JSON object."}
    try:
        return adapter.answer(message)
    except KeyError as missing:
        return {"status": "error", "detail": f"{missing} is missing."}
