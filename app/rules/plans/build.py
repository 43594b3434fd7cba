"""The plan that the hub proposes: sections in the order of the success plan builder.

Career goal, short-term employment, services and training, challenges, transitional employment
(domain.md section 4). Months are estimates; whoever owns the plan changes it at will.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.model.codec import Resource
from app.rules.business_days import day_of
from app.rules.careers.labour_market import labour_market, soc_of
from app.rules.plans.challenges import challenges
from app.rules.plans.pathway import pathway
from app.rules.plans.schedule import schedule
from app.rules.plans.success_plan import PLAN
from app.rules.workflow import Facts

STRATEGIES = ("ojt", "apprenticeship", "subsidized", "internship", "work-experience")
UNEMPLOYED = ("0", "3")
"""PIRL 400: unemployed, or not in the labor force."""


@dataclass(frozen=True)
class Wish:
    """Whose plan it is to be and what for; `profile` and `assessment` as the client sees them.

    `editor` is the partner that asks, None for the state's staff; `salary` is US dollars a year.
    """

    profile: Resource
    onet_soc: str
    assessment: Resource = field(default_factory=dict)
    editor: str | None = None
    salary: float | None = None

    @property
    def participant(self) -> str:
        """The reference to the person."""
        return f"{self.profile['resourceType']}/{self.profile['id']}"


def built(wish: Wish, facts: Facts) -> Resource:
    """Return a tentative plan that is not stored yet and could be as it is."""
    items = schedule(wish.profile, wish.participant, wish.onet_soc, facts)
    plan = {
        "resourceType": PLAN,
        "participant": {"reference": wish.participant},
        "status": "tentative",
        "pathway": pathway(wish.participant, wish.onet_soc, facts),
        "careerGoal": _goal(wish, facts),
        "shortTermEmployment": short_term(wish.profile, wish.assessment),
        "schedule": items,
        "challenges": challenges(wish.profile, wish.assessment, items, facts),
        "transitionalEmployment": [
            {"strategy": each, "participantInterested": False} for each in STRATEGIES
        ],
    }
    return plan | dict(_origin(wish, items[-1].get("provider") if items else None))


def _origin(wish: Wish, workforce: Resource | None) -> Iterator[tuple[str, Resource]]:
    """Yield from which answers the plan comes, and in whose name it is.

    The state's staff name no partner: theirs is in the name of who asked the questions, or of the
    workforce system that would find the job.
    """
    assessment = wish.assessment
    if assessment:
        name = f"{assessment['resourceType']}/{assessment['id']}"
        yield "assessment", {"reference": name}
    editor = {"reference": wish.editor} if wish.editor else assessment.get("partner", workforce)
    if editor:
        yield "lastEditedBy", editor


def _goal(wish: Wish, facts: Facts) -> Resource:
    title = labour_market(facts.reference).title(soc_of(wish.onet_soc) or "")
    salary = {} if wish.salary is None else {"desiredAnnualSalary": wish.salary}
    today = day_of(facts.now).isoformat()
    return {"onetSoc": wish.onet_soc, "title": title, **salary, "chosenOn": today}


def short_term(profile: Resource, assessment: Mapping[str, str]) -> Resource:
    """Return whether a job is needed now: without one, for TANF, or to support the household."""
    benefits, barriers = profile.get("benefits", {}), profile.get("barriers", {})
    answer = assessment.get("workingStatus")
    is_unemployed = profile.get("employmentStatus") in UNEMPLOYED
    if answer is not None:
        is_unemployed = answer == "no"
    if benefits.get("tanf") == "1" or assessment.get("isCaretakerOfDeprivedChild") == "yes":
        return {"needed": True, "reason": "tanf-eligibility"}
    if (
        assessment.get("needsFoodAssistance") == "yes"
        or "1" in (barriers.get("lowIncome"), barriers.get("singleParent"))
        or (is_unemployed and profile.get("householdSize", 1) > 1)
    ):
        return {"needed": True, "reason": "support-household"}
    return {"needed": True, "reason": "other"} if is_unemployed else {"needed": False}
