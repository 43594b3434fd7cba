"""Who it is: one record for each person, whatever happens on the way to it (L1-06 to L1-11)."""

import json
from typing import Any

from conformance.evaluators import evaluates
from conformance.evaluators.about import names_one, told_of
from conformance.exchange import Evidence, Exchange
from conformance.scenario import identity as act
from conformance.scenario.profiles import PROFILE
from conformance.stage import World
from conformance.verdict import Verdict, failed, not_exercised, passed

LATE = "F6"
INVALID = (400, 409, 422)
ATTEMPTS = 1
"""How many invalid attempts at a record nobody minds."""
SAME_AGAIN = 2
"""How often one and the same body may be sent that is refused for good: once more than once."""


@evaluates("L1-06")
def searches_before_it_creates(evidence: Evidence, world: World) -> Verdict:
    """Judge that a search for the person came before each creation of a profile."""
    del world
    creates = _creates(evidence)
    for create in creates:
        searched = _searches(evidence.before(create))
        if not any(_is_about(each, create.body) for each in searched):
            observed = f"POST {PROFILE} without a search for this person before it"
            return failed("a search for the person before the record is made", observed, create)
    if not creates:
        return not_exercised("no participant was created")
    return passed(_searches(evidence).first, creates.first)


@evaluates("L1-07")
def uses_the_only_match(evidence: Evidence, world: World) -> Verdict:
    """Judge that who is known is used as known: nothing is created, what follows is on it."""
    reference = world.get("profiles", {}).get("twin", "")
    step = evidence.during(act.KNOWN)
    found = _searches(step).where(lambda each: reference in _found(each)).first
    if found is None:
        return not_exercised("no search found the person whom the hub knows")
    made = _creates(step).after(found).first
    if made is not None:
        expected = "the record that was found is used"
        return failed(expected, f"POST {PROFILE} for a person who was found", found, made)
    later = evidence.partner.writes.after(found)
    used = later.where(lambda each: each.reference == reference or each.mentions(reference)).first
    if used is None:
        return not_exercised("nothing was written about the person who was found")
    return passed(found, used)


@evaluates("L1-08")
def leaves_several_matches_to_a_person(evidence: Evidence, world: World) -> Verdict:
    """Judge that between several matches nobody but staff chose."""
    pair = [world.get("profiles", {}).get(role, "") for role in ("near1", "near2")]
    searched = _searches(evidence.during(act.NEAR))
    found = searched.where(lambda each: {*pair} <= _found(each)).first
    if found is None:
        return not_exercised("no search found both people")
    guess = evidence.during(act.NEAR).partner.of(PROFILE).writes.after(found).where(_is_decision)
    if guess:
        observed = f"{guess.first.method if guess.first else ''} before anybody had decided"
        return failed("nothing is written until staff decide", observed, found, guess.first)
    later = evidence.partner.writes.where(_is_decision).after(found)
    wrong = later.during(act.CHOOSE).where(lambda each: _is_of_another(each, *pair)).first
    if wrong is not None:
        expected = "the record that staff chose is used"
        return failed(expected, f"{wrong.method} of another record", found, wrong)
    used = later.done.where(lambda each: each.step != act.NEAR and _names(each, pair[1])).first
    if used is None:
        return not_exercised("nothing was written about the one whom staff chose")
    return passed(found, used)


@evaluates("L1-09")
def creates_a_valid_participant(evidence: Evidence, world: World) -> Verdict:
    """Judge that a profile was made, valid, and with the number that the maker knows it by."""
    del world
    creates = _creates(evidence.during(act.REGISTER))
    invalid = [each for each in creates.answered(*INVALID) if not each.fault]
    made = creates.done.first
    if made is None and invalid:
        observed = f"all were refused, the last with {invalid[-1].status}"
        return failed("a valid record, answered with 201", observed, *invalid)
    if made is None:
        return not_exercised("no participant was created")
    if not _has_provenance(made.body):
        expected = "a number of its own in partnerIdentifiers or identifier, or meta.source"
        return failed(expected, "a record that does not say who knows it", made)
    if len(invalid) > ATTEMPTS:
        numbers = tuple(each.number for each in (*invalid, made))
        observed = f"{len(invalid)} attempts were refused before one was valid"
        return Verdict("", "WARN", "a valid record at once", observed, numbers)
    return passed(made)


