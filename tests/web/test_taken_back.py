"""What follows from a row goes when the row is deleted, as if it had been entered in error."""

import pytest

from agencies import a_state
from builders import a_profile, an_example

ENROLLMENT, SCORE = "ParticipantServiceEnrollment", "ParticipantScore"
CREDENTIAL, PLAN = "ParticipantCredential", "ParticipantSuccessPlan"
ANY = {"If-Match": "*"}
CLASS = {
    "service": {"reference": "Service/abe-instruction"},
    "program": {"reference": "Program/title2-aefla"},
    "partner": {"reference": "Partner/mccb-adult-education"},
    "enrollmentDate": "2026-01-05",
}
DIPLOMA = {"credential": {"reference": "Credential/hse-diploma"}, "credentialType": "1"}
TEST = {
    "assessment": {"reference": "Assessment/tabe-11-12"},
    "functionalArea": "reading",
    "partner": {"reference": "Partner/mccb-adult-education"},
    "status": "final",
}


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    folder = tmp_path_factory.mktemp("taken")
    with a_state(embedded_uri, folder) as made:
        yield made


@pytest.fixture(scope="module")
def http(state):
    return state.client("state-staff")


def made(http, body):
    reply = http.post(f"/v1/{body['resourceType']}", json=body)
    assert reply.status_code == 201, reply.text
    return reply.json


def now(http, row):
    return http.get(f"/v1/{row['resourceType']}/{row['id']}").json


def deleted(http, row):
    reply = http.delete(f"/v1/{row['resourceType']}/{row['id']}", headers=ANY)
    assert reply.status_code == 204, reply.text


@pytest.fixture
def person(http):
    profile = made(http, a_profile())
    return {"participant": {"reference": f"ParticipantProfile/{profile['id']}"}}


def test_a_deleted_enrollment_parts_the_periods_that_it_joined(http, person):
    days = (
        ("2025-01-06", "2025-01-31"),
        ("2025-04-07", "2025-05-30"),
        ("2025-07-07", "2025-07-31"),
    )
    first, between, last = (
        made(http, an_example(ENROLLMENT) | person | ended | {"status": "completed"})
        for ended in ({"enrollmentDate": begin, "endDate": end} for begin, end in days)
    )
    joined = now(http, first)["period"], now(http, last)["period"]

    deleted(http, between)

    assert joined[0] == joined[1]
    assert now(http, first)["period"] == first["period"]
    assert now(http, last)["period"] == {
        "periodId": last["id"], "programEntryDate": "2025-07-07", "programExitDate": "2025-07-31",
    }  # fmt: skip


@pytest.mark.parametrize("which", [0, 1])
def test_a_deleted_score_takes_its_gain_back(http, person, which):
    school = made(http, an_example(ENROLLMENT) | person | CLASS)
    takes = (("pre", 480, "2026-02-02"), ("post", 520, "2026-04-02"))
    scores = [
        made(http, {"resourceType": SCORE, **person, **TEST, "testType": kind, "score": score,
                    "administeredOn": day})
        for kind, score, day in takes
    ]  # fmt: skip
    gained = now(http, school)["educationProgress"]

    deleted(http, scores[which])

    assert gained == {"msgEfl": "2026-04-02"}
    assert "educationProgress" not in now(http, school)


def test_a_deleted_diploma_leads_the_person_back(http, person):
    plan = made(http, an_example(PLAN) | person)
    diploma = made(http, an_example(CREDENTIAL) | person | DIPLOMA)
    before = plan["pathway"], now(http, plan)["pathway"]

    deleted(http, diploma)

    assert before[0] == "smart-start" != before[1]
    assert now(http, plan)["pathway"] == "smart-start"
