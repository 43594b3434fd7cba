"""34 CFR 361.38: even that a person is known to vocational rehabilitation is protected."""

import json

import pytest

from agencies import a_state
from builders import a_profile, an_example

MDES, MDRS = {"reference": "Agency/mdes"}, {"reference": "Agency/mdrs"}
VR = {"reference": "Partner/mdrs-vr"}
PROGRAM = {"reference": "Program/title4-vr"}
ANY = {"If-Match": "*"}
UNTOLD = {
    "contactAttempts": [{"at": "2025-05-06T15:00:00Z", "method": "phone", "result": "reached"}],
    "offerDate": "2025-05-07",
    "appointments": [{"start": "2025-05-09T15:00:00Z", "status": "booked"}],
}
NAMES = ("mdrs", "title4-vr")


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("vocational")) as made:
        yield made


@pytest.fixture(scope="module")
def http(state):
    """Return the clients by the short names of their agencies; all ask about a referral."""
    found = {name: state.client(name, "referral") for name in ("mdes", "mdhs", "mdrs", "mccb")}
    return {**found, "staff": state.client("state-staff")}


def made(http, body):
    reply = http["staff"].post(f"/v1/{body['resourceType']}", json=body)
    assert reply.status_code == 201, reply.text
    return reply.json


def a_person(http):
    """Return a reference to a new participant."""
    return {"reference": f"ParticipantProfile/{made(http, a_profile())['id']}"}


def a_referral(http, **changes):
    """Return a referral of MDES to vocational rehabilitation, of somebody new."""
    body = an_example("Referral") | {"participant": a_person(http), **changes}
    return made(http, body)


def a_consent(http, participant, **changes):
    body = an_example("Consent") | {
        "participant": participant,
        "partner": VR,
        "regime": "vr-34cfr361",
        "disclosingAgency": MDRS,
        "recipients": [MDES],
        "method": "written",
        **changes,
    }
    return made(http, body)


def seen(http, name, body):
    return http[name].get(f"/v1/{body['resourceType']}/{body['id']}")


def ids(reply):
    assert reply.status_code == 200, reply.text
    return {each["resource"]["id"] for each in reply.json.get("entry", ()) if "resource" in each}


def test_who_referred_sees_the_referral_but_not_what_became_of_it(http):
    referral = a_referral(http, **UNTOLD)

    body = seen(http, "mdes", referral).json
    hidden = {each["code"] for each in body["meta"]["security"]}

    assert body["targetAgency"] == MDRS
    assert not body.keys() & {"status", "statusHistory", "outcome", "closedOn", *UNTOLD}
    assert hidden >= {"status", "outcome", "contactAttempts", "offerDate", "eligibilityReason"}


@pytest.mark.parametrize("way", ["resource", "element", "profile"])
def test_with_consent_who_referred_sees_status_and_outcome_and_no_more(http, way):
    carried = {"consent": {"obtainedOn": "2025-05-05", "method": "written"}}
    referral = a_referral(http, **UNTOLD, **(carried if way == "element" else {}))
    if way == "resource":
        a_consent(http, referral["participant"])
    if way == "profile":
        consent = {"regime": "vr-34cfr361", "grantedOn": "2025-05-05", "disclosingAgency": MDRS}
        path = f"/v1/{referral['participant']['reference']}"
        change = {"consents": [{**consent, "recipients": [MDES]}]}
        assert http["staff"].patch(path, json=change, headers=ANY).status_code == 200

    body = seen(http, "mdes", referral).json

    assert body["status"] == "requested"
    assert not body.keys() & {"statusHistory", *UNTOLD}


