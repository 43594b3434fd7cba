"""A conformance run: begun by a partner, led step by step, judged by the hub alone, then frozen."""

import re
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from app.interactions.runs import Admission, Row, Runs, Sandboxes
from app.interactions.runs.certificate import Certificates
from app.interactions.runs.live_stage import LiveStage
from app.model.access.client import Client
from app.model.conflicts import LostRace
from app.model.errors import BadParameter, Forbidden, NotFound, RuleBroken
from app.model.pattern import matches
from app.model.version import instant
from conformance import scenario
from conformance.exchange import PARTNER
from conformance.stage import Fault, Step

LEVELS = (1, 2, 3, 4)
PROFILES = ("refers", "receives", "both")
MODES = ("practice", "certify")
STATUSES = ("done", "pending", "unsupported", "error")
MOST_LIVE = 3
"""Runs that a partner may have under way at once."""
OVER = frozenset({"passed", "failed", "aborted"})
DEADLINE_MS = 120_000
LIFE = timedelta(days=14)
"""How long a run may be under way; then the next one of its partner ends it."""
UNAUTHENTICATED = 401
BY_HAND = ("F2", "F3", "F4", "F5", "F6", "F7", "F8", "F10", "F11", "F12", "F13", "F17")
"""Faults that can be armed by hand; the others take a ghost's part."""
_NAME = re.compile(r"[\w .()/+-]{1,80}\Z")


@dataclass(frozen=True)
class Desk:
    """Where runs are led: their store, their sandboxes, the only clock they may use."""

    runs: Runs
    sandboxes: Sandboxes
    now: Callable[[], datetime]
    certificates: Certificates


def begin(desk: Desk, client: Client, asked: dict[str, Any]) -> tuple[Row, Admission]:
    """Make a run with a sandbox of its own; return it, and what the product needs to work there.

    Raises BadParameter for what is not understood, Forbidden for a client without a partner, and
    RuleBroken when the partner has too many runs under way.
    """
    if client.partner is None:
        raise Forbidden("A run is of a partner's system; ask with its client.")
    run = _asked(client, asked)
    under_way = [each for each in desk.runs.of(client.partner) if each["state"] not in OVER]
    stale = [each for each in under_way if _is_stale(desk, each)]
    for each in stale:
        abort(desk, client, each["id"])
    if len(under_way) - len(stale) >= MOST_LIVE:
        raise RuleBroken(f"At most {MOST_LIVE} runs are under way at once; end one first.")
    run |= {"startedAt": instant(desk.now()), "step": "setup"}
    admission = desk.sandboxes.open(run["opaque"], client.partner)
    run |= {"base": admission.base, "client": admission.client}
    keep(desk, run)
    run = again(desk, run["id"])
    LiveStage(desk.runs, desk.sandboxes, run).play(*scenario.SETUP)
    run = again(desk, run["id"])
    run["state"] = "ready"
    keep(desk, run)
    return run, admission


def read(desk: Desk, client: Client, id: str) -> Row:
    """Return a run; raise NotFound for one that is not the client's partner's."""
    run = desk.runs.get(id)
    if run is None or not (client.is_staff or run["partner"] == client.partner):
        raise NotFound("There is no such run.")
    return run


def go_on(desk: Desk, client: Client, id: str) -> dict[str, Any] | None:
    """Return the step that is next, once its ghosts have acted; None when there is no more."""
    run = live(read(desk, client, id))
    steps = scenario.journey(run["level"], run["profile"])
    if run["at"] >= len(steps):
        return None
    step = steps[run["at"]]
    if run["step"] != step.key:
        run |= {"step": step.key, "state": "running"}
        keep(desk, run)
        run = again(desk, id)
        LiveStage(desk.runs, desk.sandboxes, run).play(*step.before)
        run = again(desk, id)
    return _told(step, run, len(steps))


def end_step(desk: Desk, client: Client, id: str, key: str, told: dict[str, Any]) -> Row:
    """Take note that the adapter ended a step; return what is noted.

    Raises BadParameter for another step than the one under way.
    """
    run = live(read(desk, client, id))
    if run["step"] != key:
        raise BadParameter("This step is not under way.", "key", allowed=[run["step"]])
    if told.get("status") not in STATUSES:
        raise BadParameter("The status is one of these.", "status", allowed=STATUSES)
    noted = {"key": key, "status": told["status"], "detail": str(told.get("detail", ""))[:2000]}
    if told["status"] == "pending":
        return noted
    step = next(each for each in scenario.journey(run["level"], run["profile"]) if each.key == key)
    desk.runs.disarm(id)
    LiveStage(desk.runs, desk.sandboxes, run).play(*step.after)
    run = again(desk, id)
    run |= {"at": run["at"] + 1, "steps": [*run["steps"], noted]}
    keep(desk, run)
    return noted


