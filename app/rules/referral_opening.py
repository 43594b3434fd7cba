"""What a new referral must be: consistent, founded, and the only open one to each program."""

from collections.abc import Iterator, Sequence

from app.model.codec import Resource
from app.model.conflicts import Duplicate
from app.model.dates import parse_instant
from app.model.errors import Issue
from app.rules.issues import fault
from app.rules.referral_parties import named, programs, seen
from app.rules.referral_table import LifeCycle, life_cycle
from app.rules.workflow import Criteria, Facts, Move

FIXED = (
    "participant",
    "origin",
    "assessment",
    "sourceAgency",
    "sourcePartner",
    "targetAgency",
    "targetPrograms",
    "authoredOn",
    "priorReferral",
)
"""What stays as it was when the referral was made."""


def faults(move: Move, facts: Facts) -> list[Issue]:
    """Return what is wrong with a new referral."""
    found = [*_parties(move.body, facts), *_origin(move.body, facts)]
    if parse_instant(move.body["authoredOn"]) > facts.now:
        text = "A referral is not made in the future."
        found.append(fault("future", text, "/authoredOn"))
    return found or list(_duplicates(move, facts))


def unfixed(move: Move) -> list[Issue]:
    """Return a fault for each element that may not change and does."""
    text = "This stays as it was when the referral was made."
    return [fault("immutable", text, f"/{name}") for name in FIXED if move.changed(name)]


def target_partner(move: Move, facts: Facts) -> list[Issue]:
    """Return the faults of a target partner that is new: its agency, and what it runs."""
    partner = named(move.body, "targetPartner")
    if partner is None or not move.changed("targetPartner"):
        return []
    at, found = "/targetPartner", []
    if facts.agency(partner) != named(move.body, "targetAgency"):
        found.append(fault("foreign-partner", "This partner is not of the target agency.", at))
    runs = {each["reference"] for each in (facts.row(partner) or {}).get("programs", ())}
    if not runs.issuperset(programs(move.body)):
        found.append(fault("program-not-run", "This partner does not run the programs.", at))
    return found


def plan_item(move: Move, facts: Facts) -> list[Issue]:
    """Return the fault of a plan item that is new and not in a plan of the participant."""
    item = move.body.get("planItem")
    if item is None or not move.changed("planItem"):
        return []
    plan = seen(named(item, "successPlan"), facts)
    if plan is None:
        return []
    if named(plan, "participant") != named(move.body, "participant"):
        return [_of_another("/planItem/successPlan")]
    entries = (*plan.get("schedule", ()), *plan.get("challenges", ()))
    if any(each["itemId"] == item["itemId"] for each in entries):
        return []
    return [fault("no-such-item", "The plan has no such item.", "/planItem/itemId")]


def alone(move: Move, facts: Facts) -> Sequence[Criteria]:
    """Return for each program the search that finds another open referral to it.

    Those of which the actor may not know do not count, see `_rivals`.
    """
    cycle = life_cycle(facts.reference)
    if move.former is not None or move.body["status"] not in cycle.open:
        return ()
    whose = named(move.body, "participant") or ""
    unknown = [each["id"] for each in _open(move, facts, cycle) if _is_hidden(each, move, facts)]
    besides = (("_id:not", ",".join(unknown)),) if unknown else ()
    states = ("status", ",".join(cycle.open))
    return [
        ("Referral", (("participant", whose), ("target-programs", each), states, *besides))
        for each in programs(move.body)
    ]


def _parties(referral: Resource, facts: Facts) -> Iterator[Issue]:
    source, target = named(referral, "sourceAgency"), named(referral, "targetAgency")
    if facts.agency(named(referral, "sourcePartner")) != source:
        text = "The source agency must be that of the source partner."
        yield fault("foreign-agency", text, "/sourceAgency")
    for at, each in enumerate(programs(referral)):
        if facts.agency(each) != target:
            text = "The program is not one of the target agency."
            yield fault("foreign-program", text, f"/targetPrograms/{at}")


def _origin(referral: Resource, facts: Facts) -> Iterator[Issue]:
    """Yield a fault for what the referral comes from and is somebody else's."""
    whose = named(referral, "participant")
    for name in ("assessment", "priorReferral"):
        ground = seen(named(referral, name), facts)
        if ground is not None and named(ground, "participant") != whose:
            yield _of_another(f"/{name}")


def _of_another(pointer: str) -> Issue:
    return fault("other-participant", "This is not about the participant of the referral.", pointer)


def _duplicates(move: Move, facts: Facts) -> Iterator[Issue]:
    cycle = life_cycle(facts.reference)
    rivals = [each for each in _open(move, facts, cycle) if not _is_hidden(each, move, facts)]
    taken = {program for each in rivals for program in programs(each)}
    text = "The participant has an open referral to this program already."
    for at, program in enumerate(programs(move.body)):
        if program in taken:
            yield Issue(Duplicate.code, "open-referral", text, f"/targetPrograms/{at}")


def _open(move: Move, facts: Facts, cycle: LifeCycle) -> list[Resource]:
    """Return the other open referrals of the participant."""
    found = facts.about("Referral", named(move.body, "participant"))
    return [
        each
        for each in found
        if f"Referral/{each['id']}" != move.reference and each["status"] in cycle.open
    ]


def _is_hidden(other: Resource, move: Move, facts: Facts) -> bool:
    """Whether a referral is a secret of vocational rehabilitation that the actor has no part in.

    34 CFR 361.38: to refuse for its sake would tell of it.
    """
    agency = move.actor.agency
    parts = ("sourceAgency", "sourcePartner", "targetAgency", "targetPartner")
    names = [*(named(other, each) for each in parts), *programs(other)]
    guards = set(map(facts.guard, names)) - {None}
    insiders = guards | {named(other, "sourceAgency"), named(other, "targetAgency")}
    return bool(guards) and agency is not None and agency not in insiders
