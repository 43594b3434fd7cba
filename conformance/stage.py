"""What a step of a journey is, and what it may have the hub do while the partner is at work.

Everything that a run knows of its world is in `World`, which the hub keeps between requests.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from conformance.exchange import Evidence

World = dict[str, Any]
"""What a run knows: names and canaries made of its secret seed, references of what there is."""
LATE_SECONDS = 5
"""How late an answer comes that is to come too late (F6)."""
ACTS = {
    1: "Walk-in, match, intake and the six questions",
    2: "Referral to adult basic education",
    3: "The other agency edits the record",
    4: "Enrollment and attendance",
    5: "Scores and credentials",
    6: "Second referral: truck-driving training",
    7: "Exit, and back months later",
    8: "New goals, the plan linked anew",
}
"""Act of the journey → what happens in it."""


@dataclass(frozen=True)
class Fault:
    """What the hub does to the partner's next requests of a kind, `times` of them.

    `name` is F2 (503, nothing done), F3 (done, then 503), F4 (done, connection cut), F5 (429),
    F6 (late by `seconds`), F7 (401, the token is over), F8 (422, for good until the body differs),
    F10 (pages of `World["pages"]`), F11 (entries of the feed come three times), F12 (entries of the
    feed come the newest first), F13 (the feed is away, 503), F17 (403), or F1: nothing is done to
    the answer, but `play` runs just before the hub sees the request. Those of what was done (F3,
    F4, F10 to F13) wait until the hub's own answer is a 2xx.
    `method` is one, several with bars between, or `*`; `path` is a regular expression on the path
    below the base.
    """

    name: str
    method: str
    path: str
    times: int = 1
    seconds: int = 1
    play: str = ""
    """Name of the deed in `Step.deeds` that happens just before the request."""


def by_hand(name: str, method: str, path: str) -> Fault:
    """Return a fault as a developer arms it, for one request."""
    return Fault(name, method, path, seconds=LATE_SECONDS if name == "F6" else 1)


class Stage(Protocol):
    """The hub as a scenario sees it: ghosts that write, faults that wait, the world."""

    @property
    def world(self) -> World:
        """What the run knows; what is put in here is kept."""

    @property
    def evidence(self) -> Evidence:
        """What was seen so far."""

    def arm(self, fault: Fault) -> None:
        """Let a fault wait for the partner's request."""

    def ask(
        self,
        ghost: str,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, Any, Mapping[str, str]]:
        """Send a request as a ghost; return status, body and headers (names in lower case)."""


Deed = Callable[[Stage], None]
"""What a ghost does; it leaves what others need to know in the world."""


@dataclass(frozen=True)
class Step:
    """One business step: the adapter gets `data`, the product does it.

    `name` is a word of the adapter protocol (`referral.create`), `key` unique in the journey.
    `before` happens before the partner is told, `after` once it says that it is done. `is_seen`
    says when the hub has seen enough to go on; without it the adapter's word is waited for.
    """

    key: str
    name: str
    act: int
    level: int
    text: str
    data: Callable[[World], dict[str, Any]]
    before: Sequence[Deed] = ()
    after: Sequence[Deed] = ()
    deeds: Mapping[str, Deed] = field(default_factory=dict)
    proves: tuple[str, ...] = ()
    profiles: frozenset[str] = frozenset({"refers", "receives", "both"})
