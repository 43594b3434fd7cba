"""Services and training in the order a person would take them, with days and who gives them.

Instruction for an equivalency, then the training that leads to the goal, then the search for a job.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.model.codec import Resource
from app.rules.business_days import day_of
from app.rules.careers.labour_market import labour_market, soc_of
from app.rules.careers.preparation import functioning_level
from app.rules.careers.training import training_service
from app.rules.plans.challenges import is_secret
from app.rules.plans.pathway import has_high_school_credential, months_with_diploma, shared
from app.rules.workflow import Facts

INSTRUCTION = "Service/smart-start-class"
EQUIVALENCY = "Credential/hse-diploma"
ADULT_EDUCATION = "Program/title2-aefla"
TRAINING = "Service/training-occupational-skills"
"""Training for an occupation to which no program is linked."""
PLACEMENT = "Service/job-search-placement"
WORKFORCE = "Program/title3-wagner-peyser"
PLACEMENT_MONTHS = 3


@dataclass(frozen=True)
class Step:
    """One step of a plan: a service for some months, and what it leads to."""

    service: str
    program: str | None
    months: int
    provider: str | None = None
    credential: str | None = None


def schedule(profile: Resource, participant: str, onet_soc: str, facts: Facts) -> list[Resource]:
    """Return the items of a plan; the last is the search for a job and names its provider.

    Rows that are inactive in a state's lookups are left out.
    """
    items: list[Resource] = []
    begin = day_of(facts.now)
    for step in _steps(profile, participant, onet_soc, facts):
        if not _is_active(step.service, facts):
            continue
        end = later(begin, step.months)
        items.append(_item(step, len(items) + 1, begin, end, facts))
        begin = end
    return items


def _item(step: Step, at: int, begin: date, end: date, facts: Facts) -> Resource:
    named = {
        "service": step.service,
        "program": step.program,
        "provider": step.provider,
        "expectedCredential": step.credential,
    }
    return {
        "itemId": f"item-{at}",
        "sequence": at,
        **{name: {"reference": each} for name, each in named.items() if _is_active(each, facts)},
        "plannedStart": begin.isoformat(),
        "plannedEnd": end.isoformat(),
        "status": "planned",
    }


def _is_active(reference: str | None, facts: Facts) -> bool:
    """Whether a new plan may name a lookup row."""
    return (facts.row(reference) or {}).get("status") == "active"


def _steps(profile: Resource, participant: str, onet_soc: str, facts: Facts) -> Iterator[Step]:
    credentials = shared("ParticipantCredential", participant, facts)
    if not has_high_school_credential(facts.row(participant) or {}, credentials):
        spent = _equivalency_months(participant, facts)
        provider = _provider(ADULT_EDUCATION, "community-college", profile, facts)
        yield Step(INSTRUCTION, ADULT_EDUCATION, spent, provider, EQUIVALENCY)
    needed = months_with_diploma(participant, onet_soc, facts)
    if needed > 0:
        yield _training(soc_of(onet_soc) or "", needed, facts)
    provider = _provider(WORKFORCE, "agency-system", profile, facts)
    yield Step(PLACEMENT, WORKFORCE, PLACEMENT_MONTHS, provider)


def _equivalency_months(participant: str, facts: Facts) -> int:
    scores = shared("ParticipantScore", participant, facts)
    table = facts.reference.documents["preparation_months"]["hseMonthsByEfl"]
    return int(table[functioning_level(scores)])


def _training(soc: str, months_needed: int, facts: Facts) -> Step:
    """Return the step of the linked training program, else of training in general."""
    services = facts.matches(("Service", (("onet-soc", soc), ("status", "active"))))
    open_ones = [each for each in services if not is_secret(each, facts)]
    service = training_service(soc, open_ones) or TRAINING
    programs = (facts.row(service) or {}).get("programs", ())
    names = (each["reference"] for each in programs)
    payer = next((name for name in names if not facts.guard(name)), None)
    linked = labour_market(facts.reference).programs(soc)
    if not linked:
        return Step(service, payer, months_needed)
    first = linked[0]
    return Step(service, payer, first.months, first.provider, first.credential)


def _provider(program: str, kind: str, profile: Resource, facts: Facts) -> str | None:
    """Return a partner that gives a program: in the person's county, else the area, else any."""
    counties = {each["countyFips"] for each in profile.get("address", ()) if "countyFips" in each}
    area = profile.get("localWorkforceArea")
    asked = (("programs", program), ("partner-type", kind), ("status", "active"))
    found = sorted(
        facts.matches(("Partner", asked)),
        key=lambda each: (
            each.get("countyFips") not in counties,
            area not in each.get("localWorkforceAreas", ()),
            each["id"],
        ),
    )
    return f"Partner/{found[0]['id']}" if found else None


def later(begin: date, count: int) -> date:
    """Return the day some months later, the last of its month when there is no such day."""
    year, month = divmod(begin.year * 12 + begin.month - 1 + count, 12)
    return date(year, month + 1, min(begin.day, monthrange(year, month + 1)[1]))
