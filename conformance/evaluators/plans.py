"""Level 4, whose the plan is: joining it, keeping to one's own entries, handing over, signing."""

from conformance.evaluators import evaluates
from conformance.exchange import PARTNER, Evidence, Exchange
from conformance.reading.plan_writes import (
    LEAD,
    OPEN,
    PLAN,
    SIGNED,
    Plan,
    PlanWrite,
    authors,
    entries,
    goal,
    mine,
    plan_writes,
    plans_in,
    says,
)
from conformance.stage import World
from conformance.verdict import Verdict, failed, not_exercised, passed

CONFLICT = 412
NEVER = "the system never wrote a plan"


@evaluates("L4-01")
def joins_the_existing_plan(evidence: Evidence, world: World) -> Verdict:
    """Whether the plan that was there was read first, and no second one begun beside it."""
    reference = world.get("plan", {}).get("reference", "")
    writes = mine(evidence)
    if not writes:
        return not_exercised(NEVER)
    second = next((each for each in writes if _is_second(each, plan_writes(evidence))), None)
    if second:
        expected = "the plan that is there is found and added to"
        return failed(expected, "a second plan while one was open", second.exchange)
    first = writes[0].exchange
    read = evidence.partner.before(first).reads.where(
        lambda each: any(f"{PLAN}/{plan['id']}" == reference for plan in plans_in(each.answer))
    )
    if not read:
        return failed("the plan is read before it is written", "a write without", first)
    joined = next((each for each in writes if each.exchange.reference == reference), None)
    if not (joined and joined.took_effect):
        return not_exercised("the system did not add to the other agency's plan")
    return passed(read.first, joined.exchange)


def _is_second(new: PlanWrite, writes: list[PlanWrite]) -> bool:
    """Whether a plan was begun while another one of the same person was open."""
    if new.exchange.method != "POST":
        return False
    standing: dict[str, Plan] = {}
    for each in writes:
        if each.exchange.number > new.exchange.number:
            break
        if each.took_effect and not _is_same_act(each.exchange, new.exchange):
            standing[each.exchange.reference or f"#{each.exchange.number}"] = each.after
    person = new.after.get("participant")
    return any(
        each.get("status") in OPEN and each.get("participant") == person
        for each in standing.values()
    )


def _is_same_act(one: Exchange, new: Exchange) -> bool:
    """Whether it is the same creation, or another try of it; a bundle has one key for many acts."""
    key = new.headers.get("idempotency-key")
    return one is new or (
        one.number != new.number and bool(key) and one.headers.get("idempotency-key") == key
    )


@evaluates("L4-02")
def changes_only_its_own_entries(evidence: Evidence, _world: World) -> Verdict:
    """Whether every write, refused ones too, left the entries of others as they were."""
    writes = plan_writes(evidence)
    makers = authors(writes)
    judged = []
    for each in (write for write in writes if write.is_mine and write.before):
        theirs = {
            name: entry
            for name, entry in entries(each.before).items()
            if makers.get(name, PARTNER) != PARTNER
        }
        after = entries(each.after)
        touched = sorted(name for name, entry in theirs.items() if after.get(name) != entry)
        if touched:
            expected = "entries of other agencies go back exactly as they were read"
            return failed(expected, f"changed or left out: {', '.join(touched)}", each.exchange)
        judged += [each.exchange] if theirs and each.took_effect else []
    if not judged:
        return not_exercised("the system never wrote a plan with entries of others")
    return passed(*judged[:3])


@evaluates("L4-03")
def merges_lists(evidence: Evidence, world: World) -> Verdict:
    """Whether both entries stand when two agencies added one at the same time."""
    theirs = world.get("plan", {}).get("atOnce", "")
    writes = mine(evidence)
    stale = next((each for each in writes if _lost_the_race(each, theirs)), None)
    if stale is None:
        return not_exercised("the system never met the other agency's entry by a 412")
    later = _after(stale, writes)
    if not later:
        return not_exercised("nothing was written after the 412")
    expected = "after 412 the plan is read again, and both entries are in the next write"
    read = evidence.partner.after(stale.exchange).before(later[0].exchange).reads
    if not any(list(plans_in(each.answer)) for each in read):
        return failed(expected, "the next write was made without reading", later[0].exchange)
    stored = next((each for each in later if each.took_effect), None)
    for each in (later[0], stored or later[0]):
        missing = _missing(each, stale, theirs)
        if missing:
            return failed(expected, f"missing: {', '.join(missing)}", each.exchange)
    if stored is None:
        return not_exercised("no write after the 412 was stored")
    return passed(stale.exchange, read.first, stored.exchange)


