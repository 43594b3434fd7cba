"""The same JSON by HTTP POST, for products that have a door of their own."""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import httpx

from conformance.adapters import PROTOCOL, AdapterProblem, Answer, Hello, Sandbox, message

SECONDS = 20
PAUSE = 0.5


class PostingAdapter:
    """Posts each message to one URL; a pending step is asked after until its deadline."""

    def __init__(
        self,
        url: str,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = url
        self._http = httpx.Client(transport=transport, timeout=SECONDS, trust_env=False)
        self._sleep = sleep

    @property
    def notes(self) -> str:
        """Nothing: a product writes its own log."""
        return ""

    def hello(self) -> Hello:
        """Greet; raise AdapterProblem when nobody answers."""
        try:
            return Hello.of(self._posted({"cmd": "hello", "protocol": PROTOCOL}, SECONDS))
        except (httpx.HTTPError, ValueError):
            raise AdapterProblem("The adapter does not answer hello at its URL.") from None

    def configure(self, sandbox: Sandbox) -> None:
        """Point the product at its sandbox."""
        try:
            self._posted(sandbox.told("inline"), SECONDS)
        except (httpx.HTTPError, ValueError):
            raise AdapterProblem("The adapter does not take configure.") from None

    def step(self, step: Mapping[str, Any]) -> Answer:
        """Ask for a step until it is not pending any more, or its deadline is over."""
        late = time.monotonic() + step["deadline_ms"] / 1000
        asked = {"cmd": "await", "id": step["number"]}
        what, is_asked_after = (asked, True) if step.get("again") else (message(step), False)
        while (left := late - time.monotonic()) > 0:
            try:
                answer = Answer.of(self._posted(what, left))
            except httpx.TimeoutException:
                break
            except (httpx.HTTPError, ValueError) as trouble:
                return Answer("error", f"The adapter's answer: {type(trouble).__name__}.")
            if is_asked_after and answer.status == "error":
                # It knows nothing of an earlier asking, or failed then.
                what, is_asked_after = message(step), False
                continue
            if answer.status != "pending":
                return answer
            self._sleep(PAUSE)
            # Asked after, never asked for again: the product must not act twice.
            what = asked
        return Answer("error", f"no answer within {step['deadline_ms'] // 1000} s")

    def close(self) -> None:
        """Say goodbye."""
        with suppress(httpx.HTTPError, ValueError):
            self._posted({"cmd": "bye"}, 1)
        self._http.close()

    def _posted(self, what: Mapping[str, Any], seconds: float) -> Any:
        reply = self._http.post(self._url, json=dict(what), timeout=seconds)
        reply.raise_for_status()
        return reply.json() if reply.content else {}
