"""What a client may not see is taken out, survives its edits, and is nothing to ask by."""

import json

import pytest

from agencies import FIRST, a_state
from builders import FOLDER, a_stranger, an_example
from matrix_world import PROFILE

PLAN = "ParticipantSuccessPlan"
NARROW = "mdes-narrow"
"""A system of MDES without the rights to disability and wage facts."""
TYPES = (
    "Consent", "ParticipantCredential", "ParticipantProfile", "ParticipantScore",
    "ParticipantServiceAssessment", "ParticipantServiceEnrollment", "ParticipantSuccessPlan",
    "Referral",
)  # fmt: skip
OWNERS = ("partner", "sourcePartner", "lastEditedBy")
MDES = {"reference": "Partner/mdes-mississippi-works"}
NEW = {"url": "https://labels.example/new", "valueString": "new"}
LEFT_OUT = ("id", "identifier", "extension")
BENEFITS = {
    "regime": "snap-7cfr272",
    "grantedOn": "2025-01-01",
    "disclosingAgency": {"reference": "Agency/mdhs"},
    "recipients": [{"reference": "Agency/mdes"}],
}
"""A consent to show MDES what is under SENS-BENEFIT."""
ANY = {"If-Match": "*"}
OPEN = "requested,received,accepted,in-progress,on-hold"
SSN = "666120001"


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("labels")) as made:
        made.register(NARROW, "system/*.cruds", MDES["reference"], "service-coordination")
        yield made


@pytest.fixture(scope="module")
def staff(state):
    return state.client("state-staff")


@pytest.fixture(scope="module")
def narrow(state):
    return state.client(NARROW)


@pytest.fixture(scope="module")
def poor(state, staff):
    """Return a client whose agency has no row here and sees what is operational only."""
    agreement = an_example("DataSharingAgreement") | {
        "id": "mdes-mdoc",
        "recipientAgency": {"reference": "Agency/mdoc"},
    }
    partner = an_example("Partner") | {"id": "mdoc-system", "agency": {"reference": "Agency/mdoc"}}
    for body in (agreement, partner | {"status": "active"}):
        reply = staff.put(f"/v1/{body['resourceType']}/{body['id']}", json=body)
        assert reply.status_code == 201, reply.text
    state.register("poor", "system/*.rs", "Partner/mdoc-system", "referral")
    return state.client("poor")


def examples():
    """Yield the published examples of facts about people that may stand at a beginning."""
    for kind in TYPES:
        folder = FOLDER / kind / "1.0.0"
        status = json.loads((folder / "schema.json").read_text("utf-8"))["properties"]["status"]
        for file in sorted(folder.glob("valid/*.json")):
            body = json.loads(file.read_text("utf-8"))
            if body["status"] in status.get("x-initial", status["enum"]):
                yield pytest.param(body, id=f"{kind}-{file.stem}")


def made(staff, body):
    """Store a row as staff, in the name of MDES, and return it as staff see it."""
    fresh = {name: value for name, value in body.items() if name not in LEFT_OUT}
    fresh |= {name: MDES for name in OWNERS if name in body}
    if body["resourceType"] == "ParticipantServiceEnrollment":
        fresh |= {name: an_example(body["resourceType"])[name] for name in ("service", "program")}
    if body["resourceType"] == "Consent":
        fresh |= {"disclosingAgency": {"reference": "Agency/mdes"}}
    if body["resourceType"] == PROFILE:
        other = a_stranger(ssn=SSN)
        fresh |= {name: other[name] for name in ("pirlUniqueId", "firstName", "ssn")}
        fresh.pop("partnerIdentifiers", None)
    if body["resourceType"] == PLAN:
        end(staff, body, "tentative,active", status="discontinued")
    if body["resourceType"] == "Referral":
        end(staff, body, OPEN, status="cancelled", statusReason="source-error")
    reply = staff.post(f"/v1/{body['resourceType']}", json=fresh)
    assert reply.status_code == 201, reply.text
    return reply.json


def end(staff, body, statuses, **how):
    """End the open rows of a participant, who has one of a kind at a time."""
    kind, whose = body["resourceType"], body["participant"]["reference"]
    found = staff.get(f"/v1/{kind}?participant={whose}&status={statuses}").json
    for each in found.get("entry", ()):
        path = f"/v1/{kind}/{each['resource']['id']}"
        assert staff.patch(path, json=how, headers=ANY).status_code == 200


def content(body):
    return {name: value for name, value in body.items() if name != "meta"}


def put(http, path, seen, new):
    return http.put(path, json=seen | {"extension": [new]}, headers=ANY)


def merge(http, path, _seen, new):
    return http.patch(path, json={"extension": [new]}, headers=ANY)


