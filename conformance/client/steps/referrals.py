"""Referrals: sending them, seeing what became of them, and answering those that come in."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from conformance.client.finding import create_once, to
from conformance.client.product import CaseTrack
from conformance.client.steps import step
from conformance.client.steps.assessment import elsewhere
from conformance.client.steps.people import known

Body = dict[str, Any]
WAITING = ("requested", "received")
TAKEN = ("accepted", "in-progress", "on-hold")


@step("referral.create")
def create(product: CaseTrack, data: Body) -> str:
    """Refer a person, once the consent is on record; nobody who took it back is referred."""
    if f"withdrawn/{data['person']['key']}" in product.memory:
        return "Not sent: the person withdrew the consent."
    person = known(product, data["person"])
    _refer(product, person, data)
    return "Referred."


@step("referral.re-refer")
def refer_again(product: CaseTrack, data: Body) -> str:
    """Look at a referral and, when it was rejected, refer the person to somebody else."""
    prior = product.memory[data["prior"]]
    former = product.hub.get(prior).body
    if former["status"] != "rejected":
        return f"Not sent: the referral is {former['status']}."
    _refer(product, former["participant"]["reference"], data, priorReferral=to(prior))
    return "Referred to another provider."


def _refer(product: CaseTrack, person: str, data: Body, **more: Any) -> None:
    _consent(product, person, data)
    body = {
        "participant": to(person),
        "origin": "ad-hoc",
        "sourceAgency": to(data["from"]["agency"]),
        "sourcePartner": to(data["from"]["partner"]),
        "targetAgency": to(data["to"]["agency"]),
        "targetPrograms": [{"reference": each} for each in data["to"]["programs"]],
        "targetPartner": to(data["to"]["partner"]),
        "priority": "routine",
        "authoredOn": _now(),
        "status": "requested",
        "note": _reason(product, person, data),
        **more,
    }
    act = f"refer/{data['referral']}"
    product.memory[data["referral"]] = create_once(product, act, "Referral", body)


def _consent(product: CaseTrack, person: str, data: Body) -> None:
    """Record the consent that was signed, unless the same is on record already."""
    signed, recipient = data.get("consent"), data["to"]["agency"]
    kept = f"consent/{person}/{recipient}"
    if signed is None or kept in product.memory:
        return
    body = {
        "participant": to(person),
        "partner": to(data["from"]["partner"]),
        "regime": signed["regime"],
        "disclosingAgency": to(data["from"]["agency"]),
        "recipients": [to(recipient)],
        "scope": signed["scope"],
        "method": signed["method"],
        "givenBy": "participant",
        "grantedOn": signed["on"],
        "status": "active",
    }
    product.memory[kept] = create_once(product, kept, "Consent", body)


def _reason(product: CaseTrack, person: str, data: Body) -> str:
    """Return the reason of a referral, with what another agency noted when it is to be quoted."""
    if "quote" not in data:
        return str(data["reason"])
    told = elsewhere(product, person) or {}
    noted = (each for each in told.get("extension", ()) if each["url"] == data["quote"])
    return " ".join([data["reason"], *(each["valueString"] for each in noted)])


def _now() -> str:
    return datetime.now(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


@step("referral.cancel")
def cancel(product: CaseTrack, data: Body) -> str:
    """Call off a referral that is still open; whatever its state, the person wants it no more."""
    called_off = {"status": "cancelled", "statusReason": data["reason"]}
    return _move(product, product.memory[data["referral"]], (*WAITING, *TAKEN), called_off)


@step("referral.respond")
def respond(product: CaseTrack, data: Body) -> str:
    """Accept a referral that came in, decline it with a reason, or note a contact."""
    reference = _incoming(product, data)
    if data["decision"] == "accept":
        return _move(product, reference, WAITING, {"status": "accepted"})
    if data["decision"] == "decline":
        rejected = {"status": "rejected", "statusReason": data["reason"]}
        return _move(product, reference, WAITING, rejected)
    reached = {"at": _now(), "method": data["method"], "result": "reached"}
    return _move(
        product, reference, ("accepted", "on-hold"), {"status": "in-progress"}, reached=reached
    )


@step("referral.close")
def close(product: CaseTrack, data: Body) -> str:
    """Close a referral with what became of it, and what shows that."""
    end = {"status": "closed", "outcome": data["outcome"]}
    if "offered" in data:
        end["offerDate"] = data["offered"]
    if "missed" in data:
        end["appointments"] = [{"start": data["missed"], "status": "missed"}]
    return _move(product, _incoming(product, data), TAKEN, end)


def _incoming(product: CaseTrack, data: Body) -> str:
    """Return the referral to us that has a number of the agency that sent it."""
    if data["referral"] not in product.memory:
        number = f"{data['identifier']['system']}|{data['identifier']['value']}"
        found = product.hub.search(
            "Referral", identifier=number, **{"target-agency": data["us"]["agency"]}
        )
        product.memory[data["referral"]] = f"Referral/{found[0]['id']}"
    return str(product.memory[data["referral"]])


def _move(
    product: CaseTrack,
    reference: str,
    start: tuple[str, ...],
    change: Mapping[str, Any],
    reached: Body | None = None,
) -> str:
    """Move a referral, if it stands where it may be moved from when the hub is asked."""

    def moved(body: Body) -> Body:
        if body["status"] not in start:
            return body
        kept = {name: value for name, value in body.items() if name != "statusReason"}
        tries = {"contactAttempts": [*body.get("contactAttempts", ()), reached]} if reached else {}
        return {**kept, **change, **tries}

    now = product.hub.update(reference, moved)["status"]
    return f"The referral is {now}."
