"""Level 4, how a plan goes on: new goals, links, others' changes, events, exit and return."""

from collections.abc import Iterator
from typing import Any

from conformance.evaluators import evaluates
from conformance.exchange import PARTNER, Evidence, Exchange
from conformance.reading.plan_writes import (
    OPEN,
    PLAN,
    REASON,
    REPLACES,
    PlanWrite,
    authors,
    entries,
    goal,
    mine,
    plan_writes,
    says,
)
from conformance.stage import World
from conformance.verdict import Verdict, failed, not_exercised, passed

LINKED = (
    "Referral",
    "ParticipantServiceEnrollment",
    "ParticipantScore",
    "ParticipantCredential",
)
"""The records of a person that a plan names."""
GONE = (404, 410)


@evaluates("L4-04")
def a_new_goal_does_not_overwrite_the_old(evidence: Evidence, world: World) -> Verdict:
    """Whether the plan of the old goal was closed with a reason and the new one names it."""
    writes, wanted = mine(evidence), world.get("plan", {}).get("goal", "")
    over = next(
        (each for each in writes if each.before and goal(each.before) != goal(each.after)), None
    )
    expected = "the old plan is closed with a reason, and a new one replaces it"
    if over:
        return failed(expected, "the new goal was written over the old one", over.exchange)
    new = next((each for each in writes if not each.before and goal(each.after) == wanted), None)
    if new is None or not wanted:
        return not_exercised("the new goal was never written")
    return _chained(new, writes, expected)


@evaluates("L4-10")
def one_lineage_of_plans(evidence: Evidence, world: World) -> Verdict:
    """Whether the plan was closed on exit, and on re-entry a new one named it."""
    writes, first = mine(evidence), world.get("plan", {}).get("reference", "")
    closed = next((each for each in writes if _closes(each) and each.took_effect), None)
    if closed is None:
        return not_exercised("no plan was closed")
    expected = "the closed plan stays as it was, and the plan of the return names it"
    later = [each for each in writes if each.exchange.number > closed.exchange.number]
    again = next((each for each in later if each.exchange.reference == first and each.before), None)
    if again:
        return failed(expected, "the closed plan was written again", again.exchange)
    new = next((each for each in later if not each.before), None)
    if new is None:
        return not_exercised("no plan was begun on re-entry")
    return _chained(new, writes, expected)


def _chained(new: PlanWrite, writes: list[PlanWrite], expected: str) -> Verdict:
    """Return whether a new plan names one that was closed before it, with a reason."""
    old = says(new.after, REPLACES)
    if not old:
        return failed(expected, "the new plan names none before it", new.exchange)
    closings = [each for each in writes if each.exchange.reference == old and _closes(each)]
    silent = next((each for each in closings if not says(each.after, REASON)), None)
    if silent:
        return failed(expected, "the old plan was closed without a reason", silent.exchange)
    closing = next((each for each in closings if each.took_effect), None)
    if closing is None:
        return failed(expected, "the plan it names was not closed", new.exchange)
    if not new.took_effect:
        return not_exercised("the hub did not take the new plan")
    return passed(closing.exchange, new.exchange)


def _closes(write: PlanWrite) -> bool:
    return write.before.get("status") in OPEN and write.after.get("status") not in OPEN


@evaluates("L4-05")
def all_references_resolve(evidence: Evidence, world: World) -> Verdict:
    """Whether what plans name is there, and a merged record is not named once it is gone."""
    merges = evidence.ghosts.done.where(lambda each: each.path.endswith("/$merge"))
    named: list[Exchange] = []
    for each in mine(evidence):
        links = set(_references(each.after)) - set(_references(each.before))
        gone = {merge.path.removesuffix("/$merge") for merge in merges.before(each.exchange)}
        wrong = sorted(name for name in links if name in gone or not _is_there(name, evidence))
        if wrong:
            expected = "every record that a plan names is there, under the id of the survivor"
            kinds = ", ".join(name.split("/")[0] for name in wrong)
            return failed(expected, f"named, but not there: {kinds}", each.exchange)
        named += [each.exchange] if each.took_effect and any(map(_is_linked, links)) else []
    merge = merges.where(lambda each: each.path == f"{world.get('plan', {}).get('merged')}/$merge")
    after = [each for each in named if merge.first and each.number > merge.first.number]
    if not named or not after:
        return not_exercised("no plan named a record of the person before and after the merge")
    return passed(named[0], after[-1])


def _is_linked(reference: str) -> bool:
    return reference.startswith(tuple(f"{kind}/" for kind in LINKED))


