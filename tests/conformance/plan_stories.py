"""Stories of a success plan, as short as they are told: the plans, who wrote which."""

from conformance.evaluators import verdict
from conformance.reading.plan_writes import LEAD, PLAN
from evidence import a_world, by, get, post, put, seen

ONE, TWO, OLD = f"{PLAN}/1", f"{PLAN}/2", "ParticipantProfile/old"
TRUCKS, DIESEL = "53-3032", "49-3031"
US, THEM = "Partner/mdes-mississippi-works", "Partner/mccb-adult-education"
WORLD = a_world(
    plan={
        "reference": ONE,
        "atOnce": "lab-1",
        "outage": "outage",
        "echo": "follow",
        "day": "2027-03-09",
        "thrice": "thrice",
        "late": "late",
        "goal": DIESEL,
        "merged": OLD,
        "audit": "last",
        "facts": {"the class": {"itemId": "class-1", "status": "planned"}},
    }
)


def row(name, status="planned", **more):
    return {"itemId": name, "sequence": 1, "status": status, **more}


CLASS, LAB, OURS = row("class-1"), row("lab-1"), row("ours-1")


def a_plan(id=1, version=0, *rows, goal=TRUCKS, status="active", marks=()):
    plan = {
        "resourceType": PLAN,
        "participant": {"reference": "ParticipantProfile/p"},
        "status": status,
        "careerGoal": {"onetSoc": goal},
        "schedule": list(rows),
        "extension": [mark(*each) for each in marks],
    }
    known = {"id": str(id), "meta": {"versionId": str(version)}} if version else {}
    return plan | known


def mark(url, value):
    if isinstance(value, str) and "/" in value:
        return {"url": url, "valueReference": {"reference": value}}
    return {"url": url, "valueInteger" if isinstance(value, int) else "valueCode": value}


def began(*rows, marks=((LEAD, US),)):
    """Return how adult education began the plan, which stands as version 1."""
    body = a_plan(1, 1, CLASS, *rows, marks=marks)
    return by("adult-education", post(PLAN, a_plan(1, 0, CLASS, *rows), answer=body))


def reads(plan):
    return get(f"{PLAN}/{plan['id']}", plan)


def writes(before, after, status=200):
    """Return the PUT of a plan made from a version, which becomes the next one."""
    version = before["meta"]["versionId"]
    answer = after | {"id": before["id"], "meta": {"versionId": str(int(version) + 1)}}
    made = {} if status != 200 else {"answer": answer}
    tag = f'W/"{version}"'
    return put(f"{PLAN}/{before['id']}", after, status, **made, if_match=tag)


def begins(plan, id=2, status=201):
    answer = plan | {"id": str(id), "meta": {"versionId": "1"}}
    return post(PLAN, plan, status, answer if status == 201 else {})


def word(requirement, *exchanges):
    return verdict(requirement, seen(*exchanges), WORLD).word


FIRST = a_plan(1, 1, CLASS, marks=[(LEAD, US)])
JOINED = a_plan(1, 2, CLASS, OURS, marks=[(LEAD, US)])
