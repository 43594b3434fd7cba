"""The last act: what must be true in the end, as the hub tells it, and who did what."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from app.simulation.elvis.scene import CAST, DIESEL_MECHANIC, LASTS, STAFF, Scene
from app.simulation.system import Body, reference

STAGES = ("smart-start", "training", "workforce", "training", "workforce")
EARNED = ("Credential/cdl-a", "Credential/diesel-technician-certificate", "Credential/hse-diploma")
ACTIONS = {"C": "created", "R": "read", "U": "changed", "D": "deleted", "E": "searched or asked"}
"""FHIR action of an AuditEvent → the word for it."""


@dataclass(frozen=True)
class Fact:
    """A sentence that must be true in the end, and whether it is."""

    text: str
    holds: bool


def ending(scene: Scene) -> list[Fact]:
    """Tell how it ended and who did what; return the final facts."""
    scene.story.act("Epilogue: what the hub holds")
    scene.refresh()
    found = list(_facts(scene))
    for each in found:
        scene.tell(LASTS, STAFF, f"{'True' if each.holds else 'NOT TRUE'}: {each.text}.")
    scene.tell(LASTS, STAFF, "The one record of Elvis:", scene.person)
    done = deeds(scene)
    for client, name in CAST.items():
        told = ", ".join(f"{word} {count}" for word, count in sorted(done[client].items()))
        scene.tell(LASTS, STAFF, f"By the audit trail, {name} {told or 'did nothing'}.")
    witnesses = all(done[client].total() for client in CAST)
    return [*found, Fact("the audit trail names every system that took part", witnesses)]


def _facts(scene: Scene) -> Iterator[Fact]:
    jobs = scene.person.get("workHistory", ())
    now = [
        each for each in jobs if each.get("onetSoc") == DIESEL_MECHANIC and "endDate" not in each
    ]
    is_employed = bool(now) and scene.person["employmentStatus"] == "1"
    yield Fact("Elvis is employed as a diesel mechanic", is_employed)
    credentials = [each for each in _about(scene, "ParticipantCredential") if _is_earned(each)]
    names = sorted(each["credential"]["reference"] for each in credentials)
    yield Fact("he holds three credentials", names == [*EARNED])
    plans = _about(scene, "ParticipantSuccessPlan")
    yield Fact(f"his plans went through {', '.join(STAGES)}", stages(scene, plans) == STAGES)
    are_done = [each["status"] for each in plans] == ["completed", "completed"]
    yield Fact("both plans are completed", are_done)
    outcomes = [each.get("outcome") for each in _about(scene, "Referral")]
    yield Fact("all three referrals ended with a service", outcomes == ["served"] * 3)
    classes, courses = (_enrollments(scene, each) for each in ("title2-aefla", "title1-adult"))
    gains = ["msgEfl" in each.get("educationProgress", {}) for each in classes]
    yield Fact("his class shows a measurable skill gain", gains == [True])
    periods = {each["period"]["periodId"] for each in courses}
    yield Fact("his return began a new period of participation", len(periods) == len(courses) > 1)


def stages(scene: Scene, plans: list[Body]) -> tuple[str, ...]:
    """Return the pathways of all versions of plans, oldest first, each change once."""
    found: list[str] = []
    for each in sorted(plans, key=lambda plan: plan["startedOn"]):
        versions = scene.systems[STAFF].found(f"{reference(each)}/_history?_count=200")
        versions.sort(key=lambda version: int(version["meta"]["versionId"]))
        found += [version["pathway"] for version in versions]
    return tuple(name for name, _ in groupby(found))


def deeds(scene: Scene) -> dict[str, Counter[str]]:
    """Return how often each client did what with the person's facts, as the audit trail says."""
    done: dict[str, Counter[str]] = {client: Counter() for client in CAST}
    path = f"AuditEvent?patient=ParticipantProfile/{scene.person['id']}&_count=200"
    for event in scene.systems[STAFF].found(path):
        client = event["agent"][0]["who"].get("identifier", {}).get("value")
        if client in done:
            done[client][ACTIONS[event["action"]]] += 1
    return done


def _about(scene: Scene, kind: str) -> list[Body]:
    return scene.systems[STAFF].found(f"{kind}?participant={scene.person['id']}")


def _is_earned(credential: Body) -> bool:
    return bool(credential["status"] == "earned")


def _enrollments(scene: Scene, program: str) -> list[Body]:
    rows = _about(scene, "ParticipantServiceEnrollment")
    return [each for each in rows if each["program"]["reference"] == f"Program/{program}"]