def _after(stale: PlanWrite, writes: list[PlanWrite]) -> list[PlanWrite]:
    """Return the writes of the same plan that came after one that was refused."""
    number, plan = stale.exchange.number, stale.exchange.reference
    return [
        each for each in writes if each.exchange.number > number and each.exchange.reference == plan
    ]


def _missing(write: PlanWrite, stale: PlanWrite, theirs: str) -> list[str]:
    """Return what a write after the 412 leaves out; an own entry may come back under a new name."""
    rows = entries(write.after)
    there = [_matter(rows[name]) for name in write.adds()]
    own = {name: entries(stale.after)[name] for name in stale.adds()}
    lost = {name for name, entry in own.items() if _matter(entry) not in there}
    return sorted(lost | ({theirs} - set(rows)))


def _matter(entry: Plan) -> Plan:
    """Return an entry without its name and its place, which another one may take meanwhile."""
    return {name: value for name, value in entry.items() if name not in {"itemId", "sequence"}}


def _lost_the_race(write: PlanWrite, theirs: str) -> bool:
    is_stale = write.exchange.status == CONFLICT and bool(write.adds())
    return is_stale and bool(theirs) and theirs not in entries(write.after)


@evaluates("L4-07")
def respects_a_hand_over(evidence: Evidence, _world: World) -> Verdict:
    """Whether nothing that only the lead may write was sent once another agency leads."""
    writes = plan_writes(evidence)
    handed = next((each for each in writes if _hands_over(each)), None)
    if handed is None:
        return not_exercised("the lead was never handed over")
    later = [
        each for each in writes if each.is_mine and each.exchange.number > handed.exchange.number
    ]
    bold = next((each for each in later if _is_leading(each)), None)
    if bold:
        expected = "goal, status and lead are left to the agency that leads"
        return failed(expected, "a write of what only the lead may write", bold.exchange)
    fence = next((each.exchange for each in later if each.took_effect), None)
    if fence is None:
        return not_exercised("the system wrote nothing more after the hand-over")
    return passed(handed.exchange, fence)


def _hands_over(write: PlanWrite) -> bool:
    former, now = says(write.before, LEAD), says(write.after, LEAD)
    return not write.is_mine and write.took_effect and bool(former) and former != now


def _is_leading(write: PlanWrite) -> bool:
    """Whether a write is of what the lead alone decides: the goal, the status, who leads."""
    before, after = write.before, write.after
    return (
        not before
        or goal(before) != goal(after)
        or before.get("status") != after.get("status")
        or says(before, LEAD) != says(after, LEAD)
    )


@evaluates("L4-08")
def signs_off_each_version(evidence: Evidence, _world: World) -> Verdict:
    """Whether each sign-off is of the version that was read, and every edit takes it back."""
    signatures, edits = [], []
    for each in (write for write in mine(evidence) if write.before):
        former, now = says(each.before, SIGNED), says(each.after, SIGNED)
        is_new = now is not None and now != former
        is_edit = _content(each.before) != _content(each.after)
        if is_new and (is_edit or str(now) != each.before.get("meta", {}).get("versionId")):
            expected = "a sign-off names the version that was read, and changes nothing else"
            return failed(expected, f"signed: version {now}", each.exchange)
        if is_edit and now is not None:
            expected = "an edit takes the sign-off back"
            return failed(expected, "an edited plan that is still signed", each.exchange)
        if each.took_effect:
            signatures += [each.exchange] if is_new else []
            edits += [each.exchange] if is_edit and former is not None else []
    if not signatures or not edits:
        return not_exercised("no plan was both signed off and edited after that")
    again = next((each for each in signatures if each.number > edits[0].number), None)
    if again is None:
        return not_exercised("the edited plan was never signed off again")
    return passed(signatures[0], edits[0], again)


def _content(plan: Plan) -> Plan:
    """Return what a participant agrees to: all but who wrote it last, and the signature."""
    marks = [each for each in plan.get("extension", ()) if each.get("url") != SIGNED]
    kept = {
        name: value
        for name, value in plan.items()
        if name not in {"meta", "lastEditedBy", "extension", "pathway", "startedOn"}
    }
    return {**kept, "extension": marks}
