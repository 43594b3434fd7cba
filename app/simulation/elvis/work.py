"""The acts in which Elvis learns to drive, drives, comes back, and becomes a diesel mechanic."""

from app.simulation.elvis.first_visit import matches, plan
from app.simulation.elvis.referral_work import finished, served
from app.simulation.elvis.scene import COLLEGE, DIESEL_MECHANIC, TRUCK_DRIVER, WORKFORCE, Scene
from app.simulation.elvis.school import back_to_workforce, credential, training_item
from app.simulation.story import Derailed
from app.simulation.system import Body, to

DRIVES, LEAVES, RETURNS = 210, 455, 460
"""Days of the story: more than 90 without a service, so that a new period begins."""


def licence(scene: Scene) -> None:
    """Train Elvis as a truck driver, on the referral that brought him back."""
    scene.story.act("Act 7: the commercial driver's license")
    referral = back_to_workforce(scene)
    item = training_item(scene)
    told = _of_item(scene, item, TRUCK_DRIVER)
    enrollment = served(scene, WORKFORCE, referral, 125, **told)
    done = finished(scene, WORKFORCE, enrollment, 190)
    made = credential(scene, COLLEGE, "cdl-a", 192, enrollment)
    scene.refresh()
    text = f"Elvis has his license. His pathway is {scene.plan['pathway']} now."
    scene.tell(192, COLLEGE, text, done, made, scene.plan)


def on_the_road(scene: Scene) -> None:
    """Record the job as a truck driver, which completes the plan."""
    scene.story.act("Act 8: on the road")
    hired(scene, "Example Long Haul LLC", "Truck driver", TRUCK_DRIVER, DRIVES)


def hired(scene: Scene, employer: str, title: str, occupation: str, number: int) -> None:
    """Record a job that began on that day."""
    job = {"employerName": employer, "title": title, "onetSoc": occupation}
    scene.refresh()
    history = [*scene.person.get("workHistory", ()), {**job, "startDate": scene.day(number)}]
    scene.change(number, workHistory=history, employmentStatus="1")
    scene.refresh()
    text = f"Elvis is hired: {title.lower()} at {employer}. The plan is {scene.plan['status']}."
    scene.tell(number, WORKFORCE, text, scene.person, scene.plan)


def re_entry(scene: Scene) -> None:
    """Find Elvis again, by the number that the hub knows, and make a new plan."""
    scene.story.act("Act 9: Elvis comes back")
    scene.refresh()
    past = [
        each if "endDate" in each else {**each, "endDate": scene.day(LEAVES)}
        for each in scene.person["workHistory"]
    ]
    if matches(scene)[:1] != ["certain"]:
        raise Derailed("The hub does not know Elvis again.")
    scene.tell(RETURNS, WORKFORCE, "Elvis walks in again; this time the hub knows him.")
    scene.change(RETURNS, workHistory=past, employmentStatus="0")
    plan(scene, DIESEL_MECHANIC, 55_000, RETURNS)


def diesel(scene: Scene) -> None:
    """Train Elvis as a diesel mechanic; then he works as one."""
    scene.story.act("Act 10: the diesel mechanic")
    item = training_item(scene)
    link = {"planItem": {"successPlan": to(scene.plan), "itemId": item["itemId"]}}
    system, start = scene.systems[WORKFORCE], RETURNS + 5
    enrollment = system.post("ParticipantServiceEnrollment", {
        "resourceType": "ParticipantServiceEnrollment",
        "participant": scene.who,
        "partner": to(system.partner),
        "status": "enrolled",
        "enrollmentDate": scene.day(start),
        **_of_item(scene, item, DIESEL_MECHANIC),
        **link,
    })  # fmt: skip
    text = "Elvis is enrolled in diesel technology; a new period of participation begins."
    scene.tell(start, WORKFORCE, text, enrollment)
    done = finished(scene, WORKFORCE, enrollment, 700)
    made = credential(scene, COLLEGE, "diesel-technician-certificate", 702, enrollment)
    scene.refresh()
    text = f"Elvis has his certificate. His pathway is {scene.plan['pathway']} now."
    scene.tell(702, COLLEGE, text, done, made, scene.plan)
    hired(scene, "Example Diesel Works", "Diesel mechanic", DIESEL_MECHANIC, 710)


def _of_item(scene: Scene, item: Body, occupation: str) -> Body:
    """Return what an enrollment in training takes from the plan's step."""
    service = scene.systems[WORKFORCE].read(item["service"]["reference"])
    told: Body = {name: item[name] for name in ("service", "program", "provider") if name in item}
    return {**told, "trainingServiceType": service["pirlCode"], "occupationCode": occupation}
