"""The door of a sandbox: every request is written down, and the partner's may meet a fault.

Only sandboxes have such a door, so no fault can ever reach anybody's data. Bodies are of invented
persons only.
"""

import logging
import time
from collections.abc import Callable, Iterable

from app.interactions.runs import Row, Runs
from app.sandbox import faults, keeping
from app.sandbox.answers import (
    Environ,
    Sent,
    StartResponse,
    Wsgi,
    called,
    read,
    refusal,
    reordered,
    told,
)
from app.sandbox.believed import Bearer, Believed
from conformance.exchange import PARTNER
from conformance.scenario.profiles import Unready

REAL = "An SSN here has the area 000 or 666: the people of a run are invented. It is not kept."
_log = logging.getLogger("hub.runs")


class Door:
    """The door of the sandbox of one run."""

    def __init__(  # noqa: PLR0913, PLR0917 - what is behind it, who comes, what it does
        self,
        app: Wsgi,
        runs: Runs,
        run: str,
        believed: Believed,
        play: Callable[[str], None],
        sequence: Callable[[], None],
    ) -> None:
        self._app = app
        self._runs = runs
        self._run = run
        self._believed = believed
        self._play = play
        self._sequence = sequence

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request; `environ` has the path below the base in `hub.below`."""
        read(environ)
        asked = keeping.asked(environ)
        run = self._runs.get(self._run) or {}
        bearer = self._believed.bearer(environ.get("HTTP_AUTHORIZATION", ""))
        if asked.path == "$changes":
            self._sequence()
        at, fault = time.time(), None
        if asked.names_somebody:
            asked, sent = asked.unsaid, refusal(422, "business-rule", REAL)
        else:
            sent, fault = self._answered(environ, run, bearer)
        if bearer.who == PARTNER:
            sent = reordered(sent, run.get("seed", ""))
        name = fault["name"] if fault else ""
        seen = {"step": run.get("step", ""), "who": bearer.who, "doubt": bearer.doubt}
        self._runs.note(self._run, keeping.exchange(asked, sent, at=at, fault=name, **seen))
        if fault and name == "F6":
            time.sleep(fault["seconds"])  # it is written down already: what is tried again is later
        return told(sent, start_response, is_cut=name == "F4")

    def _answered(self, environ: Environ, run: Row, bearer: Bearer) -> tuple[Sent, Row | None]:
        """Return the answer, and the fault that the request met.

        Nobody meets one with a token that the hub would refuse: nothing would be shown by that.
        """
        is_partner = bearer.who == PARTNER and bearer.is_good
        met, later = self._met(environ) if is_partner else (None, None)
        if met and met["name"] in faults.REFUSALS:
            return faults.refused(met), met
        if later is None:
            return called(self._app, environ), met
        asking = faults.asking(later, environ, run.get("world", {}))
        sent = called(self._app, asking)
        changed = faults.disturbed(later, sent)
        if changed is not None and self._runs.take(later["id"]):
            return changed, later
        return (sent if asking is environ else called(self._app, environ)), met

    def _met(self, environ: Environ) -> tuple[Row | None, Row | None]:
        """Return the fault that a request met, and the one that waits for its answer.

        Ghosts that act just before the request do so here.
        """
        met = None
        for each in self._runs.armed(self._run):
            if not faults.is_meant(each, environ):
                continue
            if each["name"] in faults.LATER:
                return met, each
            if self._runs.take(each["id"]):
                if each["play"] and not self._played(each["play"]):
                    continue
                met = each
                if each["name"] != "F1":
                    break
        return met, None

    def _played(self, deed: str) -> bool:
        """Whether a ghost could act; the product may have left nothing for it to act on."""
        try:
            self._play(deed)
        except Unready:
            _log.warning("In run %s a ghost came too late: %s.", self._run, deed)
            return False
        return True
