"""A conformance run: begun by a partner, led step by step, judged by the hub alone, then frozen."""

import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from app.interactions.certificates.minting import Mint
from app.interactions.runs import (
    OVER,
    SUITE_ERROR,
    Admission,
    Row,
    Runs,
    Sandboxes,
    ghosts,
    redaction,
)
from app.interactions.runs.ghosts import BROKEN, act
from app.interactions.runs.repeats import asked_again
from app.interactions.runs.sweep import EXPIRED, is_stale
from app.interactions.runs.wish import CERTIFY, PRACTICE, wished
from app.model.access.client import Client
from app.model.conflicts import LostRace
from app.model.errors import BadParameter, Forbidden, NotFound, RuleBroken
from app.model.pattern import matches
from app.model.version import instant
from conformance import scenario
from conformance.exchange import PARTNER
from conformance.stage import Step, by_hand

STATUSES = ("done", "pending", "unsupported", "error")
MOST_LIVE = 3
"""Runs that a partner may have under way at once."""
DEADLINE_MS = 120_000
UNAUTHENTICATED = 401
BY_HAND = ("F2", "F3", "F4", "F5", "F6", "F7", "F8", "F10", "F11", "F12", "F13", "F17")
"""Faults that can be armed by hand; the others take a ghost's part."""


@dataclass(frozen=True)
class Desk:
    """Where runs are led: their store, their sandboxes, the only clock they may use."""

    runs: Runs
    sandboxes: Sandboxes
    now: Callable[[], datetime]
    mint: Mint


def begin(desk: Desk, client: Client, asked: dict[str, Any]) -> tuple[Row, Admission]:
    """Make a run with a sandbox of its own; return it, and what the product needs to work there.

    Raises BadParameter for what is not understood, Forbidden for a client without a partner, and
    RuleBroken when the partner has too many runs under way.
    """
    if client.partner is None:
        raise Forbidden("A run is of a partner's system; ask with its client.")
    run = wished(client, asked)
    under_way = [each for each in desk.runs.of(client.partner) if each["state"] not in OVER]
    stale = [each for each in under_way if is_stale(desk, each)]
    for each in stale:
        ghosts.end(desk, each, EXPIRED)
    if len(under_way) - len(stale) >= MOST_LIVE:
        raise RuleBroken(f"At most {MOST_LIVE} runs are under way at once; end one first.")
    run |= {"startedAt": instant(desk.now()), "step": "setup"}
    admission = desk.sandboxes.open(run["opaque"], client.partner)
    run |= {"base": admission.base, "client": admission.client, "acting": instant(desk.now())}
    keep(desk, run)
    ghosts.play(desk, run["id"], scenario.SETUP)
    return ghosts.changed(desk, run["id"], lambda _: {"state": "ready", "acting": None}), admission


def read(desk: Desk, client: Client, id: str) -> Row:
    """Return a run; raise NotFound for one that is not the client's partner's."""
    run = desk.runs.get(id)
    if run is None or not (client.is_staff or run["partner"] == client.partner):
        raise NotFound("There is no such run.")
    return run


def led(desk: Desk, client: Client, id: str) -> Row:
    """Return a run for who may lead it; raise Forbidden for a client that did not begin it."""
    run = read(desk, client, id)
    if not client.is_staff and client.id != run["leader"]:
        raise Forbidden("A run is led by the client that began it; this one may read it.")
    return run


def go_on(desk: Desk, client: Client, id: str) -> dict[str, Any] | None:
    """Return the step that is next, once its ghosts have acted; None when there is no more.

    Raises Unavailable while they act, RuleBroken when they were broken off.
    """
    run = live(led(desk, client, id))
    ghosts.refuse_half_played(desk, run)
    steps = scenario.journey(run["level"], run["profile"])
    if run["at"] >= len(steps):
        return None
    step = steps[run["at"]]
    if run["step"] == step.key:
        run = asked_again(desk, run)
    else:
        run |= {"step": step.key, "state": "running"}
        run = act(desk, run, step.before, lambda _: {"step": step.key, "state": "running"})
    return _told(step, run, len(steps))


