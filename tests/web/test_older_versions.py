"""A client of 1.0.0 reads, edits and writes what holds elements of 1.1.0, and loses nothing."""

import json

import pytest

from agencies import STAFF, a_state
from app.composition import schema_folder
from app.model.registry import load
from app.settings import Settings
from builders import a_stranger
from publishing import ROOT
from second_versions import OWN, a_folder, annotated, remarks

TYPES = sorted(load(schema_folder(Settings())).types.keys() - {OWN})
FROZEN = {"ParticipantServiceAssessment": ("answers", "proposals")}
"""What the rules let nobody change any more, remarks included."""
TAG = {"system": "https://agency.example/tags", "code": "seen"}


def named(kind, version):
    return f'application/fhir+json; profile="{ROOT}/{kind}|{version}"'


def under(kind, version, **more):
    return {"Accept": named(kind, version), "Content-Type": named(kind, version), **more}


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    schemas = a_folder(tmp_path_factory.mktemp("contracts"))
    folder = tmp_path_factory.mktemp("older")
    with a_state(embedded_uri, folder, schemas=schemas) as found:
        yield found


@pytest.fixture(scope="module")
def staff(state):
    return state.client(STAFF)


def sent(client, method, url, body, headers):
    return client.open(url, method=method, data=json.dumps(body), headers=headers)


def a_row(staff, kind):
    """Return the address and the body of a row of a type that the demo data hold."""
    found = staff.get(f"/v1/{kind}?_count=50", headers={"Accept": named(kind, "1.1.0")}).json
    rows = [each["resource"] for each in found["entry"]]
    body = max(rows, key=lambda each: len(json.dumps(each)))
    return f"/v1/{kind}/{body['id']}", body


@pytest.mark.parametrize("kind", TYPES)
def test_an_old_clients_read_edit_and_write_keeps_what_it_cannot_see(state, staff, kind):
    newest = json.loads(
        (state.settings.schemas / kind / "1.1.0" / "schema.json").read_text("utf-8")
    )
    url, body = a_row(staff, kind)
    frozen = {name: body[name] for name in FROZEN.get(kind, ()) if name in body}
    whole = {**annotated(newest, body), **frozen}
    stored = sent(
        staff, "PUT", url, whole, under(kind, "1.1.0", **{"If-Match": body["meta"]["versionId"]})
    )
    assert stored.status_code == 200, stored.text
    count = remarks(stored.json)  # without what only the hub sets
    assert count > 0

    seen = staff.get(url, headers=under(kind, "1.0.0"))
    edited = {**seen.json, "meta": {**seen.json["meta"], "tag": [TAG]}}
    written = sent(
        staff, "PUT", url, edited, under(kind, "1.0.0", **{"If-Match": seen.headers["ETag"]})
    )

    assert written.status_code == 200, written.text
    assert remarks(seen.json) == remarks(written.json) == 0
    assert seen.json["meta"]["profile"] == [f"{ROOT}/{kind}|1.0.0"]
    assert seen.headers["Content-Type"] == named(kind, "1.0.0")
    now = staff.get(url, headers=under(kind, "1.1.0")).json
    assert remarks(now) == count
    assert now["zCode"] == "paper"
    assert now["meta"]["tag"] == [TAG]
    untouched = now.keys() - {"meta"}
    assert {name: now[name] for name in untouched} == {
        name: stored.json[name] for name in untouched
    }


def test_an_old_clients_patch_keeps_what_it_cannot_see(staff):
    person = sent(
        staff,
        "POST",
        "/v1/ParticipantProfile",
        {**a_stranger(), "zNote": "Kept by the office."},
        under("ParticipantProfile", "1.1.0"),
    )
    assert person.status_code == 201, person.text
    url = f"/v1/ParticipantProfile/{person.json['id']}"
    headers = {
        "Accept": named("ParticipantProfile", "1.0.0"),
        "Content-Type": "application/merge-patch+json",
        "If-Match": person.headers["ETag"],
    }

    patched = sent(staff, "PATCH", url, {"middleName": "Bee"}, headers)

    assert patched.status_code == 200, patched.text
    now = staff.get(url, headers=under("ParticipantProfile", "1.1.0")).json
    assert (now["middleName"], now["zNote"]) == ("Bee", "Kept by the office.")


