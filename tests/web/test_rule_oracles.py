"""No rule and no operation tells whom vocational rehabilitation knows from others.

34 CFR 361.38. Of two people who differ in nothing else everything is asked and written alike; the
answers must not differ either.
"""

import re

import pytest

from agencies import a_state
from builders import a_profile, an_example

VARYING = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "ID"),
    (re.compile(r"TEST[0-9]{8}"), "NUMBER"),
    (re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+(Z|[+-][0-9:]+)"), "MOMENT"),
)
"""What no two answers have in common."""
VR = {"reference": "Partner/mdrs-vr"}
PROGRAM = {"reference": "Program/title4-vr"}
TO_VR = {
    "targetAgency": {"reference": "Agency/mdrs"},
    "targetPartner": VR,
    "targetPrograms": [PROGRAM],
}
PARTNERS = {
    "mdes": ("Partner/mdes-mississippi-works", "Agency/mdes", "title3-wagner-peyser"),
    "mdhs": ("Partner/mdhs-eligibility", "Agency/mdhs", "snap"),
}
ANY = {"If-Match": "*"}
GOAL = {"onetSoc": "53-3032", "title": "Heavy and Tractor-Trailer Truck Drivers"}


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("rule-oracles")) as made:
        yield made


class Person:
    """A participant with a plan; `is_client` says that vocational rehabilitation serves it."""

    def __init__(self, staff, *, is_client):
        self.staff = staff
        job = {"onetSoc": "53-3032", "title": "Driver", "startDate": "2020-01-06"}
        self.profile = self.made(a_profile(educationLevel="3", workHistory=[job]))
        self.reference = {"reference": f"ParticipantProfile/{self.profile['id']}"}
        items = [an_item("item-1")] + ([an_item("item-2", program=PROGRAM)] if is_client else [])
        plan = an_example("ParticipantSuccessPlan") | {
            "participant": self.reference, "careerGoal": GOAL, "schedule": items,
        }  # fmt: skip
        if is_client:
            self.serve()
        self.plan = self.made(plan)

    def serve(self):
        """Make all that vocational rehabilitation may have on somebody."""
        mine = {"participant": self.reference, "partner": VR}
        self.made(an_example("ParticipantServiceEnrollment") | mine | {
            "service": {"reference": "Service/vr-counseling-guidance"}, "program": PROGRAM,
        })  # fmt: skip
        for source in ("mccb-adult-education", "mdrs-vr"):
            agency = source.partition("-")[0]
            self.made(an_example("Referral") | TO_VR | {
                "participant": self.reference,
                "sourceAgency": {"reference": f"Agency/{agency}"},
                "sourcePartner": {"reference": f"Partner/{source}"},
            }, {201, 409})  # fmt: skip
        self.made(a_score() | mine | {"administeredOn": "2025-02-03"})
        self.made(a_diploma() | mine)

    def made(self, body, expected=frozenset({201})):
        reply = self.staff.post(f"/v1/{body['resourceType']}", json=body)
        assert reply.status_code in expected, reply.text
        return reply.json


def an_item(name, **more):
    service = {"reference": "Service/job-search-placement"}
    return {"itemId": name, "sequence": 1, "service": service, "status": "planned", **more}


def a_score():
    return {
        "resourceType": "ParticipantScore",
        "assessment": {"reference": "Assessment/tabe-11-12"},
        "functionalArea": "reading",
        "administeredOn": "2025-06-03",
        "testType": "pre",
        "score": 560,
        "status": "final",
    }


def a_diploma():
    return {
        "resourceType": "ParticipantCredential",
        "credential": {"reference": "Credential/hse-diploma"},
        "credentialType": "1",
        "attainedOn": "2025-03-03",
        "verification": "transcript",
        "status": "earned",
    }


def questions(person, name):
    """Return an assessment by an agency whose answers give every card."""
    return {
        "resourceType": "ParticipantServiceAssessment",
        "participant": person.reference,
        "questionnaireVersion": "1",
        "status": "completed",
        "mode": "staff-assisted",
        "partner": {"reference": PARTNERS[name][0]},
        "hasHighSchoolCredential": "no",
        "hasFunctionalDifficulty": "yes",
        "isCaretakerOfDeprivedChild": "yes",
        "needsFoodAssistance": "yes",
        "workingStatus": "no",
        "isDisconnectedYouth": "yes",
    }


