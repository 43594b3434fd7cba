"""Several agencies, one record: what somebody else wrote stands (L1-12, 13, 14 and 18)."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from conformance.evaluators import evaluates
from conformance.exchange import Evidence, Exchange, number_of
from conformance.reading.unbundled import version
from conformance.reading.written import COMMITTED, Written, written
from conformance.scenario import records as act
from conformance.scenario.profiles import PROFILE
from conformance.stage import World
from conformance.verdict import Verdict, failed, not_exercised, passed

CREATED, STALE = 201, 412
TEN = 10
"""Digits of a telephone number in North America, without the country's."""
CUT = "F4"
"""The fault by which an answer never reaches who asked."""


@evaluates("L1-12")
def updates_carry_the_tag_last_read(evidence: Evidence, world: World) -> Verdict:
    """Judge the If-Match of each update by what this client had read of the resource."""
    del world
    known: dict[str, set[int]] = {}
    copies: set[tuple[str, int]] = set()
    for _, entries in groupby(evidence.partner, lambda each: each.number):
        together = list(entries)  # nobody knows the answer to one entry of a bundle in the next
        for each in filter(is_update, together):
            wrong = _wrong_tag(each, known.get(each.reference, set()))
            # Whoever edits a copy names the version of the copy, though a list showed a newer one
            # since: the hub answers 412, and nothing is lost.
            is_copy = (each.reference, number_of(each.headers.get("if-match", ""))) in copies
            if wrong and not (is_copy and each.status == STALE):
                expected = "If-Match with the ETag of what this client last read"
                return failed(expected, f"{each.method} {each.kind}: {wrong}", each)
        for each in together:
            _learn(known, each)
            copies.update(_shown(each))
    done = evidence.partner.where(is_update).done.first
    return passed(done) if done else not_exercised("nothing was updated")


@evaluates("L1-13")
def merges_after_a_refusal(evidence: Evidence, world: World) -> Verdict:
    """Judge that after 412 both changes stand: the other agency's and its own."""
    refused = _refused(evidence.during(act.UPDATE))
    if refused is None:
        return not_exercised("no update met another agency's change")
    updates = evidence.partner.about(refused.reference).after(refused).where(is_update)
    retry = updates.during(act.UPDATE).first
    if retry is None:
        return _given_up(refused, later_step(evidence, refused))
    if not _has_read(evidence, refused, retry):
        return failed("a read after 412", "the update was sent without one", refused, retry)
    theirs = evidence.ghosts.about(refused.reference).writes.done.before(refused).last
    later = [
        each
        for each in written(evidence, PROFILE)
        if each.exchange in updates.exchanges and not is_outdated(each.exchange, theirs)
    ]
    return _merged(refused, later, world["canary"]["phone"])


@evaluates("L1-14")
def leaves_a_conflict_to_a_person(evidence: Evidence, world: World) -> Verdict:
    """Judge that what another agency wrote into the same element stood until staff decided."""
    refused = _refused(evidence.during(act.CONFLICT))
    if refused is None:
        return not_exercised("no update met another agency's change of the same element")
    mine = act.numbers(world)["mine"]
    updates = evidence.partner.about(refused.reference).after(refused).where(is_update)
    for each in updates.during(act.CONFLICT):
        if tells(each, mine):
            expected = "no overwriting before staff decide"
            return failed(expected, "the other agency's telecom was overwritten", refused, each)
    decided = updates.during(act.RESOLVE).done.where(lambda each: tells(each, mine)).first
    if decided is None:
        return not_exercised("what staff decided never arrived")
    return passed(refused, decided)


@evaluates("L1-18")
def follows_a_merged_participant(evidence: Evidence, world: World) -> Verdict:
    """Judge that writes about a person who was merged go to the record that goes on."""
    old, survivor = (world.get("profiles", {}).get(role, "") for role in ("merged", "survivor"))
    merge = evidence.ghosts.done.where(lambda each: each.path == f"{old}/$merge").last
    if merge is None:
        return not_exercised("nobody was merged")
    later = evidence.partner.writes.done.after(merge)
    for each in later:
        if each.reference == old or _refers(each.body, old):
            expected = "writes go to the record that goes on for the person"
            return failed(expected, f"{each.method} {each.kind} about the merged record", each)
    moved = later.where(lambda each: each.reference == survivor or _refers(each.body, survivor))
    if not moved:
        return not_exercised("nothing was written about the person after the merge")
    return passed(merge, moved.first)


def is_update(exchange: Exchange) -> bool:
    """Return whether it is an update of one resource; what was made by PUT (201) was none."""
    is_meant = exchange.method in {"PUT", "PATCH"} and exchange.status != CREATED
    return is_meant and bool(exchange.reference)


