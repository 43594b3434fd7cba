"""Systems that are careless about who somebody is."""

from collections.abc import Callable
from uuid import uuid4

import httpx

from conformance.client import patience
from conformance.client.errors import Refused, Unanswered
from conformance.client.hub import Body, Hub
from conformance.mutants import mutant

PROFILE = "ParticipantProfile"
MATCH = f"{PROFILE}/$match"
INVALID = 422


def _asked(inputs: Body | None) -> Body:
    return dict((inputs or {})["parameter"][0]["resource"])


@mutant("never-searches", breaks=("L1-06",))
class NeverSearches(Hub):
    """Takes everybody for a new person; looks only when the hub says that it knows them."""

    def operation(self, path: str, inputs: Body | None = None, key: str = "") -> Body:
        """Find nobody."""
        return {} if path == MATCH else super().operation(path, inputs, key)

    def create(self, kind: str, body: Body, key: str) -> Body:
        """Create, and use the one that the hub names when it knows the person."""
        try:
            return super().create(kind, body, key)
        except Refused as refusal:
            allowed = [_allowed(each) for each in refusal.issues]
            if kind != PROFILE or not any(allowed):
                raise
            return self.get(allowed[0]).body


def _allowed(issue: Body) -> str:
    """Return the reference that a refusal names, empty for none."""
    words = str(issue.get("diagnostics", "")).replace(".", " ").split()
    return next((each for each in words if each.startswith(f"{PROFILE}/")), "")


@mutant("ignores-the-match", breaks=("L1-07",))
class IgnoresTheMatch(Hub):
    """Makes a second record of somebody whom it has just found, before it uses the first."""

    def operation(self, path: str, inputs: Body | None = None, key: str = "") -> Body:
        """Create whoever is found."""
        found = super().operation(path, inputs, key)
        if path == MATCH and len(found.get("entry", ())) == 1:
            try:
                self.create(PROFILE, _asked(inputs) | {"status": "active"}, str(uuid4()))
            except Refused:
                return found
        return found


@mutant("picks-the-first", breaks=("L1-08",))
class PicksTheFirst(Hub):
    """Takes the first of several who may be meant."""

    def operation(self, path: str, inputs: Body | None = None, key: str = "") -> Body:
        """Answer the first match alone, as certain."""
        found = super().operation(path, inputs, key)
        if path != MATCH or len(found.get("entry", ())) < 2:  # noqa: PLR2004 - several
            return found
        first = found["entry"][0]
        sure = {"search": {"extension": [{"url": "match-grade", "valueCode": "certain"}]}}
        return found | {"entry": [first | sure]}


@mutant("no-provenance", breaks=("L1-09",))
class NoProvenance(Hub):
    """Creates records that do not say who knows the person."""

    def create(self, kind: str, body: Body, key: str) -> Body:
        """Leave the numbers out."""
        mine = body.items() if kind == PROFILE else ()
        bare = {name: value for name, value in mine if name != "partnerIdentifiers"}
        return super().create(kind, bare or body, key)


@mutant("new-key-on-retry", breaks=("L1-10",))
class NewKeyOnRetry(Hub):
    """Asks for a record under a new key whenever no good answer came."""

    tries = patience.TRIES

    def patiently(self, ask: Callable[[], httpx.Response]) -> httpx.Response:
        """Ask once while a record is made."""
        return patience.patiently(ask, patience.pause, self.tries)

    def create(self, kind: str, body: Body, key: str) -> Body:
        """Create under a key for each try."""
        if kind != PROFILE:
            return super().create(kind, body, key)
        self.token()
        try:
            self.tries = 1
            return super().create(kind, body, key)
        except Unanswered:
            patience.pause(2)
        finally:
            self.tries = patience.TRIES
        return super().create(kind, body, str(uuid4()))


@mutant("retries-422", breaks=("L1-11",))
class Retries422(Hub):
    """Sends a body that was refused for good again and again."""

    def create(self, kind: str, body: Body, key: str) -> Body:
        """Try three times more."""
        for _ in range(3):
            try:
                return super().create(kind, body, key)
            except Refused as refusal:
                if refusal.status != INVALID:
                    raise
        return super().create(kind, body, key)
