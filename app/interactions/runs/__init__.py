"""Conformance runs on the hub's side: the journey goes on, the hub looks, the hub judges."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

Row = dict[str, Any]
"""A run as it is kept; what it holds is said in `app.interactions.runs.run`."""


SUITE_ERROR = "suite-error"
"""The state of a run that ended by a fault of ours."""
OVER = frozenset({"passed", "failed", "aborted", "expired", SUITE_ERROR})
"""States in which a run does not go on."""


class Runs(Protocol):
    """Where runs are kept; every method raises Unavailable when it is away."""

    def get(self, id: str) -> Row | None:
        """Return a run, None when there is none."""

    def of_opaque(self, opaque: str) -> Row | None:
        """Return the run whose sandbox has this name, None when there is none."""

    def of(self, partner: str | None = None) -> list[Row]:
        """Return the runs of a partner, or all, in the order they began."""

    def put(self, run: Row) -> bool:
        """Keep a run upon the state it was read in; False when somebody else kept one since."""

    def note(self, id: str, exchange: Row) -> int:
        """Add what was seen in a run; return its number, which counts from 1 without gaps."""

    def exchanges(self, id: str, since: int = 0) -> list[Row]:
        """Return what was seen in a run after a number, in order."""

    def arm(self, id: str, name: str, fault: Row) -> None:
        """Let a fault wait in a run for `times` requests."""

    def armed(self, id: str) -> list[Row]:
        """Return the faults that wait in a run, in the order they were armed, with their ids."""

    def take(self, name: str) -> bool:
        """Use a fault up by one; whether it was still there for this request."""

    def disarm(self, id: str) -> None:
        """Let no fault wait in a run any more."""

    def ids(self) -> list[str]:
        """Return the ids of all runs."""

    def forget(self, id: str) -> None:
        """Drop what was seen in a run."""


@dataclass(frozen=True)
class Admission:
    """What a product needs to work in a sandbox."""

    base: str
    client: str
    secret: str


class Sandboxes(Protocol):
    """Makes hubs of their own for runs; only what is made here ever plays faults."""

    def open(self, opaque: str, partner: str) -> Admission:
        """Make a tenant with lookups, agreements, ghosts and a client for the partner."""

    def ask(  # noqa: PLR0913, PLR0917 - who asks what of which tenant
        self,
        opaque: str,
        ghost: str,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, Any, Mapping[str, str]]:
        """Send a request as a ghost; return status, body and headers, names in lower case."""

    def close(self, opaque: str) -> None:
        """Drop the tenant with all it holds."""
