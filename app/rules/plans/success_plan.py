"""The success plan: its pathway, its life cycle, and that a person has one open plan at a time.

It is completed when the goal's unsubsidized employment is recorded: the profile says `employed`
and lists a job of the goal's occupation that began with the plan or later and goes on, and no
subsidized job of the person's is under way. Whoever comes back gets a new plan.
"""

from collections.abc import Iterator, Sequence

from app.model.codec import Resource
from app.model.conflicts import Duplicate
from app.model.errors import Issue
from app.rules.business_days import day_of
from app.rules.careers.labour_market import soc_of
from app.rules.careers.report_card import is_occupation
from app.rules.issues import fault
from app.rules.persons import same_person
from app.rules.plans import entries
from app.rules.plans.pathway import pathway, shared
from app.rules.workflow import Criteria, Effect, Facts, Move, Workflow

PLAN = "ParticipantSuccessPlan"
OPEN = ("tentative", "active")
EMPLOYED = "1"
"""PIRL 400; code 2, notice of termination received, is no goal reached."""
SUBSIDIZED = frozenset({"subsidized", "work-experience", "internship"})
"""Transitional strategies whose pay does not come from the employer alone."""


def complete(move: Move, facts: Facts) -> Resource:
    """Return the plan with its pathway, which a closed plan keeps, and the day it began."""
    former, began = move.former, min(start(move.former or move.body, facts), _today(facts))
    way = former["pathway"] if former and not is_open(former) else way_of(move.body, facts)
    return {**move.body, "pathway": way, "startedOn": began}


def start(plan: Resource, facts: Facts) -> str:
    """Return the day on which a plan began: when its goal was chosen, where it does not say so."""
    return str(plan.get("startedOn") or plan["careerGoal"].get("chosenOn") or _today(facts))


def _today(facts: Facts) -> str:
    return day_of(facts.now).isoformat()


def is_open(plan: Resource) -> bool:
    """Whether the plan still goes on."""
    return plan.get("status") in OPEN


def way_of(plan: Resource, facts: Facts) -> str:
    """Return the pathway of a plan as things stand now."""
    return pathway(participant_of(plan), plan["careerGoal"]["onetSoc"], facts)


def participant_of(resource: Resource) -> str | None:
    """Return the reference to the person that a resource is about."""
    named: str | None = resource.get("participant", {}).get("reference")
    return named


def is_reached(plan: Resource, facts: Facts) -> bool:
    """Whether unsubsidized employment in the goal's occupation is recorded."""
    profile = facts.row(participant_of(plan)) or {}
    goal, began, today = _goal(plan), start(plan, facts), _today(facts)
    return (
        profile.get("employmentStatus") == EMPLOYED
        and any(
            soc_of(each.get("onetSoc")) == goal
            and "endDate" not in each
            and began <= each.get("startDate", "") <= today
            for each in profile.get("workHistory", ())
        )
        and not _is_subsidized(participant_of(plan), facts)
    )


def _goal(plan: Resource) -> str | None:
    return soc_of(plan["careerGoal"]["onetSoc"])


def _is_subsidized(participant: str | None, facts: Facts) -> bool:
    services = (
        facts.row(each["service"]["reference"]) or {}
        for each in shared("ParticipantServiceEnrollment", participant, facts)
        if each["status"] == "enrolled"
    )
    return any(each.get("transitionalStrategy") in SUBSIDIZED for each in services)


def faults(move: Move, facts: Facts) -> list[Issue]:
    """Return what is wrong with a plan that a client wrote."""
    return [
        *_unknown_goal(move, facts),
        *same_person.faults(move, facts, "assessment"),
        *entries.faults(move, facts),
        *_second_plan(move, facts),
        *_early_end(move, facts),
    ]


def _unknown_goal(move: Move, facts: Facts) -> Iterator[Issue]:
    goal = move.body["careerGoal"]["onetSoc"]
    if move.changed("careerGoal") and not is_occupation(goal, facts.reference):
        text = "The goal must be a detailed occupation of SOC 2018."
        yield fault("unknown-occupation", text, "/careerGoal/onetSoc")


def _second_plan(move: Move, facts: Facts) -> Iterator[Issue]:
    others = [
        each
        for each in facts.about(PLAN, participant_of(move.body))
        if is_open(each) and f"{PLAN}/{each['id']}" != move.reference
    ]
    if others and is_open(move.body) and move.changed("participant"):
        text = "The participant has an open plan; change it, or end it first."
        yield Issue(Duplicate.code, "open-plan", text, "/participant/reference")


def _early_end(move: Move, facts: Facts) -> Iterator[Issue]:
    is_ended = move.body["status"] == "completed" and move.changed("status")
    if is_ended and not is_reached(move.body, facts):
        text = (
            "A plan is completed when the profile lists a present, unsubsidized job of the goal's "
            "occupation that began with the plan or later; one given up is discontinued."
        )
        yield fault("goal-not-reached", text, "/status", allowed=("discontinued",))


def alone(move: Move, _facts: Facts) -> Sequence[Criteria]:
    """Return the search for another open plan of the person, for a new plan."""
    participant = participant_of(move.body)
    if move.former is not None or move.is_effect or participant is None:
        return []
    return [(PLAN, (("participant", participant), ("status", ",".join(OPEN))))]


def effects(move: Move, facts: Facts) -> Sequence[Effect]:
    """Return the plan anew when what else the same commit writes leads to another pathway."""
    if not is_open(move.body) or way_of(move.body, facts) == move.body["pathway"]:
        return ()
    return [Effect(move.reference, move.body)]


WORKFLOW = Workflow(complete=complete, faults=faults, effects=effects, alone=alone)