def test_what_a_version_has_no_word_for_is_refused_in_it(staff):
    refused = sent(
        staff,
        "POST",
        "/v1/ParticipantProfile",
        {**a_stranger(), "zNote": "Too new."},
        under("ParticipantProfile", "1.0.0"),
    )

    assert refused.status_code == 422
    assert refused.json["issue"][0]["expression"] == ["ParticipantProfile.zNote"]


@pytest.mark.parametrize("version", ["2.0.0", "1.7", "1.0.9"])
def test_an_unknown_version_is_refused_with_those_that_are_served(staff, version):
    kind = "Agency"

    read = staff.get("/v1/Agency/mdes", headers={"Accept": named(kind, version)})
    written = sent(
        staff,
        "PUT",
        "/v1/Agency/mdes",
        {"resourceType": kind},
        {"Content-Type": named(kind, version)},
    )

    assert (read.status_code, written.status_code) == (406, 422)
    for answer in (read, written):
        assert "1.0.0" in answer.text
        assert "1.1.0" in answer.text


def test_a_header_and_a_body_that_disagree_are_refused(staff):
    body = {**a_stranger(), "meta": {"profile": [f"{ROOT}/ParticipantProfile|1.1.0"]}}

    refused = sent(
        staff, "POST", "/v1/ParticipantProfile", body, under("ParticipantProfile", "1.0.0")
    )

    assert refused.status_code == 400


@pytest.mark.parametrize(("others", "status"), [(19, 201), (20, 422)])
def test_the_profile_that_the_hub_adds_counts_among_those_of_a_resource(staff, others, status):
    profiles = [f"https://agency.example/contracts/{number}" for number in range(others)]

    answer = staff.post(
        "/v1/ParticipantProfile", json={**a_stranger(), "meta": {"profile": profiles}}
    )

    assert answer.status_code == status
    if status == 422:
        assert answer.json["issue"][0]["expression"] == ["ParticipantProfile.meta.profile"]
    else:
        assert len(answer.json["meta"]["profile"]) == 20


def test_a_part_of_a_number_names_the_newest_version_within(staff):
    found = staff.get("/v1/Agency/mdes", headers={"Accept": named("Agency", "1")})

    assert found.headers["Content-Type"] == named("Agency", "1.1.0")


def test_a_pinned_client_is_given_its_version_until_it_moves_its_pin(state):
    partner = state.client("mdes")
    pin = {"resourceType": "Parameters", "parameter": [{"name": "type", "valueCode": "Agency"}]}
    old = [{"name": "version", "valueString": "1.0.0"}]

    pinned = partner.post(
        "/v1/SchemaVersion/$pin", json={**pin, "parameter": [*pin["parameter"], *old]}
    )
    before = partner.get("/v1/Agency/mdes")
    partner.post("/v1/SchemaVersion/$pin", json=pin)
    after = partner.get("/v1/Agency/mdes")

    assert pinned.status_code == 200, pinned.text
    assert before.headers["Content-Type"] == named("Agency", "1.0.0")
    assert after.headers["Content-Type"] == named("Agency", "1.1.0")
    assert before.headers["ETag"] != after.headers["ETag"]


def test_a_tag_of_one_version_does_not_stand_for_another(staff):
    url, old, new = "/v1/Agency/mdhs", named("Agency", "1.0.0"), named("Agency", "1.1.0")
    tag = staff.get(url, headers={"Accept": old}).headers["ETag"]

    same = staff.get(url, headers={"Accept": old, "If-None-Match": tag})
    other = staff.get(url, headers={"Accept": new, "If-None-Match": tag})

    assert (same.status_code, other.status_code) == (304, 200)


def test_a_page_of_a_search_is_of_one_version(staff):
    page = staff.get("/v1/Agency?_count=5", headers={"Accept": named("Agency", "1.0.0")}).json

    profiles = {tuple(each["resource"]["meta"]["profile"]) for each in page["entry"]}
    assert profiles == {(f"{ROOT}/Agency|1.0.0",)}
