"""What a system does not know belongs to somebody else (L1-15 and L1-16)."""

import json
from typing import Any

from conformance.evaluators import evaluates
from conformance.evaluators.concurrency import is_outdated, is_update, later_step, tells
from conformance.exchange import Evidence, Exchange
from conformance.reading.written import Body, Written, written
from conformance.scenario import records as act
from conformance.scenario.profiles import PROFILE
from conformance.stage import World
from conformance.verdict import Verdict, failed, not_exercised, passed


@evaluates("L1-15")
def keeps_what_it_does_not_know(evidence: Evidence, world: World) -> Verdict:
    """Judge each update of a profile on which another agency keeps facts of its own.

    One that was made from an older copy, and refused for that, cannot hold them.
    """
    marked = _marked(evidence, world)
    if marked is None:
        return not_exercised("there was nothing unknown to keep")
    updates = evidence.partner.about(marked.reference).after(marked).where(is_update)
    judged = [
        each
        for each in written(evidence, PROFILE)
        if each.exchange in updates.exchanges and not is_outdated(each.exchange, marked)
    ]
    for each in judged:
        lost = _lost(each, world)
        if lost:
            expected = "extension and meta.tag are sent back as they were read"
            observed = f"{each.exchange.method} without the other agency's {lost}"
            return failed(expected, observed, each.exchange)
    stored = next((each.exchange for each in judged if each.took_effect), None)
    if stored is None:
        return not_exercised("the profile with unknown facts was not updated")
    return passed(stored)


@evaluates("L1-16")
def bears_what_it_does_not_know(evidence: Evidence, world: World) -> Verdict:
    """Judge that a profile with unknown facts was read and worked with all the same."""
    marked = _marked(evidence, world)
    canary = world["canary"]["extension"]
    reads = evidence.during(act.UNKNOWN).partner.done.where(lambda each: not is_update(each))
    read = reads.where(lambda each: canary in json.dumps(each.answer)).first
    if marked is None or read is None:
        return not_exercised("no profile with unknown facts was read")
    updates = evidence.during(act.UNKNOWN).partner.about(marked.reference).where(is_update)
    number, city = act.numbers(world)["unknown"], world["canary"]["city"]
    done = updates.done.where(lambda each: tells(each, number)).first
    if done is None:
        alive = later_step(evidence, read)
        if alive is None and not updates:
            return not_exercised("nothing came after the profile was read")
        expected = "the step is done, whatever else the profile holds"
        return failed(expected, "no update was stored after the read", read, *updates, alive)
    if done.method == "PUT" and not done.mentions(city):
        return failed("what was read is echoed", "the address that was read is missing", read, done)
    return passed(read, done)


def _marked(evidence: Evidence, world: World) -> Exchange | None:
    """Return the ghost's write that put what is unknown into a profile."""
    canary = world["canary"]["extension"]
    puts = evidence.ghosts.during(act.UNKNOWN).by("PUT").done
    return puts.where(lambda each: each.mentions(canary)).first


def _lost(update: Written, world: World) -> str:
    """Return which element of another agency an update would remove, empty for none."""
    unknown = act.unknown(world)
    for names, entry in (("extension",), "extension"), (("meta", "tag"), "tag"):
        was, now = (_at(body, names) for body in (update.before, update.after))
        is_whole = update.exchange.method != "PATCH"
        if unknown[entry] not in now and (is_whole or unknown[entry] in was):
            return ".".join(names)
    return ""


def _at(body: Body, names: tuple[str, ...]) -> list[Any]:
    """Return the list that is found by names, empty for none."""
    found: Any = body
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, list) else []
