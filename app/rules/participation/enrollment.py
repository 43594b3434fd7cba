"""What an enrollment must agree with, its period of participation, and who writes outcomes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.model.codec import Resource
from app.model.errors import Issue
from app.rules.issues import fault
from app.rules.participation import entry, period
from app.rules.persons import same_person
from app.rules.plans import links, plan_item
from app.rules.workflow import Criteria, Effect, Facts, Move, Workflow

TRAINING = "1303"
"""The element of the PIRL whose code is a type of training."""
MOST = 100
"""Enrollments of one person that a search can name."""
ONLY_FOR = {"10": "Program/title1-youth", "07": "Program/taa"}
"""Types of training that one program alone provides, PIRL 1303."""


def complete(move: Move, facts: Facts) -> Resource:
    """Return the enrollment with its period, what was so at entry, and its type of training."""
    body = _trained(move.body, facts)
    if not move.is_effect:
        body = period.stated(body, period.found(move.former, body, facts))
    rows = period.together(body, move.reference, facts)
    said = period.placed(rows, facts)
    own = said.get(move.reference, {})
    made = replace(move, body=period.stated(body, own))
    if move.is_effect:
        return made.body
    was_in = "periodId" in (move.former or {}).get("period", {})
    if was_in or not own or not period.counts(body, facts):
        return entry.kept(made)
    ids = {name: each["periodId"] for name, each in said.items() if name != move.reference}
    return entry.filled(made, [rows[name] for name in ids if ids[name] == own["periodId"]], facts)


def faults(move: Move, facts: Facts) -> list[Issue]:
    """Return how an enrollment contradicts its lookup rows, its dates or its referral."""
    return [
        *_of_program(move.body, facts),
        *_of_dates(move.body),
        *_of_training(move.body, facts),
        *same_person.faults(move, facts, "referral"),
        *plan_item.faults(move, facts),
        *_of_outcomes(move, facts),
        *entry.faults(move),
    ]


def effects(move: Move, facts: Facts) -> list[Effect]:
    """Return the other enrollments whose period this one changes, by joining or leaving it.

    The success plan follows too.
    """
    rows = period.together(move.body, move.reference, facts)
    left = period.together(move.former or move.body, move.reference, facts)
    left = {} if left.keys() == rows.keys() else left
    found = {**dict(period.changed(rows, facts)), **dict(period.changed(_rest(left, move), facts))}
    others = [Effect(name, body) for name, body in found.items() if name != move.reference]
    return [*others, *links.after_enrollment(move, facts)]


def alone(move: Move, facts: Facts) -> Sequence[Criteria]:
    """Return the search for what others recorded of the person meanwhile, for a new enrollment.

    Of two at once, neither of which knows of the other, each would begin a period of its own. Of
    several in one commit the first is alone with what is stored, each next one with those before.
    """
    if move.former is not None or move.is_effect:
        return ()
    whose = ("participant", move.body["participant"]["reference"])
    known = {each["id"] for each in facts.about(period.ENROLLMENT, whose[1])}
    stored = {each["id"] for each in facts.matches((period.ENROLLMENT, (whose,)))}
    if len(known) >= MOST:
        return ()
    _, _, own = move.reference.partition("/")
    apart = sorted(each for each in known if each in stored or each < own)
    return [(period.ENROLLMENT, (whose, *([("_id:not", ",".join(apart))] if apart else ())))]


def _trained(body: Resource, facts: Facts) -> Resource:
    service = _row(body, "service", facts)
    is_typed = "trainingServiceType" in body or not service.get("isTraining")
    if is_typed or service.get("pirlElement") != TRAINING or "pirlCode" not in service:
        return body
    return {**body, "trainingServiceType": service["pirlCode"]}


def _of_program(body: Resource, facts: Facts) -> Iterator[Issue]:
    for name, text in (
        ("service", "The service is not one of this program."),
        ("partner", "The partner does not run this program."),
    ):
        allowed = [each["reference"] for each in _row(body, name, facts).get("programs", ())]
        if allowed and body["program"]["reference"] not in allowed:
            yield fault(f"not-of-{name}", text, "/program/reference", allowed)


def _of_dates(body: Resource) -> Iterator[Issue]:
    for name in ("endDate", "plannedEndDate"):
        if body.get(name, body["enrollmentDate"]) < body["enrollmentDate"]:
            yield fault("date-order", "It ends before it begins.", f"/{name}")


def _of_training(body: Resource, facts: Facts) -> Iterator[Issue]:
    pointer, kind = "/trainingServiceType", body.get("trainingServiceType")
    if kind is None and _row(body, "service", facts).get("isTraining"):
        yield fault("training-type", "A training service has a type of training.", pointer)
    wanted = ONLY_FOR.get(kind or "")
    if wanted and body["program"]["reference"] != wanted:
        text = "Another program than this one provides that type of training."
        yield fault("training-type", text, pointer)


def _of_outcomes(move: Move, facts: Facts) -> Iterator[Issue]:
    """Yield a fault when another than the workforce agency writes what wage records say."""
    if move.actor.agency is None or not move.changed("outcomes"):
        return
    agency = facts.row(move.actor.agency) or {}
    if agency.get("agencyType") != "workforce":
        text = "Outcomes come from the wage match of the workforce agency only, 20 CFR 603."
        yield fault("wage-match", text, "/outcomes")


def _rest(rows: period.Rows, move: Move) -> period.Rows:
    return {name: row for name, row in rows.items() if name != move.reference}


def _row(body: Resource, name: str, facts: Facts) -> Resource:
    return facts.row(body[name]["reference"]) or {}


WORKFLOW = Workflow(complete=complete, faults=faults, effects=effects, alone=alone)
