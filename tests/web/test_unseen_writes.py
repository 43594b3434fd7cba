"""A write neither learns nor loses what its writer may not see, nor takes it out of protection."""

import json

import pytest

from agencies import PARTNERS, a_state
from builders import a_profile, a_stranger, an_example

ANY = {"If-Match": "*"}
PROFILES = "/v1/ParticipantProfile"
SSN = "666987001"
VR = {"reference": "Partner/mdrs-vr"}
NAMED = {"resourceType", "id", "meta"}
JSON_PATCH = "application/json-patch+json"


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("unseen")) as made:
        scope = "system/ParticipantProfile.u"
        made.register("writer", scope, "Partner/mdhs-eligibility", "service-coordination")
        yield made


@pytest.fixture(scope="module")
def http(state):
    """Return the clients by short name; the partners ask to coordinate services."""
    return state.clients("mdes", "mdhs", "mdrs", "mccb", "writer")


@pytest.fixture(scope="module")
def poor(state, http):
    """Return a client that sees of profiles what is operational only, and may change them."""
    agreement = an_example("DataSharingAgreement") | {
        "id": "mdes-mdoc",
        "recipientAgency": {"reference": "Agency/mdoc"},
    }
    partner = an_example("Partner") | {
        "id": "mdoc-system",
        "agency": {"reference": "Agency/mdoc"},
        "onboardingLevel": 4,
        "status": "active",
    }
    for body in (agreement, partner):
        reply = http["staff"].put(f"/v1/{body['resourceType']}/{body['id']}", json=body)
        assert reply.status_code == 201, reply.text
    state.register("poor", "system/*.cruds", "Partner/mdoc-system", "referral")
    return state.client("poor")


def made(http, body, by="staff"):
    reply = http[by].post(f"/v1/{body['resourceType']}", json=body)
    assert reply.status_code == 201, reply.text
    return reply.json


def a_person(http, **changes):
    """Return the address of a new profile."""
    return f"{PROFILES}/{made(http, a_stranger(**changes))['id']}"


def number(partner=None, value=None):
    """Return an entry of `partnerIdentifiers`."""
    value = value or a_profile()["pirlUniqueId"]
    return {"partner": partner or {"reference": f"Partner/{PARTNERS['mdes']}"}, "value": value}


TO_MDHS = [
    pytest.param({"targetPartner": {"reference": "Partner/mdhs-eligibility"},
                  "targetAgency": {"reference": "Agency/mdhs"},
                  "targetPrograms": [{"reference": "Program/snap"}]}, id="all of it"),
    pytest.param({"targetPartner": {"reference": "Partner/mdhs-eligibility"}}, id="partner"),
    pytest.param({"targetAgency": {"reference": "Agency/mdhs"}}, id="agency"),
    pytest.param({"targetPrograms": [{"reference": "Program/snap"}]}, id="programs"),
    pytest.param({"targetPrograms": [{"reference": "Program/title4-vr"},
                                     {"reference": "Program/snap"}]}, id="one program more"),
]  # fmt: skip


@pytest.mark.parametrize("change", TO_MDHS)
def test_nobody_takes_a_row_out_of_the_protection_of_another_agency(http, change):
    whose = {"reference": a_person(http).removeprefix("/v1/")}
    body = an_example("Referral") | {"participant": whose, "targetPartner": VR}
    told = {"appointments": [{"start": "2026-01-05T10:00:00Z", "status": "booked"}]}
    before = made(http, body | told)
    path = f"/v1/Referral/{before['id']}"
    seen = http["mdes"].get(path).json

    for reply in (
        http["mdes"].put(path, json=seen | change, headers=ANY),
        http["mdes"].patch(path, json=change, headers=ANY),
    ):
        assert reply.status_code == 403, reply.text
    assert http["staff"].get(path).json == before
    assert "appointments" not in http["mdes"].get(path).json
    assert http["mdes"].patch(path, json={"note": "Called"}, headers=ANY).status_code == 200
    for name in ("mdrs", "staff"):
        assert http[name].patch(path, json=change, headers=ANY).status_code == 422


@pytest.mark.parametrize("numbers", [
    pytest.param((VR,), id="protected"),
    pytest.param((None, VR), id="protected, last"),
    pytest.param((VR, None), id="protected, first"),
    pytest.param((None,), id="plain"),
])  # fmt: skip
def test_entries_that_are_hidden_twice_stay_as_they_are(http, poor, numbers):
    held = [number(each) for each in numbers]
    path = a_person(http, partnerIdentifiers=held)
    assert "partnerIdentifiers" not in poor.get(path).json

    for status in ("1", "0", "1"):
        seen = poor.get(path).json
        for reply in (
            poor.patch(path, json={"employmentStatus": status}, headers=ANY),
            poor.put(path, json=seen | {"employmentStatus": status}, headers=ANY),
        ):
            assert reply.status_code == 200, reply.text
            assert http["staff"].get(path).json["partnerIdentifiers"] == held


