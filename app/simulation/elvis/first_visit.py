"""The first acts: the state certifies the partners, Elvis walks in, answers, and gets a plan."""

from app.simulation.elvis.scene import (
    AGENCIES,
    BENEFITS,
    CAST,
    COLLEGE,
    EDUCATION,
    STAFF,
    TRUCK_DRIVER,
    WORKFORCE,
    Scene,
)
from app.simulation.people import birth, phone, surname
from app.simulation.story import Derailed
from app.simulation.system import Body, reference, to

LEVELS = {EDUCATION: 3, COLLEGE: 3}
"""The onboarding levels at which scores and credentials may be written."""
CENTER = to("LocalCenter/win-jackson")
CONSENTS = (
    (EDUCATION, "ferpa-34cfr99", "Enrollment, test scores and credentials, to coordinate services"),
    (BENEFITS, "snap-7cfr272", "Whether SNAP is received, to coordinate services"),
)
ANSWERS = {
    "hasHighSchoolCredential": "no",
    "hasFunctionalDifficulty": "no",
    "isCaretakerOfDeprivedChild": "no",
    "needsFoodAssistance": "yes",
    "workingStatus": "no",
    "isDisconnectedYouth": "no",
}


def prologue(scene: Scene) -> None:
    """Certify the onboarding levels that the partners need, where they are lower."""
    scene.story.act("Prologue: the partners are certified")
    staff = scene.systems[STAFF]
    for client, level in LEVELS.items():
        partner = staff.read(f"Partner/{client}")
        if partner["onboardingLevel"] < level:
            partner = staff.put({**partner, "onboardingLevel": level})
        text = f"{CAST[client]} is certified for level {partner['onboardingLevel']}."
        scene.tell(0, STAFF, text, partner)


def walk_in(scene: Scene) -> None:
    """Look for somebody whom nobody knows yet, and create the profile."""
    scene.story.act("Act 1: Elvis walks into a WIN Job Center")
    system, scene.told = scene.systems[WORKFORCE], _stranger(scene)
    grades = matches(scene)
    if "certain" in grades:
        raise Derailed("Somebody is known under the same invented number; play again.")
    known = f"{len(grades)} others may be meant, none of them certainly" if grades else "nobody"
    scene.tell(0, WORKFORCE, f"Elvis is looked for in the hub; it knows {known}.")
    scene.person = system.post("ParticipantProfile", scene.told)
    scene.tell(
        0, WORKFORCE, "His profile is created, the one record of all agencies.", scene.person
    )
    for client, regime, scope in CONSENTS:
        _consent(scene, client, regime, scope)


def matches(scene: Scene) -> list[str]:
    """Return the grades of the people who may be meant by what Elvis tells, best first."""
    asked = {"name": "resource", "resource": scene.told}
    told = {"resourceType": "Parameters", "parameter": [asked]}
    found = scene.systems[WORKFORCE].post("ParticipantProfile/$match", told)
    return [grade for each in found.get("entry", ()) for grade in _grades(each)]


def _grades(entry: Body) -> list[str]:
    return [each["valueCode"] for each in entry.get("search", {}).get("extension", ())]


def _stranger(scene: Scene) -> Body:
    dice = scene.dice
    service = {"branch": "Army", "occupationCode": "88M", "title": "Motor Transport Operator"}
    last_job = {"employerName": "Example Freight Inc.", "title": "Warehouse loader"}
    years = {"startDate": scene.day(-1500), "endDate": scene.day(-60)}
    return {
        "resourceType": "ParticipantProfile",
        "firstName": "Elvis",
        "lastName": surname(dice),
        "birthDate": birth(dice).isoformat(),
        "ssn": f"{dice.choice(('000', '666'))}0{dice.randrange(100_000):05}",
        "pirlUniqueId": f"E{dice.randrange(10**11):011}",
        "address": [{"use": "home", "line": [f"{dice.randrange(1, 9999)} Example Street"],
                     "city": "Jackson", "state": "MS", "countyFips": "28049"}],
        "telecom": [{"system": "phone", "value": phone(dice), "preferred": True}],
        "veteranStatus": "1",
        "militaryService": [{**service, "separationDate": scene.day(-1600)}],
        "employmentStatus": "0",
        "educationLevel": "0",
        "highestGrade": 10,
        "workHistory": [{**last_job, "onetSoc": "53-7062", **years}],
        "householdSize": 3,
        "localWorkforceArea": "southcentral-ms-works",
        "status": "active",
    }  # fmt: skip