def abort(desk: Desk, client: Client, id: str) -> Row:
    """End a run without a verdict; its sandbox goes."""
    run = live(read(desk, client, id))
    run |= {"state": "aborted", "endedAt": instant(desk.now())}
    keep(desk, run)
    desk.sandboxes.close(run["opaque"])
    return run


def mine(desk: Desk, client: Client) -> list[Row]:
    """Return the runs of the client's partner; of all for staff."""
    return desk.runs.of(None if client.is_staff else client.partner or "nobody")


def unmatched(desk: Desk, client: Client, id: str) -> list[dict[str, Any]]:
    """Return what came to the sandbox from nobody that it knows, each with why."""
    known = {PARTNER, *scenario.GHOSTS}
    found = (each for each in seen(desk, client, id, 0) if each["who"] not in known)
    return [
        {
            **{name: each[name] for name in ("number", "at", "method", "path", "status")},
            "reason": "The request names no client of this run; is its token of another run?"
            if each["who"]
            else "The request brings no token of this run.",
        }
        for each in found
        if each["status"] == UNAUTHENTICATED
    ]


def arm(desk: Desk, client: Client, id: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Arm one fault by hand, in practice; raise BadParameter, and RuleBroken in earnest."""
    run = live(read(desk, client, id))
    if run["mode"] != "practice":
        raise RuleBroken("Faults are armed by hand in practice only.")
    if asked.get("name") not in BY_HAND:
        raise BadParameter("The fault is one of these.", "name", allowed=BY_HAND)
    method, path = str(asked.get("method", "*")), str(asked.get("path", ".*"))
    try:
        matches(path, "")
    except ValueError:
        raise BadParameter("The path is a regular expression.", "path") from None
    fault = asdict(Fault(asked["name"], method, path))
    desk.runs.arm(id, f"by-hand/{secrets.token_hex(4)}", fault)
    return fault


def seen(desk: Desk, client: Client, id: str, since: int) -> list[Row]:
    """Return what was seen in a run after a number, ghosts included."""
    run = read(desk, client, id)
    return desk.runs.exchanges(run["id"], since)


def _asked(client: Client, asked: dict[str, Any]) -> Row:
    for name, allowed in (("level", LEVELS), ("profile", PROFILES), ("mode", MODES)):
        if asked.get(name) not in allowed or isinstance(asked.get(name), bool):
            raise BadParameter("The value is one of these.", name, allowed=list(map(str, allowed)))
    product = asked.get("product")
    named = product if isinstance(product, dict) else {}
    if not all(_is_name(named.get(name)) for name in ("name", "version")):
        raise BadParameter("A product has a name and a version.", "product")
    seed = asked.get("seed")
    if seed is not None and (asked["mode"] == "certify" or not isinstance(seed, str)):
        raise BadParameter("A seed is asked for in practice only; it is text.", "seed")
    seed = seed or secrets.token_hex(8)
    return {
        "id": f"cf-{secrets.token_hex(6)}",
        "opaque": secrets.token_hex(12),
        "n": 0,
        "partner": client.partner,
        **{name: asked[name] for name in ("level", "profile", "mode")},
        "product": {name: named[name] for name in ("name", "version")},
        "seed": seed,
        "world": {**scenario.world(seed), "profile": asked["profile"]},
        "state": "preflight",
        "at": 0,
        "steps": [],
    }


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(_NAME.match(value))


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


def _is_stale(desk: Desk, run: Row) -> bool:
    began = run.get("startedAt")
    return began is None or datetime.fromisoformat(began) < desk.now() - LIFE


def live(run: Row) -> Row:
    """Return a run that goes on; raise RuleBroken for one that is over."""
    if run["state"] in OVER:
        raise RuleBroken("This run is over; its verdicts are frozen.")
    return run


def again(desk: Desk, id: str) -> Row:
    """Return a run as it is kept by now; raise NotFound."""
    found = desk.runs.get(id)
    if found is None:
        raise NotFound("There is no such run.")
    return found


def keep(desk: Desk, run: Row) -> None:
    """Keep a run; raise LostRace when somebody else led it on."""
    if not desk.runs.put(run):
        raise LostRace("Somebody else led this run on at the same time.")