@pytest.mark.parametrize("name", ["mdes", "mdhs", "mccb"])
def test_nobody_adds_the_identifier_of_a_protected_partner_taken_or_not(http, name):
    taken = number(VR)
    a_person(http, partnerIdentifiers=[taken])
    path = a_person(http)
    answers = set()
    for each in (taken, number(VR)):
        new = {"partnerIdentifiers": [each]}
        seen = http[name].get(path).json
        add = json.dumps([{"op": "add", "path": "/partnerIdentifiers", "value": [each]}])
        for reply in (
            http[name].post(PROFILES, json=a_profile(**new)),
            http[name].put(path, json=seen | new, headers=ANY),
            http[name].patch(path, json=new, headers=ANY),
            http[name].patch(path, data=add, content_type=JSON_PATCH, headers=ANY),
        ):
            answers.add((reply.status_code, reply.json["issue"][0]["diagnostics"]))

    assert {status for status, _ in answers} == {403}
    assert len(answers) == 1


def test_ones_own_identifier_beside_a_hidden_one_is_ones_own_to_add(http):
    held = number(VR)
    path = a_person(http, partnerIdentifiers=[held])
    own = number()
    seen = http["mdes"].get(path).json

    reply = http["mdes"].put(path, json=seen | {"partnerIdentifiers": [own]}, headers=ANY)

    assert reply.status_code == 200, reply.text
    assert sorted(http["staff"].get(path).json["partnerIdentifiers"], key=str) == sorted(
        [held, own], key=str
    )
    assert reply.json["partnerIdentifiers"] == [own]


def test_a_client_that_may_write_and_not_read_is_told_no_content(http):
    path = a_person(http, ssn=SSN, householdSize=3)
    assert http["writer"].get(path).status_code == 403
    empty = {"data": "[]", "content_type": JSON_PATCH}
    whole = http["mdhs"].get(path).json

    for reply in (
        http["writer"].patch(path, headers=ANY, **empty),
        http["writer"].patch(path, headers=ANY, json={"employmentStatus": "1"}),
        http["writer"].put(path, headers=ANY, json=whole | {"firstName": "Changed"}),
        http["writer"].put(path, headers=ANY, json=whole | {"firstName": "Changed"}),
    ):
        assert reply.status_code == 200, reply.text
        assert reply.json.keys() == NAMED
    assert http["staff"].get(path).json["firstName"] == "Changed"


def test_a_stale_write_tells_a_client_that_may_not_read_no_changes(http):
    path = a_person(http)
    http["staff"].patch(path, json={"firstName": "Changed"}, headers=ANY)
    body = http["mdhs"].get(path).json

    stale = {"If-Match": 'W/"1"'}
    told, untold = (http[name].put(path, json=body, headers=stale) for name in ("mdhs", "writer"))

    assert told.status_code == untold.status_code == 412
    assert "Changed" in told.text
    assert "Changed" not in untold.text
    assert "/firstName" not in untold.text


@pytest.mark.parametrize("name", ["mdhs", "mdes"])
def test_a_masked_number_is_not_replaced_right_guess_or_wrong(http, name):
    path = a_person(http, ssn=SSN)
    tag, seen = http[name].get(path).headers["ETag"], http[name].get(path).json
    answers = set()
    for guess in (SSN, "666987002", "666127001"):
        replace = json.dumps([{"op": "replace", "path": "/ssn", "value": guess}])
        for reply in (
            http[name].put(path, json=seen | {"ssn": guess}, headers={"If-Match": tag}),
            http[name].patch(path, json={"ssn": guess}, headers={"If-Match": tag}),
            http[name].patch(path, data=replace, content_type=JSON_PATCH, headers=ANY),
        ):
            answers.add((reply.status_code, reply.json["issue"][0]["diagnostics"]))
            assert guess not in reply.text

    assert {status for status, _ in answers} == {403}
    assert len(answers) == 1
    assert http["staff"].get(path).json["ssn"] == SSN
    assert http["staff"].get(path).headers["ETag"] == tag


def test_a_masked_client_sets_a_number_where_there_was_none(http):
    path = a_person(http)

    reply = http["mdhs"].patch(path, json={"ssn": SSN}, headers=ANY)

    assert reply.status_code == 200, reply.text
    assert reply.json["ssn"] == "*****7001"
    assert http["staff"].get(path).json["ssn"] == SSN


def test_a_test_operation_does_not_tell_a_masked_number(http):
    path = a_person(http, ssn=SSN)
    answers = set()
    for guess in (SSN, "666987002"):
        test = json.dumps([{"op": "test", "path": "/ssn", "value": guess}])
        reply = http["mdhs"].patch(path, data=test, content_type=JSON_PATCH, headers=ANY)
        answers.add((reply.status_code, reply.json["issue"][0]["diagnostics"]))

    assert len(answers) == 1