@pytest.mark.parametrize("changes", [
    pytest.param({"recipients": [{"reference": "Agency/mdhs"}]}, id="for another recipient"),
    pytest.param({"regime": "ferpa-34cfr99"}, id="under another law"),
    pytest.param({"disclosingAgency": {"reference": "Agency/mccb"}}, id="of another agency"),
    pytest.param({"purposes": ["research"]}, id="for another purpose"),
    pytest.param({"expiresOn": "2025-06-01"}, id="over"),
    pytest.param({"grantedOn": "2999-01-01"}, id="not begun"),
    pytest.param({"status": "proposed"}, id="not given"),
])  # fmt: skip
def test_a_consent_to_something_else_tells_nothing(http, changes):
    referral = a_referral(http)
    a_consent(http, referral["participant"], **changes)

    assert "status" not in seen(http, "mdes", referral).json


def test_a_consent_that_is_withdrawn_tells_nothing_at_once(http):
    referral = a_referral(http)
    consent = a_consent(http, referral["participant"])
    path = f"/v1/Consent/{consent['id']}"
    assert "status" in seen(http, "mdes", referral).json

    change = {"status": "withdrawn", "withdrawnOn": "2025-06-01"}
    assert http["mdrs"].patch(path, json=change, headers=ANY).status_code == 200

    assert "status" not in seen(http, "mdes", referral).json


@pytest.mark.parametrize("name", ["mdhs", "mccb"])
def test_to_others_a_protected_row_does_not_exist(state, http, name):
    referral = a_referral(http)
    person = referral["participant"]["reference"]
    state.sequence()
    client, path = http[name], f"Referral/{referral['id']}"

    assert seen(http, name, referral).status_code == 404
    assert client.get(f"/v1/{path}/_history").status_code == 404
    assert client.get(f"/v1/{path}/_history/1").status_code == 404
    assert client.get(f"/v1/Referral?_id={referral['id']}&_summary=count").json["total"] == 0
    assert client.get(f"/v1/Referral?participant={person}&_total=accurate").json["total"] == 0
    for query in (
        f"Referral?participant={person}",
        f"{person}/Referral",
        f"ParticipantProfile?_id={person.partition('/')[2]}&_revinclude=Referral:participant",
        "Referral/_history?_count=200",
        "_history?_count=200",
        "$changes?_type=Referral&_count=200",
        f"?_type=Referral,Consent&_id={referral['id']}",
    ):
        assert referral["id"] not in ids(client.get(f"/v1/{query}")), query


def test_nothing_is_found_by_a_status_that_is_not_told(http):
    referral = a_referral(http, status="requested")
    one = f"Referral?_id={referral['id']}"

    assert ids(http["mdes"].get(f"/v1/{one}")) == {referral["id"]}
    assert ids(http["mdes"].get(f"/v1/{one}&status=requested")) == set()
    assert http["mdes"].get(f"/v1/{one}&status=requested&_summary=count").json["total"] == 0
    a_consent(http, referral["participant"])
    assert ids(http["mdes"].get(f"/v1/{one}&status=requested")) == {referral["id"]}
    assert http["mdes"].get(f"/v1/{one}&status=requested&_summary=count").json["total"] == 1


def test_a_chain_finds_nothing_by_a_status_that_is_not_told(http):
    referral = a_referral(http)
    service = an_example("ParticipantServiceEnrollment") | {
        "participant": referral["participant"],
        "referral": {"reference": f"Referral/{referral['id']}"},
    }
    own = made(http, service)
    one = f"ParticipantServiceEnrollment?_id={own['id']}"

    assert ids(http["mdes"].get(f"/v1/{one}&referral.status=requested")) == set()
    assert ids(http["mdrs"].get(f"/v1/Referral?_id={referral['id']}&status=requested"))


def a_plan(http):
    """Return a plan with an item of vocational rehabilitation between two others."""
    body = an_example("ParticipantSuccessPlan", "full")
    items = [
        {"itemId": "a", "sequence": 1, "service": {"reference": "Service/ase-instruction"},
         "status": "planned"},
        {"itemId": "vr-item", "sequence": 2, "service": {"reference": "Service/ase-instruction"},
         "program": PROGRAM, "status": "planned"},
        {"itemId": "c", "sequence": 3, "service": {"reference": "Service/ase-instruction"},
         "status": "planned"},
    ]  # fmt: skip
    kept = ("resourceType", "status", "pathway", "careerGoal", "lastEditedBy")
    plan = {name: body[name] for name in kept} | {"schedule": items}
    return made(http, plan | {"participant": a_person(http)})


