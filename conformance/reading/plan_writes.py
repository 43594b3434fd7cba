"""What was written to success plans: each write beside the version that it was made from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.exchange import Evidence
from conformance.reading.written import Written, told_of, written

PLAN = "ParticipantSuccessPlan"
OPEN = frozenset({"tentative", "active"})
WORD = "https://hub.wioa.example/extension/plan-"
LEAD, REPLACES, REASON, SIGNED, RESTS_ON = (
    f"{WORD}{name}" for name in ("lead", "replaces", "closed-because", "signed-off", "rests-on")
)
"""URLs of the extensions by which a plan says who leads it, which plan it goes on from, why it was
closed, which version the participant signed, and on which records it rests."""
VALUES = ("valueReference", "valueInteger", "valueCode", "valueString")
Plan = dict[str, Any]


@dataclass(frozen=True)
class PlanWrite(Written):
    """One write of a plan; `before` is empty for a new plan."""

    def adds(self) -> set[str]:
        """Return the names of the entries that were not there before."""
        return set(entries(self.after)) - set(entries(self.before))


def plan_writes(evidence: Evidence) -> list[PlanWrite]:
    """Return all writes of plans in their order, refused ones too."""
    found = written(evidence, PLAN)
    return [PlanWrite(each.exchange, each.before, each.after) for each in found]


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
    return told_of(PLAN, answer)