def operate(http, path, _seen, new):
    change = [{"op": "add", "path": "/extension", "value": [new]}]
    media = "application/json-patch+json"
    return http.patch(path, data=json.dumps(change), headers=ANY, content_type=media)


@pytest.mark.parametrize("body", [*examples()])
def test_an_edit_by_who_sees_a_part_leaves_the_rest_as_it_was(staff, narrow, body):
    before = made(staff, body)
    path = f"/v1/{before['resourceType']}/{before['id']}"
    for number, write in enumerate((put, merge, operate)):
        seen = narrow.get(path)
        new = NEW | {"valueString": f"{before['id']}-{number}"}
        assert seen.status_code == 200, seen.text
        reply = write(narrow, path, seen.json, new)
        assert reply.status_code == 200, reply.text

        after = staff.get(path).json
        assert content(after) == content(before) | {"extension": [new]}
        assert "security" not in after["meta"]
        assert content(reply.json) == content(seen.json) | {"extension": [new]}


def test_the_examples_hold_elements_that_are_hidden(staff, narrow):
    """So that the test above is about something: each type that has such elements shows it."""
    hidden = set()
    for param in examples():
        before = made(staff, param.values[0])
        seen = narrow.get(f"/v1/{before['resourceType']}/{before['id']}").json
        hidden |= {before["resourceType"]} if content(seen) != content(before) else set()

    assert hidden >= {
        "ParticipantProfile", "ParticipantScore", "ParticipantServiceAssessment",
        "ParticipantServiceEnrollment",
    }  # fmt: skip


def a_person(staff, **changes):
    """Return the address of a new profile with something under most labels."""
    body = a_stranger(
        ssn=SSN, disability="1", householdIncome=5150.5, fosterCare="1",
        barriers={"lowIncome": "1", "homeless": "1", "exOffender": "1"},
        consents=[BENEFITS], **changes,
    )  # fmt: skip
    reply = staff.post(f"/v1/{PROFILE}", json=body)
    assert reply.status_code == 201, reply.text
    return f"/v1/{PROFILE}/{reply.json['id']}"


def test_a_redacted_answer_says_what_is_left_out_and_nothing_of_that_is_stored(staff, narrow):
    path = a_person(staff)

    seen = narrow.get(path).json
    narrow.put(path, json=seen | {"middleName": "Changed"}, headers=ANY)
    told = {each["code"] for each in seen["meta"]["security"]}
    stored = staff.get(path).json

    assert {"REDACTED", "MASKED", "disability", "fosterCare", "barriers.homeless"} <= told
    assert seen["ssn"] == "*****0001"
    assert "homeless" not in seen["barriers"]
    assert stored["middleName"] == "Changed"
    assert "security" not in stored["meta"]
    assert stored["barriers"] == {"lowIncome": "1", "homeless": "1", "exOffender": "1"}


def test_labels_of_a_client_are_stored_and_come_back(staff, narrow):
    own = {"system": "https://labels.example/own", "code": "keep"}
    path = a_person(staff, meta={"security": [own]})

    seen = narrow.get(path).json
    narrow.put(path, json=seen | {"middleName": "Changed"}, headers=ANY)

    assert staff.get(path).json["meta"]["security"] == [own]
    assert own in seen["meta"]["security"]


@pytest.mark.parametrize(("element", "value", "pointer"), [
    ("disability", "0", "/disability"),
    ("fosterCare", "0", "/fosterCare"),
    ("barriers", {"lowIncome": "1", "homeless": "0"}, "/barriers/homeless"),
])  # fmt: skip
def test_what_is_not_seen_is_not_written(staff, narrow, element, value, pointer):
    path = a_person(staff)
    before = staff.get(path).json
    seen = narrow.get(path).json

    for reply in (
        narrow.put(path, json=seen | {element: value}, headers=ANY),
        narrow.patch(path, json={element: value}, headers=ANY),
    ):
        assert reply.status_code == 403
        assert pointer in reply.text
        assert "unseen" in reply.text
    assert staff.get(path).json == before


def test_a_masked_number_written_back_leaves_the_number_as_it_is(staff, narrow):
    path = a_person(staff)
    seen = narrow.get(path).json

    for ssn in (seen["ssn"], None):
        body = {k: v for k, v in (seen | {"ssn": ssn, "suffix": f"{ssn}"}).items() if v is not None}
        assert narrow.put(path, json=body, headers=ANY).status_code == 200
        assert staff.get(path).json["ssn"] == SSN


@pytest.mark.parametrize("ssn", ["*****9999", "***-**-0001", "*********"])
def test_an_invented_mask_is_never_stored(staff, narrow, ssn):
    path = a_person(staff)
    seen = narrow.get(path).json

    reply = narrow.put(path, json=seen | {"ssn": ssn}, headers=ANY)

    assert reply.status_code == 422
    assert ssn not in reply.text
    assert staff.get(path).json["ssn"] == SSN