def _is_there(reference: str, evidence: Evidence) -> bool:
    """Whether somebody was given the record; of lookups the hub makes sure itself."""
    kind = reference.split("/", maxsplit=1)[0]
    if kind not in {*LINKED, PLAN, "ParticipantProfile"}:
        return True
    id_ = reference.removeprefix(f"{kind}/")
    return any(
        found.get("id") == id_ and found.get("resourceType") == kind
        for each in evidence
        if each.status not in GONE
        for found in _resources(each.answer)
    )


def _resources(answer: Any) -> Iterator[dict[str, Any]]:
    if isinstance(answer, dict):
        yield answer
        for each in answer.get("entry", ()):
            yield from _resources(each.get("resource"))


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for each in value.values():
            yield from _references(each)
    elif isinstance(value, list):
        for each in value:
            yield from _references(each)


@evaluates("L4-06")
def takes_up_anothers_change(evidence: Evidence, world: World) -> Verdict:
    """Whether the entry made next begins on the day that only the other agency's change tells."""
    told = world.get("plan", {})
    outage = evidence.partner.during(told.get("outage", "")).faulted("F13").first
    if outage is None or "day" not in told:
        return not_exercised("the system never met the outage of the feed")
    writes = [
        each
        for each in mine(evidence)
        if each.exchange.step == told.get("echo") and each.adds() and each.took_effect
    ]
    if not writes:
        return not_exercised("nothing was added to the plan after the other agency's change")
    made = entries(writes[0].after)
    if not any(made[name].get("plannedStart") == told["day"] for name in writes[0].adds()):
        expected = "the new entry begins on the day to which the other agency moved its own"
        return failed(expected, "it begins on another day", outage, writes[0].exchange)
    return passed(outage, writes[0].exchange)


@evaluates("L4-09")
def an_event_completes_an_entry_once(evidence: Evidence, world: World) -> Verdict:
    """Whether each own entry became completed by one write, however often the feed told it."""
    makers, finished = authors(plan_writes(evidence)), {}
    expected = "one write completes the entry, and none takes it back or says it again"
    for each in (write for write in mine(evidence) if write.before):
        before, after = entries(each.before), entries(each.after)
        for name in (name for name in after if makers.get(name) == PARTNER and name in before):
            was, now = before[name].get("status"), after[name].get("status")
            if was == "completed" and now != "completed":
                return failed(expected, f"{name} was taken back", each.exchange)
            if was != now == "completed" and each.took_effect:
                finished[name] = each.exchange
    told = world.get("plan", {})
    fed = [
        evidence.partner.during(told.get(step, "")).faulted(fault).done.first
        for step, fault in (("thrice", "F11"), ("late", "F12"))
    ]
    again = _again(evidence, list(finished.values()))
    if again:
        return failed(expected, "the same was written again", again)
    if not all(fed) or not finished:
        return not_exercised("nothing was completed while the feed told twice and late")
    return passed(*fed, *finished.values())


def _again(evidence: Evidence, completions: list[Exchange]) -> Exchange | None:
    """Return a write after a completion, in the same step, that changes nothing more."""
    for done in completions:
        for each in mine(evidence):
            is_later = each.exchange.number > done.number and each.exchange.step == done.step
            if is_later and each.took_effect and entries(each.before) == entries(each.after):
                return each.exchange
    return None


@evaluates("L4-11")
def nothing_is_lost(evidence: Evidence, world: World) -> Verdict:
    """Whether at the end each fact of the plans is there, once, as it was told."""
    told = world.get("plan", {})
    standing = [
        each.answer
        for each in evidence.during(told.get("audit", "")).ghosts.done.by("GET").of(PLAN)
        if isinstance(each.answer, dict) and each.answer.get("status") in OPEN
    ]
    met = evidence.partner.faulted("F2", "F3", "F4", "F5", "F6").of(PLAN)
    if not standing or not told.get("facts") or not met:
        return not_exercised("the journey did not come to its end with faults in the background")
    rows = standing[-1].get("schedule", [])
    fates = {name: _fate(fact, rows) for name, fact in told["facts"].items()}
    wrong = [f"{name} is {fate}" for name, fate in sorted(fates.items()) if fate]
    if wrong:
        return failed("difference 0", "; ".join(wrong), met.last)
    return passed(met.first, met.last, observed=f"{len(fates)} facts, difference 0")


def _fate(fact: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    """Return what became of a fact of the plan: empty when it stands once, as it was told."""
    same = [each for each in rows if all(each.get(name) == value for name, value in fact.items())]
    if len(same) == 1:
        return ""
    if same:
        return "doubled"
    is_named = any(each["itemId"] == fact.get("itemId") for each in rows)
    return "altered" if is_named else "lost"
