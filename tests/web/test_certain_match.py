"""No record becomes, by an update, a second one of somebody who is known for certain."""

import pytest

from agencies import a_state
from builders import a_profile
from bundles import post, put, send
from merges import ANY, merge, told

PROFILES = "/v1/ParticipantProfile"
SSN = "666451001"


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("certain")) as made:
        yield made


@pytest.fixture(scope="module")
def staff(state):
    return state.client("state-staff")


def test_the_number_of_a_known_person_is_not_added_to_a_second_record(state, staff):
    elvis = staff.post(PROFILES, json=a_profile(ssn=SSN)).json["id"]
    body = staff.post(PROFILES, json=a_profile()).json
    path, mdes = f"{PROFILES}/{body['id']}", state.client("mdes")

    patched = mdes.patch(path, json={"ssn": SSN}, headers=ANY)
    put = staff.put(path, json=body | {"ssn": SSN}, headers=ANY)

    for each in (patched, put):
        assert each.status_code == 409, each.text
        assert f"ParticipantProfile/{elvis}" in each.text
        assert SSN not in each.text
    echo = mdes.get(path).json | {"middleName": "Aron"}
    assert mdes.put(path, json=echo, headers=ANY).status_code == 200


def test_a_bundle_gives_no_number_to_two_records_of_one_person(staff):
    number = {"ssn": "666451055", "lastName": "Bundled"}
    held = staff.post(PROFILES, json=a_profile(lastName="Bundled")).json

    update = put(held | number, ifMatch='W/"1"')
    reply = send(staff, update, post(a_profile(**number)))

    assert reply.status_code == 409, reply.text
    assert send(staff, update).status_code == 200


def test_a_survivor_may_be_corrected_to_what_its_merged_record_says(staff):
    right = {"ssn": "666451066", "lastName": "Corrected"}
    wrong = right | {"ssn": "666451067"}
    gone, kept = (
        staff.post(PROFILES, json=a_profile(**each)).json["id"] for each in (right, wrong)
    )
    told(merge(staff, gone, kept))

    reply = staff.patch(f"{PROFILES}/{kept}", json=right, headers=ANY)

    assert reply.status_code == 200, reply.text