def an_assessment(http):
    body = an_example("ParticipantServiceAssessment", "completed-without-proposals")
    answers = {"hasHighSchoolCredential": "no", "hasFunctionalDifficulty": "yes"}
    declined = {"proposal": "vocational-rehabilitation", "decision": "declined"}
    return made(http, body | answers | {"participant": a_person(http), "proposals": [declined]})


def a_known_person(http):
    partners = ({"reference": "Partner/mdes-mississippi-works"}, VR)
    numbers = [{"partner": each, "value": a_profile()["pirlUniqueId"]} for each in partners]
    return made(http, a_profile(partnerIdentifiers=numbers))


@pytest.mark.parametrize(("make", "list_of", "element", "value"), [
    (a_plan, "schedule", "shortTermEmployment", {"needed": False}),
    (a_known_person, "partnerIdentifiers", "middleName", "Changed"),
])  # fmt: skip
def test_items_that_name_it_are_hidden_and_survive_an_edit(http, make, list_of, element, value):
    before = make(http)
    path = f"/v1/{before['resourceType']}/{before['id']}"
    seen = http["mdes"].get(path)
    assert seen.status_code == 200
    assert not [name for name in NAMES if name in seen.text]

    changed = seen.json | {element: value}
    reply = http["mdes"].put(path, json=changed, headers=ANY)
    after = http["staff"].get(path).json

    assert reply.status_code == 200, reply.text
    assert not [name for name in NAMES if name in reply.text]
    assert after[list_of] == before[list_of]
    assert after[element] == value


def test_proposals_that_name_it_are_hidden_from_others_and_shown_to_who_asked(http):
    assessment = an_assessment(http)
    path = f"/v1/ParticipantServiceAssessment/{assessment['id']}"

    own, others = http["mdes"].get(path), http["mdhs"].get(path)

    assert len(own.json["proposals"]) == 2
    assert others.status_code == 200
    assert not [name for name in NAMES if name in others.text]


@pytest.mark.parametrize("name", ["mdes", "mdhs", "mccb"])
def test_that_it_wrote_a_row_last_is_not_told(state, http, name):
    person = made(http, a_profile())
    path = f"/v1/ParticipantProfile/{person['id']}"
    assert http["mdrs"].patch(path, json={"middleName": "Seen"}, headers=ANY).status_code == 200
    state.sequence()

    for query in (path, f"{path}/_history", f"{path}/_history/2",
                  f"/v1/ParticipantProfile?_id={person['id']}"):  # fmt: skip
        reply = http[name].get(query)
        assert reply.status_code == 200
        assert "mdrs" not in reply.text, query
    assert "mdrs" in http["mdrs"].get(path).text
    assert "mdrs" in http["staff"].get(path).text


def test_by_consent_the_items_are_shown(http):
    plan = a_plan(http)
    path = f"/v1/ParticipantSuccessPlan/{plan['id']}"
    a_consent(http, plan["participant"])

    assert "vr-item" in http["mdes"].get(path).text
    assert "vr-item" not in http["mdhs"].get(path).text


def test_an_item_written_by_who_does_not_see_the_other_keeps_its_place(http):
    plan = a_plan(http)
    path = f"/v1/ParticipantSuccessPlan/{plan['id']}"
    seen = http["mdes"].get(path).json
    new = {**seen["schedule"][1], "itemId": "d", "sequence": 4}

    reply = http["mdes"].put(path, json=seen | {"schedule": [*seen["schedule"], new]}, headers=ANY)
    after = http["staff"].get(path).json["schedule"]

    assert reply.status_code == 200, reply.text
    assert [each["itemId"] for each in after] == ["a", "vr-item", "c", "d"]
    assert json.loads(reply.text)["schedule"] == [after[0], after[2], after[3]]
