"""A plan over HTTP: proposed, stored as it is, followed through the journey, and ended."""

import pytest

from agencies import a_state
from builders import a_profile, an_example

ANY = {"If-Match": "*"}
BUILD = "/v1/ParticipantSuccessPlan/$build"
MDES = {"reference": "Partner/mdes-mississippi-works"}
OTHER = {"valueReference": {"reference": "Referral/x"}}
MCCB = {"reference": "Partner/mccb-adult-education"}


@pytest.fixture(scope="module")
def http(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("plans")) as state:
        yield {**state.clients(), "poor": poor(state)}


def poor(state):
    """Return a client whose agreement lets it see what is operational only."""
    agreement = an_example("DataSharingAgreement") | {
        "id": "mdes-mdoc",
        "recipientAgency": {"reference": "Agency/mdoc"},
    }
    agency = {"reference": "Agency/mdoc"}
    partner = an_example("Partner") | {"id": "mdoc-system", "agency": agency, "status": "active"}
    for body in (agreement, partner):
        path = f"/v1/{body['resourceType']}/{body['id']}"
        assert state.client("state-staff").put(path, json=body).status_code == 201
    state.register("poor", "system/*.cruds", "Partner/mdoc-system", "service-coordination")
    return state.client("poor")


def made(client, body):
    reply = client.post(f"/v1/{body['resourceType']}", json=body)
    assert reply.status_code == 201, reply.text
    return reply.json


def at(resource):
    return {"reference": f"{resource['resourceType']}/{resource['id']}"}


def asked(person, occupation="53-3032", **more):
    """Return the inputs of $build."""
    given = [
        {"name": "participant", "valueReference": person},
        {"name": "occupation", "valueCode": occupation},
        *({"name": name, **value} for name, value in more.items()),
    ]
    return {"resourceType": "Parameters", "parameter": given}


def a_built(client, person, *more, **inputs):
    reply = client.post(BUILD, json=asked(person, *more, **inputs))
    assert reply.status_code == 200, reply.text
    return reply.json


def a_person(http, **changes):
    return at(made(http["mdes"], a_profile(**changes)))


def an_enrollment(person, service, program, **changes):
    return {
        "resourceType": "ParticipantServiceEnrollment",
        "participant": person,
        "service": {"reference": f"Service/{service}"},
        "program": {"reference": f"Program/{program}"},
        "status": "enrolled",
        "enrollmentDate": "2026-02-02",
        **changes,
    }


def a_credential(person, name, kind):
    return {
        "resourceType": "ParticipantCredential",
        "participant": person,
        "credential": {"reference": f"Credential/{name}"},
        "credentialType": kind,
        "attainedOn": "2026-02-20",
        "verification": "issuer-match",
        "partner": MDES,
        "status": "earned",
    }


def test_a_built_plan_is_stored_as_it_is_and_nothing_before(http):
    person = a_person(http)
    search = f"/v1/ParticipantSuccessPlan?participant={person['reference']}"

    plan = a_built(http["mdes"], person, desiredAnnualSalary={"valueDecimal": 52000})
    before = http["mdes"].get(search).json
    stored = made(http["mdes"], plan)

    assert "entry" not in before
    assert plan["lastEditedBy"] == MDES
    assert stored["pathway"] == plan["pathway"] == "smart-start"
    kept = http["staff"].get(f"/v1/ParticipantSuccessPlan/{stored['id']}").json
    assert {name: kept[name] for name in plan} == plan
    assert kept["startedOn"]


def test_the_latest_finished_questionnaire_is_the_basis(http):
    person = a_person(http)
    answers = an_example("ParticipantServiceAssessment", "full") | {"participant": person}
    answers = {k: v for k, v in answers.items() if k not in ("identifier", "proposals")}
    assessment = made(http["mdes"], answers)

    plan = a_built(http["mdes"], person)
    named = a_built(http["staff"], person, assessment={"valueReference": at(assessment)})

    assert plan["assessment"] == at(assessment)
    assert {each["source"] for each in plan["challenges"]} == {"isa"}
    assert named["challenges"] == plan["challenges"]
    assert named["lastEditedBy"] == answers["partner"]
    made(http["staff"], named)


@pytest.mark.parametrize(("inputs", "place"), [
    pytest.param({"occupation": "99-9999"}, "occupation", id="an unknown occupation"),
    pytest.param({"person": {"reference": "Partner/mdrs-vr"}}, "participant", id="no participant"),
    pytest.param({"assessment": OTHER}, "assessment", id="no questionnaire"),
])  # fmt: skip
def test_what_cannot_be_built_is_refused_with_its_place(http, inputs, place):
    inputs = {"person": a_person(http), **inputs}

    reply = http["mdes"].post(BUILD, json=asked(**inputs))

    assert reply.status_code == 400, reply.text
    assert place in reply.json["issue"][0]["expression"]


