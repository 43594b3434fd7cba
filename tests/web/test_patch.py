"""PATCH: merge patch and JSON Patch, bounded, validated as a whole, under If-Match."""

import json

import pytest

from builders import a_profile, an_agency

JSON_PATCH = {"Content-Type": "application/json-patch+json"}
MERGE = {"Content-Type": "application/merge-patch+json"}


@pytest.fixture
def agency(http):
    """Return the address and body of a new agency."""
    body = http.post("/v1/Agency", json=an_agency(phone="601-555-0100")).json
    return f"/v1/Agency/{body['id']}", body


@pytest.mark.parametrize("media", ["application/json", "application/merge-patch+json"])
def test_a_plain_object_is_a_merge_patch(http, agency, media):
    url, body = agency

    reply = http.patch(
        url, data=json.dumps({"name": "New", "phone": None}), headers={"Content-Type": media}
    )

    assert reply.status_code == 200
    assert reply.headers["ETag"] == 'W/"2"'
    expected = {**body, "name": "New"}
    del expected["phone"]
    assert {**reply.json, "meta": None} == {**expected, "meta": None}


def test_json_patch_operations_apply_in_order(http, agency):
    url, _ = agency
    operations = [
        {"op": "test", "path": "/phone", "value": "601-555-0100"},
        {"op": "replace", "path": "/name", "value": "New"},
        {"op": "remove", "path": "/phone"},
    ]

    reply = http.patch(url, data=json.dumps(operations), headers=JSON_PATCH)

    assert reply.status_code == 200
    assert reply.json["name"] == "New"
    assert "phone" not in reply.json


@pytest.mark.parametrize(
    ("operations", "status"),
    [
        pytest.param([{"op": "test", "path": "/name", "value": "Other"}], 422, id="a failed test"),
        pytest.param([{"op": "remove", "path": "/never"}], 422, id="a path that is not there"),
        pytest.param([{"op": "remove", "path": "/status"}], 422, id="what the schema requires"),
        pytest.param([{"op": "add", "path": "/shoe", "value": 1}], 422, id="what is no element"),
        pytest.param([{"op": "replace", "path": "/id", "value": "x"}], 422, id="the id"),
        pytest.param([{"op": "remove", "path": "/meta/versionId"}], 422, id="meta"),
        pytest.param([{"op": "replace", "path": "", "value": {}}], 422, id="the whole resource"),
        pytest.param([{"op": "move", "from": "/id", "path": "/name"}], 422, id="moving the id"),
        pytest.param([{"op": "jump", "path": "/name"}], 422, id="an unknown operation"),
        pytest.param([{"op": "add", "path": 5, "value": 1}], 422, id="a path that is no text"),
        pytest.param(["remove"], 400, id="an operation that is no object"),
        pytest.param({"op": "remove", "path": "/name"}, 400, id="one operation without a list"),
        pytest.param([{"op": "test", "path": "/name", "value": 1}] * 201, 400, id="too many"),
    ],
)
def test_a_patch_that_does_not_fit_changes_nothing(http, agency, operations, status):
    url, body = agency

    reply = http.patch(url, data=json.dumps(operations), headers=JSON_PATCH)

    assert reply.status_code == status, reply.json
    assert http.get(url).json == body


def test_copies_that_double_the_resource_are_stopped_early(http, agency):
    url, body = agency
    seed = [{"op": "add", "path": "/x", "value": {"y": "z" * 100}}]
    doubling = [{"op": "copy", "from": "/x", "path": f"/x/{n}"} for n in range(60)]

    reply = http.patch(url, data=json.dumps(seed + doubling), headers=JSON_PATCH)

    assert reply.status_code == 400
    assert reply.json["issue"][0]["code"] == "too-costly"
    assert http.get(url).json == body


def test_a_merge_patch_cannot_touch_id_type_or_meta(http, agency):
    url, body = agency
    patch = {"id": "other", "resourceType": "Program", "meta": {"versionId": "9"}, "name": "New"}

    reply = http.patch(url, data=json.dumps(patch), headers=MERGE)

    assert reply.status_code == 200
    assert (reply.json["id"], reply.json["resourceType"]) == (body["id"], "Agency")
    assert reply.json["meta"]["versionId"] == "2"


def test_a_patch_honours_if_match_and_needs_it_where_the_type_does(http):
    body = http.post("/v1/ParticipantProfile", json=a_profile()).json
    url = f"/v1/ParticipantProfile/{body['id']}"

    without = http.patch(url, json={"lastName": "X"})
    stale = http.patch(url, json={"lastName": "X"}, headers={"If-Match": 'W/"9"'})
    seen = http.patch(url, json={"lastName": "X"}, headers={"If-Match": 'W/"1"'})

    assert [without.status_code, stale.status_code, seen.status_code] == [428, 412, 200]


def test_a_patch_that_changes_nothing_makes_no_version(http, agency):
    url, body = agency

    reply = http.patch(url, json={"name": body["name"]})

    assert reply.headers["ETag"] == 'W/"1"'


def test_a_patch_of_what_is_not_there_is_not_found(http):
    assert http.patch("/v1/Agency/never", json={"name": "X"}).status_code == 404


def test_another_media_type_is_unsupported(http, agency):
    url, _ = agency

    reply = http.patch(url, data="<diff/>", headers={"Content-Type": "application/xml"})

    assert reply.status_code == 415


@pytest.mark.parametrize("body", ["[]", '"x"', "null", "5"])
def test_a_merge_patch_that_is_no_object_is_malformed(http, agency, body):
    url, _ = agency

    assert http.patch(url, data=body, headers=MERGE).status_code == 400
