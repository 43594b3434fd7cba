"""What a system does not know belongs to somebody else (L1-15 and L1-16)."""

import json
from typing import Any

from conformance.evaluators import evaluates
from conformance.evaluators.concurrency import is_update, later_step
from conformance.exchange import Evidence, Exchange
from conformance.scenario import records as act
from conformance.stage import World
from conformance.verdict import Verdict, failed, not_exercised, passed


@evaluates("L1-15")
def keeps_what_it_does_not_know(evidence: Evidence, world: World) -> Verdict:
    """Judge each update of a profile on which another agency keeps facts of its own."""
    marked = _marked(evidence, world)
    if marked is None:
        return not_exercised("there was nothing unknown to keep")
    updates = evidence.partner.about(marked.reference).after(marked).where(is_update)
    for each in updates:
        lost = _lost(each, world)
        if lost:
            expected = "extension and meta.tag are sent back as they were read"
            return failed(expected, f"{each.method} without the other agency's {lost}", each)
    if not updates:
        return not_exercised("the profile with unknown facts was not updated")
    return passed(updates.first)


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
    done = updates.done.where(lambda each: each.mentions(number)).first
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


def _lost(update: Exchange, world: World) -> str:
    """Return which element of another agency an update would remove, empty for none."""
    unknown, body = act.unknown(world), update.body
    if isinstance(body, list):
        return _patched_away(body)
    is_part = update.method == "PATCH"
    for names, entry in (("extension",), "extension"), (("meta", "tag"), "tag"):
        found = body
        for name in names:
            found = found.get(name) if isinstance(found, dict) else None
        is_left = is_part and found is None
        if not is_left and not (isinstance(found, list) and unknown[entry] in found):
            return ".".join(names)
    return ""


def _patched_away(operations: list[Any]) -> str:
    """Return which of the two elements a JSON Patch replaces or removes, empty for none."""
    for each in operations:
        path = str(each.get("path", "")) if isinstance(each, dict) else ""
        if path.startswith(("/extension", "/meta")) and each.get("op") in {"remove", "replace"}:
            return path.split("/")[1]
    return ""
