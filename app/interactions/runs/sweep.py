"""The end of runs that nobody goes on with, and of what was seen in those that proved nothing.

Any number of workers may sweep; what one began and did not end, the next sweep does.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from app.interactions.runs import OVER, Row
from app.interactions.runs.ghosts import Led, changed, end

EXPIRED = "expired"
LIFE = timedelta(days=14)
"""How long a run may be under way; then the worker ends it, or the next one of its partner."""
KEPT = timedelta(days=90)
"""How long after its end what was seen in a run is kept that no certificate rests on."""
CLOSING = timedelta(hours=3)
"""How long after the end of a run its sandbox is looked for: who ended it may have died."""


def sweep(desk: Led, is_over: Callable[[], bool] = lambda: False) -> int:
    """End the runs that were left; return how many.

    The sandboxes of runs that are over go, and exchanges that are too old without a certificate.
    It ends early when `is_over` says so. Raises Unavailable; the next sweep goes on.
    """
    ended = 0
    for id in desk.runs.ids():
        if is_over():
            break
        run = desk.runs.get(id)
        if run is None:
            continue
        if run["state"] in OVER:
            _clear(desk, run)
        elif is_stale(desk, run):
            end(desk, run, EXPIRED)
            ended += 1
    return ended


def is_stale(desk: Led, run: Row) -> bool:
    """Whether a run has been under way for too long."""
    began = run.get("startedAt")
    return began is None or _age(desk, began) > LIFE


def _clear(desk: Led, run: Row) -> None:
    if "endedAt" not in run:
        return
    age = _age(desk, run["endedAt"])
    if age < CLOSING:
        desk.sandboxes.close(run["opaque"])
    if age > KEPT and not run.get("certificate") and not run.get("isForgotten"):
        desk.runs.forget(run["id"])
        changed(desk, run["id"], lambda _: {"isForgotten": True})


def _age(desk: Led, moment: str) -> timedelta:
    return desk.now() - datetime.fromisoformat(moment)
