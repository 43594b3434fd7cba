"""The hub as a scenario sees it: ghosts that write, faults that wait, the world of the run."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import asdict
from typing import Any

from app.interactions.runs import Row, Runs, Sandboxes
from app.model.conflicts import LostRace
from conformance.exchange import Evidence, Exchange
from conformance.stage import Deed, Fault, World

ATTEMPTS = 8


class LiveStage:
    """One run while deeds are done in it; `keep` stores what they left in the world."""

    def __init__(self, runs: Runs, sandboxes: Sandboxes, run: Row) -> None:
        self._runs = runs
        self._sandboxes = sandboxes
        self._run = run
        self._before = deepcopy(run["world"])
        self._armed = 0

    @property
    def world(self) -> World:
        """What the run knows."""
        found: World = self._run["world"]
        return found

    @property
    def evidence(self) -> Evidence:
        """What was seen so far."""
        return evidence(self._runs, self._run["id"])

    def arm(self, fault: Fault) -> None:
        """Let a fault wait for the partner's request."""
        self._armed += 1
        name = f"{self._run['step']}/{self._armed}"
        self._runs.arm(self._run["id"], name, asdict(fault))

    def ask(
        self,
        ghost: str,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, Any, Mapping[str, str]]:
        """Send a request as a ghost; return status, body and headers (names in lower case)."""
        return self._sandboxes.ask(self._run["opaque"], ghost, method, path, body, headers)

    def play(self, *deeds: Deed) -> None:
        """Do deeds, and keep what they leave in the world; raise LostRace when that cannot be."""
        for deed in deeds:
            deed(self)
        self._keep()

    def _keep(self) -> None:
        """Keep what changed in the world, upon whatever others kept of the run meanwhile."""
        changed = {k: v for k, v in self.world.items() if self._before.get(k) != v}
        if not changed:
            return
        for _ in range(ATTEMPTS):
            run = self._runs.get(self._run["id"]) or self._run
            run["world"] = {**run["world"], **changed}
            if self._runs.put(run):
                self._before = deepcopy(run["world"])
                self._run["world"], self._run["n"] = run["world"], run["n"] + 1
                return
        raise LostRace("Others kept writing the same run; send the request again.")


def evidence(runs: Runs, id: str) -> Evidence:
    """Return all that was seen in a run."""
    return Evidence([Exchange(**row) for row in runs.exchanges(id)])
