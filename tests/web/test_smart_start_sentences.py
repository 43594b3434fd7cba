"""Sentences of the domain that hold across types: who sees what of a referral, which clocks run."""

import pytest

from agencies import a_state
from builders import ANSWERS, a_stranger, an_example


@pytest.fixture(scope="module")
def http(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("sentences")) as state:
        yield state.clients()


@pytest.fixture(scope="module")
def referred(http):
    """Return a person, the finished assessment, and the referral to adult education."""
    telecom = [{"system": "phone", "value": "601-555-0142"}]
    person = made(http["mdes"], a_stranger(telecom=telecom))
    about = {"participant": {"reference": f"ParticipantProfile/{person['id']}"}}
    answers = an_example("ParticipantServiceAssessment") | about | ANSWERS
    assessment = made(http["mdes"], answers | {"status": "completed"})
    search = f"/v1/Referral?participant={about['participant']['reference']}"
    found = http["mdes"].get(f"{search}&target-agency=Agency/mccb").json["entry"]
    return person, assessment, found[0]["resource"]


def made(client, body):
    reply = client.post(f"/v1/{body['resourceType']}", json=body)
    assert reply.status_code == 201, reply.text
    return reply.json


def test_the_target_sees_how_to_reach_the_person_and_why(http, referred):
    person, _, referral = referred

    seen = http["mccb"].get(f"/v1/Referral/{referral['id']}").json
    profile = http["mccb"].get(f"/v1/ParticipantProfile/{person['id']}").json

    assert seen["ruleIds"] == ["ISA-R1"]
    assert profile["telecom"] == person["telecom"]


def test_the_target_does_not_see_the_answers_to_other_questions(http, referred):
    _, assessment, referral = referred

    reply = http["mccb"].get(f"/v1/ParticipantServiceAssessment/{assessment['id']}")
    seen = http["mccb"].get(f"/v1/Referral/{referral['id']}").text

    assert not {"needsFoodAssistance", "hasFunctionalDifficulty", "proposals"} & reply.json.keys()
    assert "ISA-R4" not in seen


def test_requested_may_skip_received(http, referred):
    _, _, referral = referred

    reply = http["mccb"].patch(f"/v1/Referral/{referral['id']}", json={"status": "accepted"})

    assert reply.status_code == 200, reply.text
    assert [each["to"] for each in reply.json["statusHistory"]] == ["requested", "accepted"]


def test_ineligible_needs_its_reason(http, referred):
    _, _, referral = referred
    path, closing = f"/v1/Referral/{referral['id']}", {"status": "closed", "outcome": "ineligible"}

    refused = http["mccb"].patch(path, json=closing)
    closed = http["mccb"].patch(path, json=closing | {"eligibilityReason": "Still in high school."})

    assert refused.status_code == 422
    assert "Referral.eligibilityReason" in refused.json["issue"][0]["expression"]
    assert closed.status_code == 200, closed.text


def test_a_programs_own_clock_runs_from_application_and_moves_no_due_date(http):
    days = {
        name: http["mdes"].get(f"/v1/Program/{name}").json["decisionClockDays"]
        for name in ("snap", "title4-vr")
    }
    person = made(http["mdes"], a_stranger())
    body = an_example("Referral", "requested") | {
        "participant": {"reference": f"ParticipantProfile/{person['id']}"},
        "targetPrograms": [{"reference": "Program/snap"}],
    }

    due = made(http["mdes"], {k: v for k, v in body.items() if k != "requestedServices"})

    assert days == {"snap": 30, "title4-vr": 60}
    assert due["dueDates"] == body["dueDates"]


def test_a_plan_is_discontinued_by_hand_and_then_final(http):
    person = made(http["mdes"], a_stranger())
    about = {"participant": {"reference": f"ParticipantProfile/{person['id']}"}}
    plan = made(http["mdes"], an_example("ParticipantSuccessPlan") | about)
    path, current = f"/v1/ParticipantSuccessPlan/{plan['id']}", {"If-Match": "*"}

    ended = http["mdes"].patch(path, json={"status": "discontinued"}, headers=current)
    again = http["mdes"].patch(path, json={"status": "active"}, headers=current)

    assert ended.json["status"] == "discontinued"
    assert again.status_code == 422
    assert made(http["mdes"], an_example("ParticipantSuccessPlan") | about)["status"] == "tentative"
