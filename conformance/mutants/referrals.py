"""Bad habits about referrals."""

from contextlib import suppress
from typing import Any
from uuid import uuid4

from conformance.client.errors import Refused
from conformance.client.hub import PRECONDITION_FAILED, Body, Hub
from conformance.mutants import mutant
from conformance.reading.referral_states import REFERRAL


class _Edits(Hub):
    """Changes what it is about to send of a referral."""

    def put(self, reference: str, body: Body, etag: str) -> Body:
        """Store a referral as this system would have it."""
        is_referral = reference.startswith(f"{REFERRAL}/")
        return super().put(reference, self.edited(body) if is_referral else body, etag)

    def edited(self, body: Body) -> Body:
        """Return what is sent instead."""
        return body


@mutant("refers-twice", breaks=("L1-21",))
class RefersTwice(Hub):
    """Presses the button again, as if nothing had been sent."""

    def create(self, kind: str, body: Body, key: str) -> Body:
        """Create a referral and try to create it once more."""
        made = super().create(kind, body, key)
        if kind == REFERRAL:
            with suppress(Refused):
                super().create(kind, body, str(uuid4()))
        return made


@mutant("refers-incompletely", breaks=("L1-21",))
class RefersIncompletely(Hub):
    """Leaves out what the hub then asks for."""

    def create(self, kind: str, body: Body, key: str) -> Body:
        """Create a referral in two tries, the first without its priority."""
        if kind == REFERRAL:
            with suppress(Refused):
                return super().create(kind, _without(body, "priority"), str(uuid4()))
        return super().create(kind, body, key)


@mutant("skips-states", breaks=("L1-22",))
class SkipsStates(Hub):
    """Begins the work on a referral that it has not accepted, until the hub says no."""

    def put(self, reference: str, body: Body, etag: str) -> Body:
        """Try to go to in-progress where a referral is to be accepted."""
        if reference.startswith(f"{REFERRAL}/") and body["status"] == "accepted":
            try:
                super().put(reference, {**body, "status": "in-progress"}, etag)
            except Refused as refusal:
                if refusal.status == PRECONDITION_FAILED:
                    raise
        return super().put(reference, body, etag)


@mutant("answers-without-reason", breaks=("L1-23",))
class AnswersWithoutReason(_Edits):
    """Rejects a referral and does not say why."""

    def edited(self, body: Body) -> Body:
        """Return a rejection without its reason."""
        return _without(body, "statusReason") if body["status"] == "rejected" else body


@mutant("forgets-the-decline", breaks=("L1-24",))
class ForgetsTheDecline(Hub):
    """Refers anew as if there had been no referral before."""

    def create(self, kind: str, body: Body, key: str) -> Body:
        """Create a referral that is linked to none."""
        return super().create(kind, _without(body, "priorReferral"), key)


@mutant("insists-on-cancel", breaks=("L1-12", "L1-22", "L1-25"))
class InsistsOnCancel(Hub):
    """Sends its old decision again, whatever the other side did meanwhile."""

    def put(self, reference: str, body: Body, etag: str) -> Body:
        """Store a cancellation; when it is refused, store it on the tag that the hub names."""
        try:
            return super().put(reference, body, etag)
        except Refused:
            if body.get("status") != "cancelled":
                raise
            return super().put(reference, body, _next(etag))


@mutant("closes-without-outcome", breaks=("L1-26",))
class ClosesWithoutOutcome(_Edits):
    """Closes a referral and does not say how it ended."""

    def edited(self, body: Body) -> Body:
        """Return a closing without its outcome."""
        return _without(body, "outcome") if body["status"] == "closed" else body


def _without(body: Body, name: str) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != name}


def _next(etag: str) -> str:
    """Return the tag of the version after one, as a system that does not read would guess it."""
    return f'W/"{int(etag.strip("W/").strip(chr(34))) + 1}"'