def is_outdated(update: Exchange, change: Exchange | None) -> bool:
    """Return whether an update was made before somebody's change was read, and refused for that.

    It cannot hold the change, and takes nothing back.
    """
    tag = number_of(update.headers.get("if-match", ""))
    since = version(change) if change else 0
    is_refused = not update.is_ok and update.fault not in COMMITTED
    return is_refused and 0 < tag < since


def tells(exchange: Exchange, number: str) -> bool:
    """Return whether a telephone number was sent, in whatever form it is written."""
    return any(_digits(each) == _digits(number) for each in _texts(exchange.body))


def _digits(text: str) -> str:
    """Return the last ten digits of a number, without its extension."""
    return re.sub(r"\D", "", text.partition("x")[0])[-TEN:]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def _wrong_tag(update: Exchange, known: set[int]) -> str:
    """Return what is wrong with the If-Match of an update, empty for nothing."""
    tag = update.headers.get("if-match", "")
    if not tag:
        return "no If-Match"
    if not known:
        return "the resource was never read"
    version = number_of(tag)
    if version in known:
        return ""
    return f"If-Match {tag[:20]} where version {max(known)} was read"


def _learn(known: dict[str, set[int]], exchange: Exchange) -> None:
    """Keep the last and the newest version of each resource that an answer showed."""
    for reference, number in _shown(exchange):
        newest = max(known.get(reference, {number}))
        known[reference] = {number, max(newest, number)}


def _shown(exchange: Exchange) -> Iterator[tuple[str, int]]:
    """Yield the resources that an answer showed, and their versions; none for one that was cut."""
    if not exchange.is_ok or exchange.fault == CUT:
        return
    yield from _within(exchange.answer)
    yield from _located(exchange.answer_headers.get("location"))
    version = number_of(exchange.answer_headers.get("etag", ""))
    if exchange.reference and version:
        yield exchange.reference, version


def _within(answer: Any) -> Iterator[tuple[str, int]]:
    if isinstance(answer, list):
        for each in answer:
            yield from _within(each)
    elif isinstance(answer, dict):
        meta = answer.get("meta")
        version = meta.get("versionId", "") if isinstance(meta, dict) else ""
        if "resourceType" in answer and "id" in answer and number_of(str(version)):
            yield f"{answer['resourceType']}/{answer['id']}", number_of(str(version))
        yield from _located(answer.get("location"))
        for each in answer.values():
            yield from _within(each)


def _located(address: Any) -> Iterator[tuple[str, int]]:
    """Yield the resource and the version that the address of a version names."""
    before, mark, version = str(address or "").rpartition("/_history/")
    if mark and number_of(version):
        yield "/".join(before.split("/")[-2:]), number_of(version)


def _refused(step: Evidence) -> Exchange | None:
    return step.partner.faulted("F1").answered(STALE).first


def _has_read(evidence: Evidence, refused: Exchange, retry: Exchange) -> bool:
    between = evidence.partner.after(refused).before(retry)
    return any(refused.reference in dict(_shown(each)) for each in between)


def later_step(evidence: Evidence, exchange: Exchange) -> Exchange | None:
    """Return the next good request of the partner in another step: it went on without."""
    later = evidence.partner.after(exchange).done
    return later.where(lambda each: each.step != exchange.step).first


def _given_up(refused: Exchange, alive: Exchange | None) -> Verdict:
    if alive is None:
        return not_exercised("nothing came after 412")
    expected = "after 412 a read, and the update once more"
    return failed(expected, "the update was given up", refused, alive)


def _merged(refused: Exchange, later: list[Written], own: str) -> Verdict:
    """Return whether both changes are in the updates that came after 412, in all of them."""
    for each in later:
        if not _keeps(each, "preferredLanguage", act.LANGUAGE):
            expected = "the update keeps preferredLanguage, which the other agency changed"
            return failed(expected, "preferredLanguage was overwritten", refused, each.exchange)
    done = Evidence([each.exchange for each in later]).during(act.UPDATE).done
    stored = done.first
    if stored is None:
        return not_exercised("no update after 412 was stored")
    if not tells(stored, own):
        expected = "the update after 412 has the new telephone number"
        return failed(expected, "its own change was dropped", refused, stored)
    return passed(refused, stored)


def _keeps(update: Written, name: str, value: str) -> bool:
    """Whether an update leaves an element as another agency wrote it; a patch may leave it out."""
    is_untouched = update.exchange.method == "PATCH" and (
        update.after.get(name) == update.before.get(name)
    )
    return is_untouched or update.after.get(name) == value


def _refers(body: Any, reference: str) -> bool:
    """Whether a body refers to a resource anywhere."""
    if isinstance(body, dict):
        is_it = body.get("reference") == reference
        return is_it or any(_refers(each, reference) for each in body.values())
    return isinstance(body, list) and any(_refers(each, reference) for each in body)
