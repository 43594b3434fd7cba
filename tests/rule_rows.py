"""Rows about one person for tests of rules, and how a write of one is put to a workflow."""

from app.rules.workflow import Actor, Move
from app.rules.workflows import workflow

PERSON = "ParticipantProfile/p1"
ENROLLMENT = "ParticipantServiceEnrollment"
WORKFORCE = Actor("Partner/mdes-mississippi-works", "Agency/mdes")
STAFF = Actor()


def at(reference):
    return {"reference": reference}


def an_enrollment(id="e1", service="career-counseling", program="title3-wagner-peyser", **changes):
    return {
        "resourceType": ENROLLMENT,
        "id": id,
        "participant": at(PERSON),
        "service": at(f"Service/{service}"),
        "program": at(f"Program/{program}"),
        "partner": at("Partner/mdes-mississippi-works"),
        "status": "completed" if "endDate" in changes else "enrolled",
        "enrollmentDate": "2026-01-05",
        **changes,
    }


def a_score(id="s1", **changes):
    return {
        "resourceType": "ParticipantScore",
        "id": id,
        "participant": at(PERSON),
        "assessment": at("Assessment/tabe-11-12"),
        "functionalArea": "reading",
        "administeredOn": "2026-02-02",
        "testType": "pre",
        "score": 480,
        "partner": at("Partner/mccb-adult-education"),
        "status": "final",
        **changes,
    }


def a_credential(id="c1", **changes):
    return {
        "resourceType": "ParticipantCredential",
        "id": id,
        "participant": at(PERSON),
        "credential": at("Credential/cna"),
        "credentialType": "6",
        "attainedOn": "2026-02-02",
        "expiresOn": "2028-02-01",
        "verification": "transcript",
        "partner": at("Partner/mdes-mississippi-works"),
        "status": "earned",
        **changes,
    }


def name_of(body):
    return f"{body['resourceType']}/{body['id']}"


def completed(body, facts, former=None, actor=WORKFORCE):
    """Return the move of a write, with what the hub sets."""
    move = Move(name_of(body), former, body, actor)
    return Move(name_of(body), former, rules(body).complete(move, facts), actor)


def faults(body, facts, former=None, actor=WORKFORCE):
    """Return the pointers of the faults of a write with their details."""
    move = completed(body, facts, former, actor)
    return [(each.pointer, each.detail) for each in rules(body).faults(move, facts)]


def warned(body, facts):
    return [each.detail for each in rules(body).warnings(completed(body, facts), facts)]


def write(body, facts, former=None, actor=WORKFORCE):
    """Add a row and all that follows from it to the facts; return it as it became."""
    former = former or facts.row(name_of(body))
    move = completed(body, facts, former, actor)
    facts.add(move.reference, move.body)
    follow(move, facts)
    return facts.row(move.reference)


def follow(move, facts):
    for effect in workflow(move.body["resourceType"]).effects(move, facts):
        former = facts.row(effect.reference)
        if effect.body != former:
            body = {**effect.body, "id": former["id"]}
            made = Move(effect.reference, former, body, move.actor, is_effect=True)
            whole = rules(body).complete(made, facts)
            facts.add(effect.reference, whole)
            follow(Move(effect.reference, former, whole, move.actor, is_effect=True), facts)


def rules(body):
    return workflow(body["resourceType"])
