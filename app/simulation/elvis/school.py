"""The acts in which Human Services and Adult Education serve Elvis: food, class, equivalency."""

from app.simulation.elvis.referral_work import contacted, finished, served, waiting
from app.simulation.elvis.scene import BENEFITS, EDUCATION, WORKFORCE, Scene
from app.simulation.system import Body, to

TABE = to("Assessment/tabe-11-12")
HOURS = 62


def food(scene: Scene) -> None:
    """Serve the referral to SNAP."""
    scene.story.act("Act 4: food on the table")
    referral = contacted(scene, BENEFITS, waiting(scene, BENEFITS), 1)
    program = {"service": to("Service/snap-benefit"), "program": to("Program/snap")}
    served(scene, BENEFITS, referral, 12, **program)


def class_begins(scene: Scene) -> Body:
    """Serve the referral to Adult Education; return the enrollment in class."""
    scene.story.act("Act 5: back to school")
    referral = contacted(scene, EDUCATION, waiting(scene, EDUCATION), 1)
    scene.refresh()
    item = scene.plan["schedule"][0]
    told = {each: item[each] for each in ("service", "program", "provider") if each in item}
    enrollment = served(scene, EDUCATION, referral, 10, **told)
    scene.refresh()
    text = f"The plan follows by itself: it is {scene.plan['status']} now."
    scene.tell(10, EDUCATION, text, scene.plan)
    return enrollment


def gain(scene: Scene, enrollment: Body) -> None:
    """Test before and after class; complete it."""
    system = scene.systems[EDUCATION]
    common = {
        "resourceType": "ParticipantScore",
        "participant": scene.who,
        "assessment": TABE,
        "functionalArea": "reading",
        "level": "D",
        "partner": to(system.partner),
        "status": "final",
    }
    before = {"form": "11", "testType": "pre", "score": 560, "administeredOn": scene.day(11)}
    first = system.post("ParticipantScore", common | before)
    text = f"The pre-test in reading: functioning level {first['efl']}."
    scene.tell(11, EDUCATION, text, first)
    after = {"form": "12", "testType": "post", "score": 600, "administeredOn": scene.day(95)}
    more = {"instructionHours": HOURS, "comparedWith": to(first)}
    second = system.post("ParticipantScore", common | after | more)
    done = finished(scene, EDUCATION, enrollment, 98, contactHours=HOURS)
    text = f"The post-test after {HOURS} hours: level {second['efl']}, a measurable skill gain."
    scene.tell(95, EDUCATION, text, second, done)


def equivalency(scene: Scene, enrollment: Body) -> None:
    """Record the diploma, which changes the pathway."""
    scene.story.act("Act 6: the equivalency")
    made = credential(scene, EDUCATION, "hse-diploma", 110, enrollment)
    scene.change(111, educationLevel="2")
    scene.refresh()
    text = f"Elvis passed: a high school equivalency. His pathway is {scene.plan['pathway']} now."
    scene.tell(110, EDUCATION, text, made, scene.plan)


def credential(scene: Scene, client: str, name: str, number: int, enrollment: Body) -> Body:
    """Record a credential that was attained on that day; return it."""
    system = scene.systems[client]
    kind = system.read(f"Credential/{name}")["pirlCredentialType"]
    return system.post("ParticipantCredential", {
        "resourceType": "ParticipantCredential",
        "participant": scene.who,
        "credential": to(f"Credential/{name}"),
        "credentialType": kind,
        "attainedOn": scene.day(number),
        "enrollment": to(enrollment),
        "verification": "certificate-copy",
        "partner": to(system.partner),
        "status": "earned",
    })  # fmt: skip


def back_to_workforce(scene: Scene) -> Body:
    """Refer Elvis back as the plan's next step; return the referral once contact is made."""
    item = training_item(scene)
    source = scene.systems[EDUCATION]
    made = source.post("Referral", {
        "resourceType": "Referral",
        "participant": scene.who,
        "origin": "pathway-step",
        "sourceAgency": to("Agency/mccb"),
        "sourcePartner": to(source.partner),
        "targetAgency": to("Agency/mdes"),
        "targetPartner": to(f"Partner/{WORKFORCE}"),
        "targetPrograms": [item["program"]],
        "requestedServices": [item["service"]],
        "priority": "routine",
        "authoredOn": scene.at(112),
        "status": "requested",
        "planItem": {"successPlan": to(scene.plan), "itemId": item["itemId"]},
    })  # fmt: skip
    scene.tell(112, EDUCATION, "Elvis is referred back, for the next step of his plan.", made)
    return contacted(scene, WORKFORCE, waiting(scene, WORKFORCE), 113)


def training_item(scene: Scene) -> Body:
    """Return the plan's step that leads to the goal's own credential."""
    scene.refresh()
    return next(
        each
        for each in scene.plan["schedule"]
        if each.get("expectedCredential", {}).get("reference") not in (None, HSE)
    )


HSE = "Credential/hse-diploma"
