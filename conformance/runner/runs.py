"""The hub's runs as the runner uses them: each method is one request, repeated when that is safe.

The state of a run is on the hub; nothing is lost when the runner ends.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from conformance.adapters import Answer, Sandbox
from conformance.runner.problem import BrokenRun, HubTrouble, Misconfigured

ATTEMPTS = 6
MOST_SECONDS = 30
SECONDS = 120
"""How long an answer may take: making a sandbox and judging a run are work."""
AGAIN = frozenset({409, 429, 502, 503, 504})
OURS = "The hub failed"
"""How the hub says that a run ended by its own fault."""
FORBIDDEN, NOT_FOUND, SERVER = 403, 404, 500
BROKEN = "suite-error"
OVER = frozenset({"passed", "failed", "aborted", "expired", BROKEN})
"""States in which a run does not go on."""


@dataclass(frozen=True)
class Wish:
    """The run that is asked for; `mode` is practice or certify."""

    level: int
    profile: str
    mode: str
    product: Mapping[str, str]
    seed: str = ""


class Runs:
    """The runs of the partner whose token `http` sends; `http` has the hub's origin as base."""

    def __init__(self, http: httpx.Client, sleep: Callable[[float], None] = time.sleep) -> None:
        self._http = http
        self._sleep = sleep

    def start(self, wish: Wish) -> tuple[dict[str, Any], Sandbox]:
        """Make a run; return it, and what the product needs to work in its sandbox.

        Raises Misconfigured when the hub does not want such a run.
        """
        asked = {"level": wish.level, "profile": wish.profile, "mode": wish.mode}
        asked |= {"product": dict(wish.product), **({"seed": wish.seed} if wish.seed else {})}
        run = self._ask("POST", "", asked, attempts=1)
        return run, Sandbox(run["base"], run.pop("clientId"), run.pop("clientSecret"))

    def read(self, id: str) -> dict[str, Any]:
        """Return how a run stands."""
        return self._ask("GET", f"/{id}")

    def next(self, id: str) -> dict[str, Any] | None:
        """Return the step that is next, None when there is no more; asking twice costs nothing."""
        found: dict[str, Any] | None = self._ask("POST", f"/{id}/next", {})["step"]
        return found

    def done(self, id: str, key: str, answer: Answer) -> None:
        """Tell how the adapter ended a step."""
        self._ask("POST", f"/{id}/steps/{key}/done", answer.told(), passed_by=key)

    def evaluate(self, id: str) -> dict[str, Any]:
        """Have a run judged, which freezes it; return the report."""
        return self._ask("POST", f"/{id}/evaluate", {})

    def report(self, id: str) -> dict[str, Any]:
        """Return the report of a run, so far when it goes on."""
        return self._ask("GET", f"/{id}/report")

    def live(self) -> list[str]:
        """Return the ids of the partner's runs that are not over."""
        found = self._ask("GET", "")["runs"]
        return [str(each["id"]) for each in found if each["state"] not in OVER]

    def abort(self, id: str) -> None:
        """End a run without a verdict."""
        self._ask("POST", f"/{id}/abort", {})

    def unmatched(self, id: str) -> list[dict[str, Any]]:
        """Return the requests that reached the sandbox and were not taken as the product's."""
        found: list[dict[str, Any]] = self._ask("GET", f"/{id}/unmatched")["unmatched"]
        return found

    def is_silent(self, id: str) -> bool:
        """Return whether nothing came to the sandbox that may be the product's (in earnest)."""
        seen = self._ask("GET", f"/{id}/exchanges")["exchanges"]
        return not seen and not self.unmatched(id)

    def arm(self, id: str, name: str, method: str, path: str) -> dict[str, Any]:
        """Arm one fault by hand."""
        return self._ask("POST", f"/{id}/fault", {"name": name, "method": method, "path": path})

    def _ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        attempts: int = ATTEMPTS,
        passed_by: str = "",
    ) -> dict[str, Any]:
        reply = self._sent(method, f"/conformance-runs{path}", body, attempts)
        if passed_by and reply.status_code == httpx.codes.BAD_REQUEST:
            # Its first telling arrived and the answer got lost: the run is past this step.
            return {}
        if reply.is_success:
            found: dict[str, Any] = reply.json()
            return found
        raise _explained(reply)

    def _sent(self, method: str, path: str, body: Any, attempts: int) -> httpx.Response:
        for attempt in range(1, attempts + 1):
            try:
                reply = self._http.request(method, path, json=body, timeout=SECONDS)
            except httpx.TransportError as trouble:
                if attempt == attempts:
                    raise HubTrouble("The hub does not answer any more.") from trouble
                self._sleep(min(2.0**attempt, MOST_SECONDS))
                continue
            if reply.status_code not in AGAIN or attempt == attempts:
                return reply
            self._sleep(_wait(reply))
        raise HubTrouble("The hub does not answer any more.")


def _wait(reply: httpx.Response) -> float:
    told = reply.headers.get("Retry-After", "")
    return min(float(told), MOST_SECONDS) if told.isdigit() else 2.0


def _explained(reply: httpx.Response) -> Misconfigured | HubTrouble:
    sentence = _diagnostics(reply)
    if reply.status_code >= SERVER or reply.status_code in AGAIN:
        return HubTrouble(f"The hub answered {reply.status_code}. {sentence}".strip())
    if OURS in sentence:
        return BrokenRun(f"{sentence} Begin another run.")
    if reply.status_code == NOT_FOUND:
        return Misconfigured(
            sentence or "The hub has no such run.",
            "Look at the run's name and at hub in wcf.yaml; the hub must offer conformance runs.",
        )
    if reply.status_code == FORBIDDEN:
        fix = "Ask the hub's operator for a client that belongs to your agency."
        return Misconfigured(sentence or "This client may not start runs.", fix)
    fix = "Change what the sentence names in wcf.yaml or in the command."
    if "under way" in sentence:
        fix = "Go on with one: wioa-conformance watch RUN; or end all: wioa-conformance end --all."
    return Misconfigured(sentence or f"The hub answered {reply.status_code}.", fix)


def _diagnostics(reply: httpx.Response) -> str:
    try:
        issues = reply.json()["issue"]
        return " ".join(str(each.get("diagnostics", "")) for each in issues).strip()
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""
