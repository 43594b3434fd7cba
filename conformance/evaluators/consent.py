"""L1-17: consent before sharing, and silence once it is withdrawn."""

from collections.abc import Mapping
from typing import Any

from conformance.evaluators import evaluates
from conformance.evaluators.about import names_one
from conformance.exchange import Evidence, Exchange
from conformance.reading.referral_states import last_told, made, resources
from conformance.reading.unbundled import pointed, referred
from conformance.scenario.assessment import AFTER_WITHDRAWAL, BY_ANSWERS, WITHDRAW
from conformance.scenario.referrals import AGAIN, REFER
from conformance.stage import World
from conformance.verdict import Verdict, failed, not_exercised, passed

CONSENT, PERSON = "Consent", "participant"
SIGNED = (BY_ANSWERS, REFER, AGAIN)
"""Steps that tell of a consent which the person signed."""
STOPPING = (WITHDRAW, AFTER_WITHDRAWAL)
"""Steps about the person who withdrew: that the system lives is shown by a later one."""
STATUSES = ("active", "proposed")


@evaluates("L1-17")
def asks_consent_and_stops(evidence: Evidence, world: World) -> Verdict:
    """Judge both halves; who only receives has no referral that a consent must come before."""
    shared = made(evidence).during(*SIGNED)
    for each in shared:
        if _consent_before(evidence, each) is None:
            expected = "a Consent to that agency before the referral"
            return failed(expected, "the referral came without one", each)
    if not shared and world.get("profile") != "receives":
        return not_exercised("Nobody was referred, so no consent was needed.")
    return _stopped(evidence, world, shared.last)


def _consent_before(evidence: Evidence, referral: Exchange) -> Exchange | None:
    whose = referred(referral, "participant")
    agency = referred(referral, "targetAgency")
    # One transaction makes both at once.
    earlier = evidence.partner.where(lambda each: each.number <= referral.number)
    consents = earlier.of(CONSENT).writes.done
    return consents.where(lambda each: _covers(each.body, whose, agency)).last


def _covers(body: Any, whose: str, agency: str) -> bool:
    if not isinstance(body, dict) or body.get("status") not in STATUSES:
        return False
    recipients = {each.get("reference") for each in body.get("recipients", ())}
    return pointed(body, "participant") == whose and agency in recipients


def _stopped(evidence: Evidence, world: World, shared: Exchange | None) -> Verdict:
    who = world.get("profiles", {}).get("leaver", "")
    withdrawal = _withdrawal(evidence, who)
    if withdrawal is None:
        return not_exercised("No consent was withdrawn.")
    after = evidence.partner.after(withdrawal).where(lambda each: each.kind != CONSENT)
    access = after.where(lambda each: _is_about(each, who, world["people"]["leaver"])).first
    if access:
        expected = "no request about the person after the withdrawal"
        return failed(expected, "the person was still asked for or written about", access)
    alive = after.done.where(lambda each: each.step not in STOPPING).first
    if alive is None:
        return not_exercised("After the withdrawal nothing was heard of the system.")
    return passed(shared, withdrawal, alive)


def _withdrawal(evidence: Evidence, who: str) -> Exchange | None:
    writes = evidence.partner.of(CONSENT).by("PUT", "PATCH").done
    return writes.where(
        lambda each: (
            "withdrawn" in str(each.body)
            and who in {_whose(each), pointed(last_told(evidence, each.reference, each), PERSON)}
        )
    ).first


def _whose(consent: Exchange) -> str:
    """Return whose consent a write is of, by its body or its answer; empty when none says so."""
    told = [consent.body, *resources(consent.answer)]
    named = (pointed(each, PERSON) for each in told if isinstance(each, dict))
    return next((each for each in named if each), "")


def _is_about(exchange: Exchange, who: str, person: Mapping[str, str]) -> bool:
    """Whether a request names the person, or asks for nothing but what is about the person."""
    number = who.rpartition("/")[2]
    if number in exchange.target or exchange.mentions(number):
        return True
    if names_one(exchange, person):
        return True
    found = list(resources(exchange.answer)) if exchange.kind and exchange.is_ok else []
    return bool(found) and all(who in {_self(each), pointed(each, "participant")} for each in found)


def _self(resource: Mapping[str, Any]) -> str:
    return f"{resource['resourceType']}/{resource['id']}"
