"""Stories of one participant whom several agencies keep: who read, who wrote, which version."""

from conformance.evaluators import verdict
from conformance.scenario.records import numbers
from evidence import a_profile, a_world, during, get, put, seen, sent

WORLD = a_world(
    profiles={
        "elvis": "ParticipantProfile/e1",
        "twin": "ParticipantProfile/t1",
        "merged": "ParticipantProfile/old",
        "survivor": "ParticipantProfile/new",
    }
)
E1, T1 = "ParticipantProfile/e1", "ParticipantProfile/t1"
OWN = WORLD["canary"]["phone"]
UNKNOWN_NUMBER = numbers(WORLD)["unknown"]
ALIVE = during("A4-later", get("Program"))


def word(requirement, *story):
    return verdict(requirement, seen(*story), WORLD).word


def phone(number):
    return {"telecom": [{"system": "phone", "value": number}]}


def formatted(number):
    """Return a number as people in the area write it, which the profile's schema takes too."""
    return f"+1 ({number[:3]}) {number[4:]} x12"


def read(version, id="e1", **more):
    return get(f"ParticipantProfile/{id}", a_profile(id, version, **more))


def wrote(version, id="e1", status=200, **more):
    """Return an update made on a version."""
    answer = a_profile(id, version + 1, **more) if status == 200 else None
    body = a_profile(id, version, **more)
    tag = f'W/"{version}"'
    return put(f"ParticipantProfile/{id}", body, status, answer, if_match=tag)


def patched(reference, patch, version=2, status=200):
    """Return a patch of either kind on a version, whose answer brings no body."""
    told = {"answer_etag": f'W/"{version + 1}"'} if status == 200 else {}
    return sent("PATCH", reference, patch, status, None, if_match=f'W/"{version}"', **told)