def end_step(desk: Desk, client: Client, id: str, key: str, told: dict[str, Any]) -> Row:
    """Take note that the adapter ended a step; return what is noted.

    Raises BadParameter for another step than the one under way, such as one that ended already.
    """
    run = live(led(desk, client, id))
    step = _under_way(run, key)
    if told.get("status") not in STATUSES:
        raise BadParameter("The status is one of these.", "status", allowed=STATUSES)
    noted = {"key": key, "status": told["status"], "detail": str(told.get("detail", ""))[:2000]}
    if told["status"] == "pending":
        return noted

    def further(now: Row) -> Row:
        _under_way(now, key)
        return {"at": now["at"] + 1, "steps": [*now["steps"], noted]}

    desk.runs.disarm(id)
    act(desk, run, step.after, further)
    return noted


def abort(desk: Desk, client: Client, id: str) -> Row:
    """End a run without a verdict; its sandbox goes."""
    return ghosts.end(desk, live(led(desk, client, id)), "aborted")


def mine(desk: Desk, client: Client) -> list[Row]:
    """Return the runs of the client's partner; of all for staff."""
    return desk.runs.of(None if client.is_staff else client.partner or "nobody")


def unmatched(desk: Desk, client: Client, id: str) -> list[dict[str, Any]]:
    """Return what came to the sandbox from nobody that it knows, each with why."""
    known = {PARTNER, *scenario.GHOSTS}
    found = map(redaction.shown, desk.runs.exchanges(read(desk, client, id)["id"]))
    return [
        {
            **{name: each[name] for name in ("number", "at", "method", "path", "status")},
            "reason": each["doubt"] or "The request brings no token of this run.",
        }
        for each in found
        if each["who"] not in known and each["status"] == UNAUTHENTICATED
    ]


def arm(desk: Desk, client: Client, id: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Arm one fault by hand, in practice; raise BadParameter, and RuleBroken in earnest."""
    run = live(led(desk, client, id))
    if run["mode"] != PRACTICE:
        raise RuleBroken("Faults are armed by hand in practice only.")
    if asked.get("name") not in BY_HAND:
        raise BadParameter("The fault is one of these.", "name", allowed=BY_HAND)
    method, path = str(asked.get("method", "*")), str(asked.get("path", ".*"))
    try:
        matches(path, "")
    except ValueError:
        raise BadParameter("The path is a regular expression.", "path") from None
    fault = asdict(by_hand(asked["name"], method, path))
    desk.runs.arm(id, f"by-hand/{secrets.token_hex(4)}", fault)
    return fault


def seen(desk: Desk, client: Client, id: str, since: int) -> list[Row]:
    """Return what was seen in a run after a number, without what searches asked for.

    In earnest that is, before the end, what the product sent, without bodies: what ghosts wrote is
    for the product to find, not for its adapter.
    """
    run = read(desk, client, id)
    found = [redaction.shown(each) for each in desk.runs.exchanges(run["id"], since)]
    if run["mode"] != CERTIFY or run["state"] in OVER:
        return found
    hidden = {"body": None, "answer": None}
    return [{**each, **hidden} for each in found if each["who"] == PARTNER]


def _told(step: Step, run: Row, count: int) -> dict[str, Any]:
    return {
        "key": step.key,
        "name": step.name,
        "act": step.act,
        "text": step.text,
        "data": step.data(run["world"]),
        "deadline_ms": DEADLINE_MS,
        "number": run["at"] + 1,
        "of": count,
    }


def _under_way(run: Row, key: str) -> Step:
    """Return the step that is under way; raise BadParameter when it is another one."""
    steps = scenario.journey(run["level"], run["profile"])
    is_told = run["at"] < len(steps) and run["step"] == steps[run["at"]].key
    if not is_told or run["step"] != key:
        raise BadParameter("This step is not under way.", "key", allowed=[run["step"]])
    return steps[run["at"]]


def live(run: Row) -> Row:
    """Return a run that goes on; raise RuleBroken for one that is over."""
    if run["state"] in OVER:
        is_ours = run["state"] == SUITE_ERROR
        raise RuleBroken(BROKEN if is_ours else "This run is over; its verdicts are frozen.")
    return run


def keep(desk: Desk, run: Row) -> None:
    """Keep a run; raise LostRace when somebody else led it on."""
    if not desk.runs.put(run):
        raise LostRace("Somebody else led this run on at the same time.")