def asks(http, person, name):
    """Yield the answer to each question and write of an agency about a person."""
    partner, agency, program = PARTNERS[name]
    mine = {"participant": person.reference, "partner": {"reference": partner}}
    plan = f"/v1/ParticipantSuccessPlan/{person.plan['id']}"
    path = f"/v1/{person.reference['reference']}"
    referral = an_example("Referral") | TO_VR | {
        "participant": person.reference,
        "sourceAgency": {"reference": agency},
        "sourcePartner": {"reference": partner},
    }  # fmt: skip
    build = [
        {"name": "participant", "valueReference": person.reference},
        {"name": "occupation", "valueCode": "53-3032"},
    ]
    enrollment = an_example("ParticipantServiceEnrollment") | mine | {
        "service": {"reference": "Service/job-search-placement"},
        "program": {"reference": f"Program/{program}"},
    }  # fmt: skip
    known = {k: person.profile[k] for k in ("resourceType", "firstName", "pirlUniqueId")}
    asked = questions(person, name)
    yield "match", http.post("/v1/ParticipantProfile/$match", json=known)
    yield "preview", http.post("/v1/ParticipantServiceAssessment/$preview", json=asked)
    told = {"resourceType": "Parameters", "parameter": build}
    yield "build", http.post("/v1/ParticipantSuccessPlan/$build", json=told)
    yield "report card", http.get(f"{path}/$report-card")
    for body in (referral, asked, a_score() | mine, a_diploma() | mine, enrollment):
        yield "validate", http.post(f"/v1/{body['resourceType']}/$validate", json=body)
    for word in ("planned", "enrolled"):
        items = [an_item("item-1"), an_item("item-2", status=word)]
        yield "items", http.patch(plan, json={"schedule": items}, headers=ANY)
    for change in ({"status": "completed"}, {"careerGoal": GOAL | {"onetSoc": "49-3031"}}):
        yield "plan", http.patch(plan, json=change, headers=ANY)
    for item in ("item-1", "item-2", "item-3"):
        link = {"successPlan": {"reference": plan[4:]}, "itemId": item}
        for body in (enrollment, referral):
            linked = body | {"planItem": link}
            yield "plan item", http.post(f"/v1/{body['resourceType']}/$validate", json=linked)
    yield "enroll", http.post("/v1/ParticipantServiceEnrollment", json=enrollment)
    yield "score", http.post("/v1/ParticipantScore", json=a_score() | mine)
    yield "assess", http.post("/v1/ParticipantServiceAssessment", json=asked)
    yield "refer", http.post("/v1/Referral", json=referral)
    yield "diploma", http.post("/v1/ParticipantCredential", json=a_diploma() | mine)
    yield "profile", http.patch(path, json={"employmentStatus": "1"}, headers=ANY)
    for kind in ("Referral", "ParticipantServiceEnrollment", "ParticipantSuccessPlan",
                 "ParticipantScore", "ParticipantCredential"):  # fmt: skip
        whose = f"participant={person.reference['reference']}"
        yield kind, http.get(f"/v1/{kind}?{whose}&_total=accurate")
    yield "plan history", http.get(f"{plan}/_history")


def plain(reply):
    text = re.sub(r'"(prev|previous|relation)":"[^"]*"', "", reply.text)
    for pattern, word in VARYING:
        text = pattern.sub(word, text)
    return reply.status_code, text


@pytest.mark.parametrize("name", PARTNERS)
def test_a_client_of_vocational_rehabilitation_is_answered_as_anybody(state, name):
    staff, http = state.client("state-staff"), state.client(name, "referral")
    known, unknown = (
        [(what, *plain(reply)) for what, reply in asks(http, person, name)]
        for person in (Person(staff, is_client=True), Person(staff, is_client=False))
    )

    for one, other in zip(known, unknown, strict=True):
        assert one == other
    assert {200, 201} <= {status for _, status, _ in known}


def test_the_comparison_would_find_a_difference(state):
    """Vocational rehabilitation itself is answered otherwise, so that the rows do count."""
    staff, http = state.client("state-staff"), state.client("mdrs", "referral")
    answers = [
        http.get(f"/v1/Referral?participant={person.reference['reference']}&_summary=count").json
        for person in (Person(staff, is_client=True), Person(staff, is_client=False))
    ]

    assert answers[0]["total"] > answers[1]["total"] == 0
