"""The person whose success plan the journey is about, and what the ghosts write into it."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from conformance.reading.plan_writes import LEAD, PLAN, SIGNED, Plan, entries
from conformance.reading.unbundled import unbundled
from conformance.scenario.profiles import PROFILE, STAFF, ask
from conformance.stage import Stage, World

KEY = "planner"
MINE, CLASSES, COLLEGE = (
    "Partner/mdes-mississippi-works",
    "Partner/mccb-adult-education",
    "Partner/cc-hinds",
)
GHOSTS = {CLASSES: "adult-education", COLLEGE: "college"}
"""Who writes for which partner."""
PLANNING_LEVEL = 4
TRUCKS = {"onetSoc": "53-3032", "title": "Heavy and Tractor-Trailer Truck Drivers"}
DIESEL = {
    "onetSoc": "49-3031",
    "title": "Bus and Truck Mechanics and Diesel Engine Specialists",
}
LINKED = ("ParticipantServiceEnrollment", "ParticipantCredential")
"""What staff keep of the person, on which entries of the plan rest."""


def figures(world: World) -> dict[str, str]:
    """Return names of entries and days that only this run knows; the same seed makes the same."""
    dice = random.Random(f"{world['seed']} plans")  # noqa: S311 - no secrets of anybody
    begin = date(2027, 1, 4) + timedelta(dice.randrange(60))
    days = {
        name: (begin + timedelta(30 * at + dice.randrange(28))).isoformat()
        for at, name in enumerate(("ends", "moved", "own", "added", "lab", "later", "back", "last"))
    }
    mark = f"{dice.randrange(16**8):08x}"
    lost, busy = dice.choice(("F3", "F4")), dice.choice(("F2", "F5"))
    return {**days, "class": f"class-{mark}", "lab_id": f"lab-{mark}", "lost": lost, "busy": busy}


def person(world: World) -> dict[str, str]:
    """Return who it is, in elements of a profile; invented from the seed."""
    dice = random.Random(f"{world['seed']} planner")  # noqa: S311 - invented people
    return {
        "firstName": dice.choice(["Barnaby", "Clementine", "Dashiell", "Eudora"]),
        "lastName": dice.choice(["Quartermaine", "Ravenscroft", "Silverthorne", "Tattersall"]),
        "birthDate": (date(1978, 3, 1) + timedelta(dice.randrange(7000))).isoformat(),
        "ssn": f"{dice.choice(('000', '666'))}{dice.randrange(100_000, 1_000_000)}",
        "pirlUniqueId": f"SP{dice.randrange(10**10):010d}",
    }


def seed(stage: Stage) -> None:
    """Record the person, what a plan may rest on, and the plan that adult education began."""
    for partner in GHOSTS:
        _admit(stage, partner)
    told, days = person(stage.world), figures(stage.world)
    stage.world["people"][KEY] = told
    known = _profile(stage, told)
    for kind, more in zip(LINKED, (_ENROLLED, _EARNED), strict=True):
        row = {"resourceType": kind, "participant": _to(known), "partner": _to(MINE), **more}
        ask(stage, STAFF, "POST", kind, row)
    plan = {
        "resourceType": PLAN,
        "participant": _to(known),
        "status": "active",
        "careerGoal": TRUCKS,
        "schedule": [
            _row(days["class"], "Service/smart-start-class", CLASSES) | {"plannedEnd": days["ends"]}
        ],
        "extension": [{"url": LEAD, "valueReference": _to(MINE)}],
        "lastEditedBy": _to(CLASSES),
    }
    made = ask(stage, GHOSTS[CLASSES], "POST", PLAN, plan)
    stage.world["plan"] = {"reference": f"{PLAN}/{made['id']}", "merged": known}


_ENROLLED = {
    "service": {"reference": "Service/job-search-placement"},
    "program": {"reference": "Program/title3-wagner-peyser"},
    "status": "enrolled",
    "enrollmentDate": "2026-01-12",
}
_EARNED = {
    "credential": {"reference": "Credential/hse-diploma"},
    "credentialType": "1",
    "attainedOn": "2025-06-02",
    "verification": "certificate-copy",
    "status": "earned",
}


def add_lab(stage: Stage) -> None:
    """Let the college add an entry of its own."""
    row = _row(figures(stage.world)["lab_id"], "Service/training-occupational-skills", COLLEGE)
    edited(stage, COLLEGE, lambda plan: plan["schedule"].append(row))
    stage.world["plan"]["atOnce"] = row["itemId"]


def move_class(stage: Stage) -> None:
    """Let adult education move the end of its class to a day that nobody else knows."""
    days = figures(stage.world)
    edited(stage, CLASSES, _setting(days["class"], plannedEnd=days["moved"]))
    stage.world["plan"]["day"] = days["moved"]


def end_class(stage: Stage) -> None:
    """Let adult education complete its class."""
    edited(stage, CLASSES, _setting(figures(stage.world)["class"], status="completed"))


def end_lab(stage: Stage) -> None:
    """Let the college move the end of its course, and complete it in a second version."""
    days = figures(stage.world)
    edited(stage, COLLEGE, _setting(days["lab_id"], plannedEnd=days["lab"]))
    edited(stage, COLLEGE, _setting(days["lab_id"], status="completed"))


def new_class(stage: Stage) -> None:
    """Let adult education add another class, which must still be there in the end."""
    days = figures(stage.world)
    row = _row(f"{days['class']}-2", "Service/smart-start-class", CLASSES)
    row["plannedStart"] = days["later"]
    edited(stage, CLASSES, lambda plan: plan["schedule"].append(row))
    # Its place among the others is not what adult education promised the person.
    fact = {name: value for name, value in row.items() if name != "sequence"}
    stage.world["plan"].setdefault("facts", {})["the class of adult education"] = fact


def merge(stage: Stage) -> None:
    """Let staff find that the person has another record, which goes on for both."""
    told = {name: value for name, value in person(stage.world).items() if name != "ssn"}
    told["pirlUniqueId"] = told["pirlUniqueId"].replace("SP", "SQ")
    gone, survivor = stage.world["plan"]["merged"], _profile(stage, told)
    versions = [
        int(ask(stage, STAFF, "GET", each)["meta"]["versionId"]) for each in (gone, survivor)
    ]
    inputs: list[dict[str, Any]] = [
        {"name": "into", "valueReference": _to(survivor)},
        {"name": "version", "valueInteger": versions[0]},
        {"name": "intoVersion", "valueInteger": versions[1]},
    ]
    ask(stage, STAFF, "POST", f"{gone}/$merge", {"resourceType": "Parameters", "parameter": inputs})


def hand_over(stage: Stage) -> None:
    """Let staff give the lead to adult education."""

    def lead(plan: Plan) -> None:
        kept = [each for each in plan.get("extension", ()) if each["url"] != LEAD]
        plan["extension"] = [*kept, {"url": LEAD, "valueReference": _to(CLASSES)}]

    edited(stage, CLASSES, lead)


def audit(stage: Stage) -> None:
    """Let staff read the plan as it stands in the end."""
    ask(stage, STAFF, "GET", current(stage))


def edited(stage: Stage, partner: str, change: Callable[[Plan], None]) -> None:
    """Let a ghost change the plan as it should: on the newest version, taking back the sign-off."""
    ghost, reference = GHOSTS[partner], current(stage)
    plan = ask(stage, ghost, "GET", reference)
    change(plan)
    plan["lastEditedBy"] = _to(partner)
    plan["extension"] = [each for each in plan.get("extension", ()) if each["url"] != SIGNED]
    tag = {"if-match": f'W/"{plan["meta"]["versionId"]}"'}
    ask(stage, ghost, "PUT", reference, plan, tag)


def current(stage: Stage) -> str:
    """Return the reference of the person's newest plan, whoever began it."""
    known = stage.world["plan"]["reference"]
    begun = unbundled(stage.evidence).of(PLAN).by("POST").done.where(lambda each: each.path == PLAN)
    mine = [each.reference for each in begun if each.reference]
    return mine[-1] if mine else str(known)


def _setting(name: str, **values: Any) -> Callable[[Plan], None]:
    def change(plan: Plan) -> None:
        entries(plan).get(name, {}).update(values)

    return change


def _row(name: str, service: str, provider: str) -> dict[str, Any]:
    return {
        "itemId": name,
        "sequence": 1,
        "service": _to(service),
        "provider": _to(provider),
        "status": "planned",
    }


def _profile(stage: Stage, told: dict[str, str]) -> str:
    more = {"employmentStatus": "0", "educationLevel": "0", "status": "active"}
    body = {"resourceType": PROFILE, **told, **more}
    return f"{PROFILE}/{ask(stage, STAFF, 'POST', PROFILE, body)['id']}"


def _admit(stage: Stage, partner: str) -> None:
    """Certify a ghost for plans, as the hub demands of everybody who writes them."""
    body = ask(stage, STAFF, "GET", partner)
    if body.get("onboardingLevel", 0) < PLANNING_LEVEL:
        tag = {"if-match": f'W/"{body["meta"]["versionId"]}"'}
        ask(stage, STAFF, "PUT", partner, body | {"onboardingLevel": PLANNING_LEVEL}, tag)


def _to(reference: str) -> dict[str, str]:
    return {"reference": reference}
