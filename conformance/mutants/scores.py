"""Bad habits with scores and credentials, one for each requirement of level 3."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx

from conformance.client.errors import Refused
from conformance.client.finding import PARTNER, to
from conformance.client.hub import Body, Hub
from conformance.client.product import CaseTrack, Outcome
from conformance.client.steps.credentials import credential
from conformance.client.steps.scores import exact
from conformance.mutants import mutant

SCORE, CREDENTIAL, ENROLLMENT = (
    "ParticipantScore",
    "ParticipantCredential",
    "ParticipantServiceEnrollment",
)
INVALID, FORBIDDEN = 422, 403


def _without(body: Body, name: str) -> Body:
    return {each: value for each, value in body.items() if each != name}


@mutant("incomplete-score", breaks=("L3-01",))
class IncompleteScore(Hub):
    """Does not say which form of a test was used."""

    def create(self, kind: str, body: Body, key: str) -> Body:
        """Create without the form."""
        return super().create(kind, _without(body, "form") if kind == SCORE else body, key)


@mutant("rounds-scores", breaks=("L3-02",))
class RoundsScores(Hub):
    """Keeps scores as whole numbers."""

    def ask(self, method: str, path: str, body: Body | None = None, *more: Any, **how: Any) -> Any:
        """Round, then send."""
        if body is not None and path.startswith(SCORE) and "score" in body:
            body = body | {"score": round(body["score"])}
        return super().ask(method, path, body, *more, **how)


@mutant("zero-is-missing", breaks=("L3-02",))
class ZeroIsMissing(Hub):
    """Takes a score of zero for none."""

    def ask(self, method: str, path: str, body: Body | None = None, *more: Any, **how: Any) -> Any:
        """Leave out a zero, then send."""
        if body is not None and path == SCORE and body.get("score") == 0:
            body = _without(body, "score")
        return super().ask(method, path, body, *more, **how)


@mutant("order-of-arrival", breaks=("L3-03",))
class OrderOfArrival(CaseTrack):
    """Takes the test that arrives first for the first one."""

    def do(self, name: str, data: dict[str, Any]) -> Outcome:
        """Turn the kinds of two tests round, then record."""
        turned = {"post-test": "pre", "pre-test": "post"}
        if name == "score.record" and data["key"] in turned:
            data = data | {"type": turned[data["key"]]}
        return super().do(name, data)


@mutant("overwrites-the-retest", breaks=("L3-04",))
class OverwritesTheRetest(CaseTrack):
    """Has one score for each test, and writes the newest into it."""

    def do(self, name: str, data: dict[str, Any]) -> Outcome:
        """Write a retest over the test before."""
        if name != "score.record" or data["key"] != "retest":
            return super().do(name, data)
        new = {"score": exact(data["score"]), "administeredOn": data["on"], "form": data["form"]}
        self.memory["retest"] = self.memory["post-test"]
        self.hub.update(self.memory["retest"], lambda body: body | new)
        return Outcome("done")


@mutant("replaces-unknown-instruments", breaks=("L3-05",))
class ReplacesUnknownInstruments(Hub):
    """Shows a test that is not in its own list as another one, and saves what it shows."""

    LIST = ("casas-goals", "tabe-11-12", "onet-interest-profiler", "best-plus")

    def update(self, reference: str, change: Callable[[Body], Body], **how: Any) -> Body:
        """Save with a test of the own list."""

        def shown(body: Body) -> Body:
            test = body.get("assessment", {}).get("reference", "").partition("/")[2]
            is_known = not reference.startswith(SCORE) or test in self.LIST
            other = {"assessment": to("Assessment/best-plus"), "functionalArea": "oral"}
            return change(body) if is_known else change(body) | other

        return super().update(reference, shown, **how)


@mutant("resends-the-score", breaks=("L3-06",))
class ResendsTheScore(Hub):
    """Sends a score that was refused again, in the hope of another answer."""

    def create(self, kind: str, body: Body, key: str) -> Body:
        """Try a refused score twice more."""
        for _ in range(2):
            try:
                return super().create(kind, body, key)
            except Refused as refusal:
                if kind != SCORE or refusal.status != INVALID:
                    raise
        return super().create(kind, body, key)


@mutant("incomplete-credential", breaks=("L3-07",))
class IncompleteCredential(Hub):
    """Does not say who issued a credential."""

    def create(self, kind: str, body: Body, key: str) -> Body:
        """Create without the issuer."""
        return super().create(kind, _without(body, "issuer") if kind == CREDENTIAL else body, key)


@mutant("copies-the-credential", breaks=("L3-08",))
class CopiesTheCredential(CaseTrack):
    """Records a credential beside the one that it found."""

    def do(self, name: str, data: dict[str, Any]) -> Outcome:
        """Link, and make a copy."""
        done = super().do(name, data)
        if name == "credential.record" and data["key"] == "licence":
            self.hub.create(CREDENTIAL, credential(self, data), str(uuid4()))
        return done


@mutant("claims-the-revoked", breaks=("L3-09",))
class ClaimsTheRevoked(CaseTrack):
    """Does not look at the status of a credential again."""

    def do(self, name: str, data: dict[str, Any]) -> Outcome:
        """Forget what rests on which credential, so that nothing follows from its end."""
        self.memory.pop("claims", None)
        return super().do(name, data)


@mutant("probes-after-403", breaks=("L3-11",))
class ProbesAfterRefusal(Hub):
    """Tries other ways when it is refused."""

    def ask(
        self, method: str, path: str, body: Body | None = None, *more: Any, **how: Any
    ) -> httpx.Response:
        """Ask; when refused, look for what may be seen instead."""
        try:
            return super().ask(method, path, body, *more, **how)
        except Refused as refusal:
            if refusal.status == FORBIDDEN and method == "POST" and path == SCORE:
                super().ask("POST", f"{SCORE}/_search", form={"partner": PARTNER})
            raise


@mutant("links-to-the-open-period", breaks=("L3-12",))
class LinksToTheOpenPeriod(CaseTrack):
    """Puts a score with the enrollment that is open when it arrives."""

    def do(self, name: str, data: dict[str, Any]) -> Outcome:
        """Let no closed period be found."""
        if name == "score.record" and "belongsTo" in data:
            closed = self.memory["periods"].pop("first-period", None)
            if closed:
                self.memory["periods"]["second-period"]["from"] = closed["from"]
        return super().do(name, data)
