"""Level 3, credentials: L3-07 to L3-10."""

import json

from conformance.evaluators import evaluates
from conformance.evaluators.services import KIND as ENROLLMENT
from conformance.evaluators.services import enrollments, made
from conformance.exchange import Evidence, Exchange
from conformance.reading.unbundled import referred, told
from conformance.reading.written import written
from conformance.scenario import scores, training
from conformance.scenario.caseload import LEARNER, person_of
from conformance.scenario.figures import EQUIVALENCY, LICENCE, figures
from conformance.stage import World
from conformance.verdict import Verdict, failed, not_exercised, passed

KIND = "ParticipantCredential"
COMPLETE = ("participant", "credential", "credentialType", "issuer", "attainedOn", "verification")


def _sent(evidence: Evidence, *steps: str) -> Evidence:
    return evidence.partner.of(KIND).writes.during(*steps)


@evaluates("L3-07")
def complete_credentials(evidence: Evidence, world: World) -> Verdict:
    """Judge a credential: type, issuer, the day it was awarded, and how that is known."""
    tried = _sent(evidence, scores.CREDENTIAL).by("POST", "PUT").first
    if tried is None:
        return not_exercised("no credential was sent")
    missing = [name for name in COMPLETE if not told(tried).get(name)]
    person = person_of(world, LEARNER)
    wanted = {"credential": EQUIVALENCY, **({"participant": person} if person else {})}
    wrong = [name for name, value in wanted.items() if referred(tried, name) != value]
    wrong += [] if told(tried).get("attainedOn") == figures(world).awarded else ["attainedOn"]
    if missing or wrong or not tried.is_ok:
        parts = ", ".join(sorted({*missing, *wrong})) or "nothing"
        said = f"answered with {tried.status}; missing or other than told: {parts}"
        return failed("type, issuer, day of award and source", said, tried)
    return passed(tried)


@evaluates("L3-08")
def links_what_is_known(evidence: Evidence, world: World) -> Verdict:
    """Judge the record of a licence that the hub knew: found, not copied, and referred to."""
    there = training.licence(world)
    if not there:
        return not_exercised("no other agency had recorded the licence")
    copy = _sent(evidence, training.KNOWN, training.TRAIN).by("POST").first
    if copy:
        return failed("the licence that is there", "a second record of it", copy)
    looked = evidence.partner.during(training.KNOWN).where(_looks).done.first
    used = made(evidence, training.TRAIN)
    if looked is None or used is None:
        return not_exercised("the licence was not looked for and then rested on")
    if not used.mentions(there):
        return failed("the reference of the licence that is there", "none, or another", used)
    return passed(looked, used)


def _looks(exchange: Exchange) -> bool:
    return exchange.kind == KIND and not exchange.is_write


@evaluates("L3-09")
def claims_nothing_revoked(evidence: Evidence, world: World) -> Verdict:
    """Judge every write after the licence was revoked: none rests on it or says it is valid."""
    there = training.licence(world)
    first = made(evidence, training.TRAIN)
    if not there or first is None or not first.mentions(there):
        return not_exercised("nothing rested on the licence")
    revoked = evidence.ghosts.about(there).writes.done.where(_revokes).first
    if revoked is None:
        return not_exercised("the licence was not revoked")
    anew = evidence.partner.writes.after(revoked).where(lambda each: _is_valid(each, there)).first
    claims = anew or _resting(evidence, revoked, there)
    if claims:
        return failed("no claim to the licence once it is revoked", "it is claimed", claims)
    later = enrollments(evidence).after(revoked).about(first.reference).done.last
    if later is None:
        return not_exercised("the enrollment was not written after the licence was revoked")
    return passed(revoked, later)


def _revokes(exchange: Exchange) -> bool:
    return told(exchange).get("status") == "revoked"


def _is_valid(exchange: Exchange, licence: str) -> bool:
    """Whether a write says that the licence is valid, or records it anew as such."""
    is_anew = exchange.kind == KIND and referred(exchange, "credential") == LICENCE
    return (is_anew or exchange.reference == licence) and told(exchange).get("status") == "earned"


def _resting(evidence: Evidence, revoked: Exchange, licence: str) -> Exchange | None:
    """Return a write after the revocation that leaves an enrollment resting on the licence."""
    return next(
        (
            each.exchange
            for each in written(evidence, ENROLLMENT)
            if each.is_mine
            and each.exchange.number > revoked.number
            and f'"{licence}"' in json.dumps(each.after)
        ),
        None,
    )


@evaluates("L3-10")
def one_document(evidence: Evidence, world: World) -> Verdict:
    """Say that it was not shown: this hub takes no documents."""
    del evidence, world
    return not_exercised("this hub takes no documents, so no upload can break")
