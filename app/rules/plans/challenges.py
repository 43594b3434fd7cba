"""What stands in a person's way, from the questionnaire and the profile, each with a remedy.

The answers fill in barriers as the codes say (domain.md section 2). Of the profile only what lies
under the label of a plan's challenges or a wider one is taken over: that a person was in foster
care, in prison or without a home is theirs to put in a plan that all agencies share.
"""

from collections.abc import Container, Iterator, Sequence

from app.model.codec import Resource
from app.rules.assessments.decisions import asked
from app.rules.workflow import Facts

PROFILE = {
    "long-term-unemployed": ("longTermUnemployed",),
    "exhausting-tanf": ("benefits", "exhaustingTanf"),
    "low-income": ("barriers", "lowIncome"),
    "english-language-learner": ("barriers", "englishLearner"),
    "basic-skills-deficient": ("barriers", "basicSkillsDeficient"),
    "cultural-barriers": ("barriers", "culturalBarriers"),
    "single-parent": ("barriers", "singleParent"),
    "displaced-homemaker": ("barriers", "displacedHomemaker"),
    "migrant-seasonal-farmworker": ("barriers", "farmworker"),
}
"""Where the profile tells of a barrier."""
NO = (None, "0")


def challenges(
    profile: Resource, assessment: Resource, items: Sequence[Resource], facts: Facts
) -> list[Resource]:
    """Return the challenges of a plan with these items, in the order of the codes of barriers.

    A remedy that the person is to get anyway goes before others.
    """
    questionnaire, known = asked(assessment, facts), frozenset(_barriers(profile))
    told = questionnaire.barriers_of(assessment) if questionnaire else []
    codes = [each["code"] for each in facts.reference.documents["barriers"]]
    sources = {
        code: "isa" if code in told else "staff" for code in codes if code in told or code in known
    }
    planned = {each["service"]["reference"] for each in items}
    services = _remedies(list(sources), planned, facts)
    return [
        {
            "itemId": f"challenge-{at}",
            "barrier": code,
            "source": source,
            **_remedy(code, services),
            "status": "open",
        }
        for at, (code, source) in enumerate(sources.items(), 1)
    ]


def _barriers(profile: Resource) -> Iterator[str]:
    for code, path in PROFILE.items():
        found = profile
        for name in path[:-1]:
            found = found.get(name, {})
        if found.get(path[-1]) not in NO:
            yield code


def _remedies(codes: Sequence[str], planned: Container[str], facts: Facts) -> Sequence[Resource]:
    """Return the services against barriers that may be named in a plan, planned ones first."""
    if not codes:
        return []
    criteria = ("Service", (("remedies-barriers", ",".join(codes)), ("status", "active")))
    found = [each for each in facts.matches(criteria) if not is_secret(each, facts)]
    return sorted(found, key=lambda each: (f"Service/{each['id']}" not in planned, each["id"]))


def is_secret(service: Resource, facts: Facts) -> bool:
    """Whether only programs that a law protects give the service."""
    return all(facts.guard(each["reference"]) for each in service["programs"])


def _remedy(code: str, services: Sequence[Resource]) -> Resource:
    for each in services:
        if code in each["remediesBarriers"]:
            return {"remedyService": {"reference": f"Service/{each['id']}"}}
    return {}