@evaluates("L1-10")
def makes_one_record_however_often_it_asks(evidence: Evidence, world: World) -> Verdict:
    """Judge that a creation whose answer was lost was asked for again under its one key.

    An answer that is only late may be waited for, too.
    """
    del world
    retries: list[Exchange | None] = []
    for step, fault in ((act.LOST, "F3"), (act.CUT, "F4"), (act.LATE, LATE)):
        lost = _creates(evidence.during(step)).faulted(fault).first
        if lost is None:
            return not_exercised(f"no creation met {fault}")
        tries = _tries(evidence, lost)
        broken = _broken_retry(tries)
        if broken:
            return failed("the same Idempotency-Key on each try, and one record", broken, *tries)
        retry = tries.done.after(lost).first or _found_again(evidence, lost)
        if retry is None and fault == LATE and lost.is_ok:
            retry = lost
        if retry is None:
            return not_exercised(f"the creation that met {fault} was never settled")
        retries += [lost, retry]
    return passed(*retries)


@evaluates("L1-11")
def corrects_what_is_refused_for_good(evidence: Evidence, world: World) -> Verdict:
    """Judge that a refused body was not sent again and again, but corrected."""
    del world
    steps = evidence.during(act.REFUSED, act.CORRECT)
    refused = _creates(steps).faulted("F8").first
    if refused is None:
        return not_exercised("no creation was refused for good")
    body = _text(refused.body)
    same = _creates(steps).where(lambda e: e.mentions(act.WRONG_COUNTY) or _text(e.body) == body)
    if len(same) > SAME_AGAIN:
        observed = f"what is refused was sent {len(same)} times"
        return failed("a refused body is sent again at most once", observed, *same)
    corrected = _creates(steps).after(refused).done
    if not corrected:
        return not_exercised("the corrected record never arrived")
    if corrected.first and corrected.first.mentions(act.WRONG_COUNTY):
        expected = "the corrected body"
        return failed(expected, "a body with what was refused", refused, corrected.first)
    return passed(refused, corrected.first)


def _creates(evidence: Evidence) -> Evidence:
    return evidence.partner.where(lambda each: each.method == "POST" and each.path == PROFILE)


def _searches(evidence: Evidence) -> Evidence:
    """Return the partner's searches for profiles that were answered."""
    posted = (f"{PROFILE}/$match", f"{PROFILE}/_search")
    return evidence.partner.done.where(
        lambda each: each.path in posted or (each.path == PROFILE and each.method == "GET")
    )


def _is_about(search: Exchange, body: Any) -> bool:
    """Whether a search is for the person of a body; a family name is enough to look for one."""
    person = body if isinstance(body, dict) else {}
    return names_one(search, person) or "lastName" in told_of(search, person)


def _found(search: Exchange) -> set[str]:
    """Return the references of what a search found."""
    answer = search.answer if isinstance(search.answer, dict) else {}
    rows = [each.get("resource", {}) for each in answer.get("entry", ())]
    return {f"{each.get('resourceType', PROFILE)}/{each.get('id')}" for each in rows}


def _names(exchange: Exchange, reference: str) -> bool:
    return bool(reference) and (exchange.reference == reference or exchange.mentions(reference))


def _is_of_another(write: Exchange, other: str, chosen: str) -> bool:
    """Whether a write is of the record that staff did not choose, or of a third."""
    if write.kind == PROFILE:
        return write.reference != chosen
    return _names(write, other)


def _is_decision(exchange: Exchange) -> bool:
    """Whether a write says who somebody is: a search by an operation does not."""
    return not exchange.path.endswith("$match")


def _has_provenance(body: Any) -> bool:
    told = body if isinstance(body, dict) else {}
    names = told.get("partnerIdentifiers") or told.get("identifier")
    return bool(names or told.get("meta", {}).get("source"))


def _tries(evidence: Evidence, lost: Exchange) -> Evidence:
    """Return all tries of one creation; a system may come back to it in a later step."""
    body = _text(lost.body)
    return _creates(evidence).where(lambda e: e.step == lost.step or _text(e.body) == body)


def _broken_retry(tries: Evidence) -> str:
    """Return what is wrong with tries of one creation, empty for nothing."""
    keys = {each.headers.get("idempotency-key", "") for each in tries}
    if "" in keys:
        return "a try without an Idempotency-Key"
    if len(keys) > 1:
        return f"{len(keys)} keys for one creation"
    made = {each.reference for each in tries.done}
    return f"{len(made)} records of one person" if len(made) > 1 else ""


def _found_again(evidence: Evidence, lost: Exchange) -> Exchange | None:
    """Return the search by which a record was found whose creation was not answered."""
    later = _searches(evidence.during(lost.step).after(lost))
    return later.where(lambda each: bool(_found(each)) and _is_about(each, lost.body)).first


def _text(body: Any) -> str:
    return json.dumps(body, sort_keys=True)
