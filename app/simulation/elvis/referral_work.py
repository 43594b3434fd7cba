"""How a target agency works a referral in the story: from its worklist to the enrollment."""

from app.simulation.elvis.scene import AGENCIES, Scene
from app.simulation.story import Derailed
from app.simulation.system import Body, reference, to


def waiting(scene: Scene, client: str) -> Body:
    """Return the person's new referral on the worklist of a client's agency."""
    asked = f"participant={scene.person['id']}&target-agency={AGENCIES[client]}&status=requested"
    found = scene.systems[client].found(f"Referral?{asked}")
    if len(found) != 1:
        raise Derailed(f"One referral should wait for {client}; there are {len(found)}.")
    return found[0]


def contacted(scene: Scene, client: str, referral: Body, number: int) -> Body:
    """Acknowledge, accept and make contact, from that day on; return the referral."""
    system = scene.systems[client]
    talk = {"at": scene.at(number + 2), "method": "phone", "result": "reached"}
    for days, status, text, more in (
        (0, "received", "The referral is received.", {}),
        (1, "accepted", "A caseworker accepts it.", {}),
        (2, "in-progress", "The caseworker reaches Elvis by phone.", {"contactAttempts": [talk]}),
    ):
        move = {"status": status, "movedOn": scene.at(number + days), **more}
        referral = system.patch(referral, move)
        scene.tell(number + days, client, text, referral)
    return referral


def served(scene: Scene, client: str, referral: Body, number: int, **enrollment: object) -> Body:
    """Enroll the person, close the referral as served; return the enrollment."""
    system = scene.systems[client]
    made = system.post("ParticipantServiceEnrollment", {
        "resourceType": "ParticipantServiceEnrollment",
        "participant": scene.who,
        "partner": to(system.partner),
        "status": "enrolled",
        "enrollmentDate": scene.day(number),
        "referral": to(referral),
        **enrollment,
    })  # fmt: skip
    end = {"status": "closed", "movedOn": scene.at(number), "outcome": "served"}
    closed = system.patch(referral, {**end, "resultEnrollment": to(reference(made))})
    text = "Elvis is enrolled, and the referral is closed as served."
    scene.tell(number, client, text, made, closed)
    return made


def finished(scene: Scene, client: str, enrollment: Body, number: int, **more: object) -> Body:
    """Complete an enrollment on that day; return it."""
    system = scene.systems[client]
    current = system.read(reference(enrollment))
    end = {"status": "completed", "endDate": scene.day(number), "completed": True, **more}
    return system.patch(current, end)
