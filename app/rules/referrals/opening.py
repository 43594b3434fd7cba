"""What a new referral must be: consistent, founded, and the only open one to each program."""

from collections.abc import Iterator, Sequence

from app.model.codec import Resource
from app.model.conflicts import Duplicate
from app.model.errors import Issue
from app.rules.assessments.decisions import DECLINED
from app.rules.clock import is_future
from app.rules.guarded import is_told
from app.rules.issues import fault
from app.rules.referrals.parties import named, programs, seen
from app.rules.referrals.table import life_cycle
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
    if is_future(move.body["authoredOn"], facts.now):
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


def alone(move: Move, facts: Facts) -> Sequence[Criteria]:
    """Return for each program the search that finds another open referral to it.

    Those of which the actor may not know do not count, nor those that the same commit ends.
    """
    cycle = life_cycle(facts.reference)
    if move.former is not None or move.body["status"] not in cycle.open:
        return ()
    whose = ("participant", named(move.body, "participant") or "")
    states = ("status", ",".join(cycle.open))
    others, rivals = _others(move, facts), _rivals(move, facts)
    stored = facts.matches(("Referral", (whose, states))) if len(others) > len(rivals) else ()
    apart = {each["id"] for each in stored} - {each["id"] for each in rivals}
    besides = (("_id:not", ",".join(sorted(apart))),) if apart else ()
    return [
        ("Referral", (whose, ("target-programs", each), states, *besides))
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
    answered = facts.seen(named(referral, "assessment")) or {}
    if referral["origin"] == "isa" and _is_declined(referral, answered):
        text = "The person declined this card; what is asked for later on is ad hoc."
        yield fault("declined-card", text, "/origin", ("ad-hoc",))


def _is_declined(referral: Resource, assessment: Resource) -> bool:
    return any(
        each["decision"] == DECLINED and {*programs(each)} & {*programs(referral)}
        for each in assessment.get("proposals", ())
    )


def _of_another(pointer: str) -> Issue:
    return fault("other-participant", "This is not about the participant of the referral.", pointer)


def _duplicates(move: Move, facts: Facts) -> Iterator[Issue]:
    taken = {program for each in _rivals(move, facts) for program in programs(each)}
    text = "The participant has an open referral to this program already."
    for at, program in enumerate(programs(move.body)):
        if program in taken:
            yield Issue(Duplicate.code, "open-referral", text, f"/targetPrograms/{at}")


def _rivals(move: Move, facts: Facts) -> list[Resource]:
    """Return the other open referrals of the participant that the actor may be told of.

    34 CFR 361.38: to refuse for the sake of a secret one would tell of it.
    """
    cycle = life_cycle(facts.reference)
    return [
        each
        for each in _others(move, facts)
        if each["status"] in cycle.open and is_told(each, move.actor, facts)
    ]


def _others(move: Move, facts: Facts) -> list[Resource]:
    found = facts.about("Referral", named(move.body, "participant"))
    return [each for each in found if f"Referral/{each['id']}" != move.reference]
