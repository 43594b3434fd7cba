"""What the ghosts do in a run is done once: a part that was broken off is never played again.

Half a part is worse than none, for the partner would be blamed for what is missing, or is there
twice. So a run that was left in the middle of one ends, and nothing of it counts.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from app.interactions.runs import OVER, SUITE_ERROR, Row, Runs, Sandboxes
from app.interactions.runs.live_stage import LiveStage
from app.model.conflicts import LostRace
from app.model.errors import HubError, NotFound, RuleBroken, Unavailable
from app.model.version import instant
from conformance.stage import Deed

BROKEN = "The hub failed in its own part of this run, which is over and counts for nothing."
LONGEST = timedelta(seconds=120)
"""How long ghosts act at most; after that whoever had them act is gone."""
RETRY_SECONDS = 15
ATTEMPTS = 8

_log = logging.getLogger("hub.runs")


class Led(Protocol):
    """Where runs are led: their store, their sandboxes, the only clock they may use."""

    @property
    def runs(self) -> Runs:
        """Where runs are kept."""

    @property
    def sandboxes(self) -> Sandboxes:
        """The hubs of runs."""

    @property
    def now(self) -> Callable[[], datetime]:
        """The clock."""


def act(desk: Led, run: Row, deeds: Sequence[Deed], change: Callable[[Row], Row]) -> Row:
    """Have ghosts do their deeds in a run, then change it; return it as it is kept.

    Raises Unavailable while they act already, and RuleBroken when they failed or were broken off:
    then the run is over, as a fault of ours.
    """
    refuse_half_played(desk, run)
    if deeds:
        run |= {"acting": instant(desk.now())}
        if not desk.runs.put(run):
            raise LostRace("Somebody else led this run on at the same time.")
        play(desk, run["id"], deeds)
    return changed(desk, run["id"], lambda now: {**change(now), "acting": None})


def play(desk: Led, id: str, deeds: Sequence[Deed]) -> None:
    """Have ghosts do their deeds in a run that says so; raise RuleBroken when they fail."""
    run = again(desk, id)
    try:
        LiveStage(desk.runs, desk.sandboxes, run).play(*deeds)
    except HubError:
        raise
    except Exception as error:
        _log.exception("The ghosts of run %s failed in %s.", id, run["step"])
        end(desk, run, SUITE_ERROR)
        raise RuleBroken(BROKEN) from error


def refuse_half_played(desk: Led, run: Row) -> None:
    """Raise Unavailable while ghosts act in a run; end it, RuleBroken, when they never ended."""
    since = run.get("acting")
    if since is None:
        return
    if datetime.fromisoformat(since) > desk.now() - LONGEST:
        busy = Unavailable("The other agencies act in this run; ask again.")
        busy.retry_after = RETRY_SECONDS
        raise busy
    _log.error("The ghosts of run %s were broken off in %s.", run["id"], run["step"])
    end(desk, run, SUITE_ERROR)
    raise RuleBroken(BROKEN)


def changed(desk: Led, id: str, change: Callable[[Row], Row]) -> Row:
    """Change a run upon whatever others kept of it meanwhile; return it as it is kept."""
    for _ in range(ATTEMPTS):
        run = again(desk, id)
        run |= change(run)
        if desk.runs.put(run):
            return run | {"n": run["n"] + 1}
    raise LostRace("Others kept writing the same run; send the request again.")


def end(desk: Led, run: Row, state: str) -> Row:
    """End a run without a verdict, unless it ended meanwhile; its faults and its sandbox go."""
    over = {"state": state, "endedAt": instant(desk.now())}
    run = changed(desk, run["id"], lambda now: {} if now["state"] in OVER else over)
    desk.runs.disarm(run["id"])
    desk.sandboxes.close(run["opaque"])
    return run


def again(desk: Led, id: str) -> Row:
    """Return a run as it is kept by now; raise NotFound."""
    found = desk.runs.get(id)
    if found is None:
        raise NotFound("There is no such run.")
    return found