@pytest.mark.parametrize("ssn", [SSN, "666129999"])
def test_a_number_that_is_there_is_replaced_by_who_may_see_it_only(staff, narrow, ssn):
    """Whether a guess is right is told to nobody."""
    path = a_person(staff)
    seen = narrow.get(path).json

    reply = narrow.put(path, json=seen | {"ssn": ssn}, headers=ANY)

    assert reply.status_code == 403
    assert "/ssn" in reply.text
    assert staff.get(path).json["ssn"] == SSN
    assert staff.put(path, json=seen | {"ssn": ssn}, headers=ANY).json["ssn"] == ssn


def test_a_number_in_clear_is_stored_where_there_was_none(staff, narrow):
    path = a_person(staff)
    staff.patch(path, json={"ssn": None}, headers=ANY)
    seen = narrow.get(path).json

    reply = narrow.put(path, json=seen | {"ssn": "666129999"}, headers=ANY)

    assert reply.json["ssn"] == "*****9999"
    assert staff.get(path).json["ssn"] == "666129999"


@pytest.mark.parametrize("query", [
    "Referral?target-agency=Agency/mccb",
    "Referral?outcome=served",
    "Referral?_sort=outcome",
    "ParticipantScore?score=11",
    "ParticipantScore?_sort=score",
    "ParticipantProfile?education-level=2",
    "ParticipantProfile?_sort=education-level",
    "ParticipantServiceEnrollment?_has:ParticipantCredential:enrollment:credential-type=4",
])  # fmt: skip
def test_nobody_asks_by_what_is_hidden(poor, query):
    reply = poor.get(f"/v1/{query}")

    assert reply.status_code == 403, reply.text


def test_a_stale_write_is_told_the_changes_it_may_see(staff, narrow):
    path = a_person(staff)
    seen = narrow.get(path).json
    changed = staff.get(path).json | {"disability": "0", "firstName": "Changed", "ssn": "666125555"}
    staff.put(path, json=changed, headers=ANY)

    reply = narrow.put(path, json=seen, headers={"If-Match": 'W/"1"'})

    assert reply.status_code == 412
    assert "/firstName" in reply.text
    for hidden in ("/disability", "666125555", SSN):
        assert hidden not in reply.text


def test_a_stale_write_is_told_nothing_but_the_version_when_only_hidden_facts_changed(
    staff, narrow
):
    path = a_person(staff)
    seen = narrow.get(path).json
    staff.patch(path, json={"fosterCare": "0"}, headers=ANY)

    reply = narrow.put(path, json=seen, headers={"If-Match": 'W/"1"'})

    assert reply.status_code == 412
    assert reply.headers["ETag"] == 'W/"2"'
    assert "fosterCare" not in reply.text


def test_a_test_operation_says_nothing_about_what_is_hidden(staff, narrow):
    path = a_person(staff)
    answers = set()
    for value in ("0", "1", "9"):
        change = [{"op": "test", "path": "/disability", "value": value}]
        media = "application/json-patch+json"
        reply = narrow.patch(path, data=json.dumps(change), headers=ANY, content_type=media)
        answers.add((reply.status_code, reply.text.replace(reply.json["id"], "")))

    assert len(answers) == 1
    assert 400 <= answers.pop()[0] < 500


def test_the_demo_participant_is_shown_to_each_agency_as_its_agreements_say(state):
    shown = {}
    for name in ("mdes", "mdhs", "mdrs", "mccb", "college"):
        body = state.client(name).get(f"/v1/{PROFILE}/{FIRST}").json
        shown[name] = {"householdIncome", "educationLevel"} & body.keys()

    assert shown == {
        "mdes": {"householdIncome", "educationLevel"},
        "mdhs": {"householdIncome", "educationLevel"},
        "mdrs": {"educationLevel"},
        "mccb": {"educationLevel"},
        "college": {"educationLevel"},
    }


def test_a_new_row_may_bring_what_its_writer_will_not_see(staff, narrow):
    body = an_example("ParticipantScore") | {"accommodations": True, "partner": MDES}

    reply = narrow.post("/v1/ParticipantScore", json=body)
    path = f"/v1/ParticipantScore/{reply.json['id']}"

    assert reply.status_code == 201
    assert "accommodations" not in reply.json
    assert staff.get(path).json["accommodations"] is True


def test_a_json_patch_reaches_the_identifiers(staff, narrow):
    path = a_person(staff)
    change = [{"op": "add", "path": "/identifier", "value": [{"system": "urn:x", "value": path}]}]
    media = "application/json-patch+json"

    reply = narrow.patch(path, data=json.dumps(change), headers=ANY, content_type=media)

    assert reply.status_code == 200