def test_the_questionnaire_of_another_person_is_no_basis(http):
    answers = an_example("ParticipantServiceAssessment") | {"participant": a_person(http)}
    assessment = {"valueReference": at(made(http["mdes"], answers))}

    reply = http["mdes"].post(BUILD, json=asked(a_person(http), assessment=assessment))

    assert reply.status_code == 400


def test_a_proposal_tells_nothing_of_a_credential_that_the_client_may_not_see(http):
    person = a_person(http, educationLevel="2")
    held = made(http["mdes"], a_credential(person, "cdl-a", "4"))
    path = f"/v1/ParticipantCredential/{held['id']}"

    plans = {name: a_built(http[name], person) for name in ("mdes", "mdhs")}

    assert ["credential" in http[name].get(path).json for name in plans] == [True, False]
    assert [each["pathway"] for each in plans.values()] == ["workforce", "training"]
    assert [len(each["schedule"]) for each in plans.values()] == [1, 2]


def test_who_may_not_see_the_education_level_gets_no_proposal(http):
    person = a_person(http)

    reply = http["poor"].post(BUILD, json=asked(person))

    assert "educationLevel" not in http["poor"].get(f"/v1/{person['reference']}").json
    assert reply.status_code == 403, reply.text


def test_a_participant_that_is_not_there_has_no_plan(http):
    nobody = {"reference": "ParticipantProfile/01920000-0000-7000-8000-00000000dead"}

    assert http["mdes"].post(BUILD, json=asked(nobody)).status_code == 404


def test_a_second_open_plan_is_refused_and_one_after_the_end_is_not(http):
    person = a_person(http)
    plan = a_built(http["mdes"], person)
    path = f"/v1/ParticipantSuccessPlan/{made(http['mdes'], plan)['id']}"

    second = http["mdes"].post("/v1/ParticipantSuccessPlan", json=plan)
    ended = http["mdes"].patch(path, json={"status": "discontinued"}, headers=ANY)

    assert second.status_code == 409
    assert second.json["issue"][0]["expression"] == ["ParticipantSuccessPlan.participant.reference"]
    assert ended.status_code == 200
    made(http["mdes"], plan)


def test_a_pathway_that_a_client_sends_does_not_count(http):
    body = an_example("ParticipantSuccessPlan") | {"participant": a_person(http)}

    stored = made(http["mdes"], body | {"pathway": "workforce"})

    assert stored["pathway"] == "smart-start"


def test_the_plan_follows_elvis_from_class_to_work_by_its_versions(http):
    person = a_person(http)
    stored = made(http["mdes"], a_built(http["mdes"], person))
    path = f"/v1/ParticipantSuccessPlan/{stored['id']}"
    klass = an_enrollment(person, "smart-start-class", "title2-aefla", partner=MCCB)
    training = an_enrollment(
        person, "ost-cdl-a", "title1-adult", partner=MDES, trainingServiceType="06"
    )
    today = stored["startedOn"]
    job = {"title": "Driver", "onetSoc": "53-3032", "startDate": today}
    employed = {"employmentStatus": "1", "workHistory": [job]}

    made(http["mccb"], klass)
    made(http["mdes"], a_credential(person, "hse-diploma", "1"))
    made(http["mdes"], training)
    made(http["mdes"], a_credential(person, "cdl-a", "4"))
    reply = http["mdes"].patch(f"/v1/{person['reference']}", json=employed, headers=ANY)

    assert reply.status_code == 200, reply.text
    history = http["mdes"].get(f"{path}/_history").json["entry"]
    told = [(each["resource"]["status"], each["resource"]["pathway"]) for each in reversed(history)]
    assert told == [
        ("tentative", "smart-start"), ("active", "smart-start"), ("active", "training"),
        ("active", "training"), ("active", "workforce"), ("completed", "workforce"),
    ]  # fmt: skip
    items = http["mdes"].get(path).json["schedule"]
    assert [each["status"] for each in items] == ["completed", "completed", "planned"]


def test_vocational_rehabilitation_makes_no_version_of_a_plan(http):
    person = a_person(http)
    path = f"/v1/ParticipantSuccessPlan/{made(http['mdes'], a_built(http['mdes'], person))['id']}"
    before = http["mdes"].get(path)

    partner = {"reference": "Partner/mdrs-vr"}
    made(http["mdrs"], an_enrollment(person, "vr-assessment", "title4-vr", partner=partner))

    after = http["mdes"].get(path)
    assert (after.json, after.headers["ETag"]) == (before.json, before.headers["ETag"])
