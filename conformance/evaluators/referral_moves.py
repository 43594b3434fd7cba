"""L1-22, L1-23, L1-25: who moves a referral where, in time, and after looking."""

from conformance.evaluators import evaluates
from conformance.exchange import Evidence, Exchange
from conformance.reading.referral_states import (
    LOST,
    MOVES,
    REFERRAL,
    REFUSALS,
    asked_from,
    asked_status,
    moves,
    read_after,
    shown,
    written_unread,
)
from conformance.reading.unbundled import told
from conformance.scenario.referrals import ACCEPT, CANCEL, DECLINE, LOSE
from conformance.stage import World
from conformance.verdict import Verdict, failed, fence, not_exercised, passed

RACES = (CANCEL, LOSE)
ANSWERS = {ACCEPT: "guest1", DECLINE: "guest2"}
"""Step → whose referral is answered in it."""
TAKEN = ("accepted", "in-progress")
COMMITTED = ("F3", "F4")
"""Faults by which a write is done, and its sender is not told so."""


@evaluates("L1-22")
def makes_legal_moves(evidence: Evidence, world: World) -> Verdict:
    """Judge every move by what the system had read last, and what it did after a refusal."""
    del world
    for each, here, there in asked_from(evidence):
        if here and there not in {here, *MOVES.get(here, ())}:
            return failed("a move that the life cycle allows", f"{here} to {there}", each)
    asked = moves(evidence)
    refused = asked.answered(*LOST)
    for each in refused:
        blind = written_unread(evidence, each)
        if blind:
            return failed("a read before the next write", "the next write at once", each, blind)
    met = next((each for each in refused if read_after(evidence, each)), None)
    if met is None:
        return not_exercised("No move was refused because somebody else had moved first.")
    return passed(met, read_after(evidence, met), asked.done.last)


@evaluates("L1-23")
def answers_in_time(evidence: Evidence, world: World) -> Verdict:
    """Judge the answers to two referrals that came in: one accepted, one rejected."""
    found = [
        _answered(evidence, world["incoming"][role]["reference"], step)
        for step, role in ANSWERS.items()
        if role in world.get("incoming", {})
    ]
    for word in ("FAIL", "NOT-EXERCISED"):
        worst = next((each for each in found if each.word == word), None)
        if worst:
            return worst
    if len(found) < len(ANSWERS):
        return not_exercised("No referral came in.")
    return Verdict("", "PASS", exchanges=tuple(each for one in found for each in one.exchanges))


def _answered(evidence: Evidence, reference: str, step: str) -> Verdict:
    seen = evidence.partner.where(lambda each: shown(each, reference) is not None).first
    if seen is None:
        return not_exercised("A referral that came in was never read.")
    tries = _answers(evidence.partner.about(reference))
    broken = next((found for each in tries if (found := _unfitting(each, step))), None)
    if broken:
        return broken
    answer = tries.where(_is_stored).first
    over = evidence.ghosts.during(step).about(reference).by("GET").last
    if answer is None or (over and answer.number > over.number):
        late = fence(evidence, tries.last or seen)
        if answer is None and late is None:
            return not_exercised("After a referral was read nothing was heard of the system.")
        said = "no answer in time" if answer or not tries else "an answer that the hub refused"
        return failed("accepted or rejected before the deadline", said, seen, answer or tries.last)
    return passed(seen, answer)


def _answers(about: Evidence) -> Evidence:
    """Return the attempts to answer a referral, up to the one that was stored."""
    tries = about.where(lambda each: asked_status(each) in {*TAKEN, "rejected"})
    stored = tries.where(_is_stored).first
    return tries.where(lambda each: stored is None or each.number <= stored.number)


def _is_stored(exchange: Exchange) -> bool:
    return exchange.is_ok or exchange.fault in COMMITTED


def _unfitting(answer: Exchange, step: str) -> Verdict | None:
    asked = asked_status(answer)
    if step == ACCEPT and asked == "rejected":
        return failed("accepted, as the staff decided", "rejected", answer)
    if step == DECLINE and asked in TAKEN:
        return failed("rejected, as the staff decided", f"{asked}", answer)
    if asked == "rejected" and told(answer).get("statusReason") not in REFUSALS:
        return failed("rejected with a coded reason", "no such reason", answer)
    return None


@evaluates("L1-25")
def loser_reads_again(evidence: Evidence, world: World) -> Verdict:
    """Judge what follows when both sides moved a referral at once and the partner came second."""
    del world
    hits = evidence.partner.of(REFERRAL).during(*RACES).faulted("F1").answered(*LOST)
    if not hits:
        return not_exercised("The other side's move was never met by a refusal.")
    found = [_lost(evidence, each) for each in hits]
    for word in ("FAIL", "NOT-EXERCISED"):
        worst = next((each for each in found if each.word == word), None)
        if worst:
            return worst
    return Verdict("", "PASS", exchanges=tuple(each for one in found for each in one.exchanges))


def _lost(evidence: Evidence, refused: Exchange) -> Verdict:
    blind = written_unread(evidence, refused)
    if blind:
        return failed("a read after the refusal", "the old decision again", refused, blind)
    read = read_after(evidence, refused)
    if read is None:
        later = fence(evidence, refused)
        if later is None:
            return not_exercised("After the refusal nothing was heard of the system.")
        return failed("a read after the refusal", "it went on without one", refused, later)
    now = (shown(read, refused.reference) or {}).get("status", "")
    write = evidence.partner.after(read).about(refused.reference).writes.first
    if write and asked_status(write) not in {None, now, *MOVES.get(now, ())}:
        return failed(f"what may follow {now}", f"{asked_status(write)}", refused, read, write)
    return passed(refused, read, write)
