"""What was written to success plans: each write beside the version that it was made from.

A partner may PUT whole plans or PATCH them; both are judged by what stood before and what would
stand after, so that no habit is held against anybody for its form.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.exchange import PARTNER, Evidence, Exchange

PLAN = "ParticipantSuccessPlan"
OPEN = frozenset({"tentative", "active"})
COMMITTED = frozenset({"F3", "F4"})
"""Faults of which the hub had already stored what was sent."""
WORD = "https://hub.wioa.example/extension/plan-"
LEAD, REPLACES, REASON, SIGNED, RESTS_ON = (
    f"{WORD}{name}" for name in ("lead", "replaces", "closed-because", "signed-off", "rests-on")
)
"""URLs of the extensions by which a plan says who leads it, which plan it goes on from, why it was
closed, which version the participant signed, and on which records it rests."""
VALUES = ("valueReference", "valueInteger", "valueCode", "valueString")
Plan = dict[str, Any]


@dataclass(frozen=True)
class PlanWrite:
    """One write of a plan; `before` is the version it was made from, empty for a new plan."""

    exchange: Exchange
    before: Plan
    after: Plan

    @property
    def took_effect(self) -> bool:
        """Whether the plan stands so now, whatever the partner was told."""
        return self.exchange.is_ok or self.exchange.fault in COMMITTED

    @property
    def is_mine(self) -> bool:
        """Whether the system under test sent it."""
        return self.exchange.who == PARTNER

    def adds(self) -> set[str]:
        """Return the names of the entries that were not there before."""
        return set(entries(self.after)) - set(entries(self.before))


def plan_writes(evidence: Evidence) -> list[PlanWrite]:
    """Return all writes of plans in their order, refused ones too."""
    known: dict[tuple[str, str], Plan] = {}
    latest: dict[str, Plan] = {}
    found = []
    for each in evidence:
        if each.is_write and each.kind == PLAN and "$" not in each.path:
            before = _base(each, known, latest)
            after = _meant(each, before)
            if after:
                found.append(PlanWrite(each, before, after))
        for plan in plans_in(each.answer):
            reference = f"{PLAN}/{plan.get('id')}"
            known[reference, _version(plan)] = latest[reference] = plan
    return found


def mine(evidence: Evidence) -> list[PlanWrite]:
    """Return the partner's writes of plans, refused ones too."""
    return [each for each in plan_writes(evidence) if each.is_mine]


def authors(writes: Sequence[PlanWrite]) -> dict[str, str]:
    """Return who made each entry of the plans, by its name: whoever first sent it."""
    found: dict[str, str] = {}
    for each in writes:
        for name in each.adds():
            found.setdefault(name, each.exchange.who)
    return found


def entries(plan: Plan) -> dict[str, Plan]:
    """Return the steps and challenges of a plan by the names that others point at."""
    rows = (*plan.get("schedule", ()), *plan.get("challenges", ()))
    return {each["itemId"]: each for each in rows if "itemId" in each}


def says(plan: Plan, url: str) -> Any:
    """Return what a plan says by an extension, None for nothing; of references the text."""
    for each in plan.get("extension", ()):
        if each.get("url") == url:
            value = next((each[name] for name in VALUES if name in each), None)
            return value.get("reference") if isinstance(value, dict) else value
    return None


def goal(plan: Plan) -> str:
    """Return the occupation that is the goal of a plan."""
    return str(plan.get("careerGoal", {}).get("onetSoc", ""))


def plans_in(answer: Any) -> Iterator[Plan]:
    """Yield the plans in an answer, those of a bundle too."""
    if not isinstance(answer, dict):
        return
    if answer.get("resourceType") == PLAN and "id" in answer:
        yield answer
    for each in answer.get("entry", ()):
        yield from plans_in(each.get("resource"))


def _version(plan: Plan) -> str:
    return str(plan.get("meta", {}).get("versionId", ""))


def _base(each: Exchange, known: dict[tuple[str, str], Plan], latest: dict[str, Plan]) -> Plan:
    if each.method == "POST":
        return {}
    # A tag says more than the version when several versions of a schema are live: W/"3-1.0.0".
    tag = each.headers.get("if-match", "").removeprefix("W/").strip('"').partition("-")[0]
    return known.get((each.reference, tag), latest.get(each.reference, {}))


def _meant(each: Exchange, before: Plan) -> Plan:
    """Return the plan as the writer wanted it; a patch that is a list is known by its answer."""
    body = each.body if isinstance(each.body, dict) else {}
    if each.method != "PATCH":
        return body
    if each.is_ok and isinstance(each.answer, dict) and each.answer.get("resourceType") == PLAN:
        return each.answer
    return {**before, **body} if body else {}
