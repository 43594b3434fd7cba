"""L1-21, L1-24, L1-26: a referral that is sent once, sent anew after a decline, and closed."""

from typing import Any

from conformance.evaluators import evaluates
from conformance.exchange import Evidence, Exchange
from conformance.reading.referral_states import (
    asked_status,
    created,
    last_told,
    made,
    shown,
    versions_shown,
)
from conformance.reading.unbundled import pointed, referred, told
from conformance.scenario.referrals import CLOSE_DECLINED, CLOSE_NO_SHOW, REFER
from conformance.stage import World
from conformance.verdict import Verdict, failed, fence, not_exercised, passed

REFUSED = (400, 409, 422)
"""What is not complete, and what is there already."""
LEEWAY = 0.05
"""Seconds by which two clocks' readings of one moment may differ."""
OUTCOMES = {CLOSE_DECLINED: "declined", CLOSE_NO_SHOW: "no-show"}


@evaluates("L1-21")
def refers_completely_and_once(evidence: Evidence, world: World) -> Verdict:
    """Judge every attempt to refer, and that the one that met 503 waited and went through once."""
    del world
    attempts = created(evidence)
    for each in attempts.answered(*REFUSED):
        if not each.fault:
            return failed("a referral that the hub takes at once", f"{each.status} for it", each)
    met = attempts.during(REFER).faulted("F2").first
    if met is None:
        return not_exercised("No referral met the busy hub.")
    early = next((each for each in attempts.faulted("F2") if _hurried(attempts, each)), None)
    if early:
        again = attempts.after(early).first
        return failed("a next try no sooner than Retry-After says", "it came sooner", early, again)
    once = attempts.during(REFER).done
    ids = {each.reference for each in once}
    if not ids:
        return not_exercised("The referral was not tried again after 503.")
    if len(ids) > 1:
        return failed("one referral", f"{len(ids)} referrals", *once)
    return passed(met, once.first)


def _hurried(attempts: Evidence, busy: Exchange) -> bool:
    again = attempts.after(busy).first
    wait = busy.answer_headers.get("retry-after", "0")
    return again is not None and again.at - busy.at < float(wait) - LEEWAY


@evaluates("L1-24")
def refers_anew_after_a_decline(evidence: Evidence, world: World) -> Verdict:
    """Judge what follows the referral that a ghost rejected."""
    prior = world.get("declined")
    if not prior:
        return not_exercised("No referral was there for the provider to decline.")
    seen = _seen_rejected(evidence, prior)
    anew = [each for each in made(evidence) if referred(each, "priorReferral") == prior]
    if not anew:
        return _nothing_linked(evidence, prior, seen)
    if seen is None or seen.number > anew[0].number:
        return failed("a look at the declined referral first", "it was not read", anew[0])
    return _linked(last_told(evidence, prior, anew[0]), seen, anew[0])


def _seen_rejected(evidence: Evidence, prior: str) -> Exchange | None:
    return evidence.partner.where(
        lambda each: any(one.get("status") == "rejected" for one in versions_shown(each, prior))
    ).first


def _nothing_linked(evidence: Evidence, prior: str, seen: Exchange | None) -> Verdict:
    expected = "a new Referral whose priorReferral is the declined one"
    if seen is None:
        return not_exercised("The decline was never read.")
    whose = pointed(shown(seen, prior) or {}, "participant")
    other = [
        each
        for each in made(evidence).after(seen)
        if referred(each, "participant") == whose
        and _target(each.body)[0] == pointed(shown(seen, prior) or {}, "targetAgency")
    ]
    if other:
        return failed(expected, "a referral that is not linked to it", seen, other[0])
    later = fence(evidence, seen)
    if later is None:
        return not_exercised("After the decline nothing was heard of the system.")
    return failed(expected, "none, though the decline was read", seen, later)


def _linked(old: Any, seen: Exchange, anew: Exchange) -> Verdict:
    if referred(anew, "participant") != pointed(old, "participant"):
        return failed("the same participant", "another one", seen, anew)
    if _target(anew.body) == _target(old):
        return failed("another target", "the one that declined", seen, anew)
    return passed(seen, anew)


def _target(body: Any) -> tuple[str, str]:
    return pointed(body, "targetAgency"), pointed(body, "targetPartner")


@evaluates("L1-26")
def closes_with_the_outcome(evidence: Evidence, world: World) -> Verdict:
    """Judge every closing: coded, with its evidence, and what the participant in fact did."""
    del world
    closings = evidence.partner.where(lambda each: asked_status(each) == "closed")
    for each in closings:
        wrong = _unproven(evidence, each)
        if wrong:
            return failed("status closed with a coded outcome and its evidence", wrong, each)
    ends = [closings.during(step).done.last for step in OUTCOMES]
    if not all(ends):
        return not_exercised("A declined offer and a no-show were not both closed.")
    return passed(*ends)


def _unproven(evidence: Evidence, closing: Exchange) -> str:
    """Return what a closing lacks, empty for nothing."""
    outcome = told(closing).get("outcome")
    meant = OUTCOMES.get(closing.step)
    if not outcome:
        return "no outcome"
    if meant and outcome != meant:
        return f"{outcome} instead of {meant}"
    known = last_told(evidence, closing.reference, closing)
    proof = {"declined": ("offerDate",), "no-show": ("appointments", "contactAttempts")}
    names = proof.get(outcome, ())
    if names and not any(told(closing).get(name) or known.get(name) for name in names):
        return f"{outcome} without {' or '.join(names)}"
    return ""