def _consent(scene: Scene, client: str, regime: str, scope: str) -> None:
    """Propose a consent that was signed at the center; the agency that discloses activates it."""
    proposed = scene.systems[WORKFORCE].post("Consent", {
        "resourceType": "Consent",
        "participant": scene.who,
        "partner": to(f"Partner/{WORKFORCE}"),
        "regime": regime,
        "disclosingAgency": to(AGENCIES[client]),
        "recipients": [to(AGENCIES[WORKFORCE])],
        "scope": scope,
        "method": "written",
        "givenBy": "participant",
        "grantedOn": scene.day(0),
        "status": "proposed",
    })  # fmt: skip
    system = scene.systems[client]
    active = system.patch(system.read(reference(proposed)), {"status": "active"})
    scene.tell(0, client, "The consent that Elvis signed at the center takes effect.", active)


def six_questions(scene: Scene) -> None:
    """Ask the six questions, show what they propose, and complete the assessment."""
    scene.story.act("Act 2: the six questions")
    system, about = scene.systems[WORKFORCE], f"{scene.person['id']}"
    body = {
        "resourceType": "ParticipantServiceAssessment",
        "participant": scene.who,
        "questionnaireVersion": "1",
        "status": "completed",
        "mode": "staff-assisted",
        "completedAt": scene.at(0),
        "partner": to(system.partner),
        "localCenter": CENTER,
        **ANSWERS,
    }
    shown = system.post("ParticipantServiceAssessment/$preview", body)
    scene.tell(0, WORKFORCE, f"The answers propose: {'; '.join(titles(shown, 'card'))}.")
    done = system.post("ParticipantServiceAssessment", body)
    made = system.found(f"Referral?participant={about}&_sort=authored-on")
    text = f"Elvis keeps every card; {len(made)} referrals are made in the same commit."
    scene.tell(0, WORKFORCE, text, done, *made)


def titles(answer: Body, name: str) -> list[str]:
    """Return the titles of the parts of that name in the answer of an operation, in order."""
    parts = [part for each in answer["parameter"] if each["name"] == name for part in each["part"]]
    return [part["valueString"] for part in parts if part["name"] == "title"]


def first_plan(scene: Scene) -> None:
    """Show the report card, and store the plan that the hub builds for a truck driver."""
    scene.story.act("Act 3: the report card and the plan")
    card = scene.systems[WORKFORCE].read(f"ParticipantProfile/{scene.person['id']}/$report-card")
    best = "; ".join(titles(card, "recommendation")[:3])
    scene.tell(0, WORKFORCE, f"The report card recommends: {best}.")
    plan(scene, TRUCK_DRIVER, 52_000, 0)
    (kept,) = (each["resource"] for each in card["parameter"] if each["name"] == "plan")
    change = {"reportCard": kept["reportCard"]}
    scene.plan = scene.systems[WORKFORCE].patch(scene.plan, change)
    scene.tell(0, WORKFORCE, "The report card goes into the plan.", scene.plan)


def plan(scene: Scene, occupation: str, salary: int, number: int) -> None:
    """Store the plan that the hub builds for a goal chosen on that day."""
    system = scene.systems[WORKFORCE]
    asked = [
        {"name": "participant", "valueReference": scene.who},
        {"name": "occupation", "valueCode": occupation},
        {"name": "desiredAnnualSalary", "valueDecimal": salary},
    ]
    built = system.post(
        "ParticipantSuccessPlan/$build", {"resourceType": "Parameters", "parameter": asked}
    )
    built["careerGoal"]["chosenOn"] = scene.day(number)
    scene.plan = system.post("ParticipantSuccessPlan", built)
    goal, way = scene.plan["careerGoal"]["title"], scene.plan["pathway"]
    text = f"A tentative plan: goal {goal}, pathway {way}, {len(scene.plan['schedule'])} steps."
    scene.tell(number, WORKFORCE, text, scene.plan)
