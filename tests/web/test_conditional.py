"""Conditional create, update, patch and delete: criteria name one resource, or nothing is done."""

import pytest

from builders import a_profile, an_agency


def unique():
    """Return a body with an identifier of its own, and the criteria that name it."""
    body = an_agency()
    body["identifier"] = [{"system": "urn:test", "value": body["abbreviation"]}]
    return body, f"identifier=urn:test|{body['abbreviation']}"


def ids(http, criteria):
    """Return the ids of what matches."""
    found = http.get(f"/v1/Agency?{criteria}").json
    return [each["resource"]["id"] for each in found.get("entry", [])]


@pytest.mark.parametrize("way", ["header", "header with type", "address"])
def test_a_conditional_create_creates_once_and_then_answers_what_is_there(http, way):
    body, criteria = unique()
    header = {"header": criteria, "header with type": f"Agency?{criteria}"}.get(way)
    url = "/v1/Agency" if header else f"/v1/Agency?{criteria}"
    headers = {"If-None-Exist": header} if header else {}

    first = http.post(url, json=body, headers=headers)
    again = http.post(url, json={**body, "name": "Never stored"}, headers=headers)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json
    assert ids(http, criteria) == [first.json["id"]]


def test_criteria_that_match_several_are_refused_everywhere(http):
    for _ in range(2):
        http.post("/v1/Agency", json=an_agency(name="One of two"))
    url = "/v1/Agency?name:exact=One of two"

    replies = [
        http.post(url, json=an_agency()),
        http.put(url, json=an_agency()),
        http.patch(url, json={"name": "X"}),
    ]

    assert [each.status_code for each in replies] == [412] * 3
    assert {each.json["issue"][0]["code"] for each in replies} == {"multiple-matches"}
    assert len(ids(http, "name:exact=One of two")) == 2


@pytest.mark.parametrize(
    "criteria", ["identifer=urn:test|x", "name=", "_count=1", "name:fuzzy=x", "_sort=name"]
)
@pytest.mark.parametrize("method", ["post", "put", "patch"])
def test_criteria_that_are_unknown_or_say_nothing_are_refused(http, method, criteria):
    send = getattr(http, method)

    reply = send(f"/v1/Agency?{criteria}", json=an_agency())

    assert reply.status_code == 400
    assert reply.json["issue"][0]["code"] == "invalid"


@pytest.mark.parametrize("criteria", ["identifer=urn:test|x", "last-name=", "_count=1"])
def test_a_delete_needs_criteria_that_are_known_and_say_something(http, criteria):
    reply = http.delete(f"/v1/ParticipantProfile?{criteria}", headers={"If-Match": "*"})

    assert reply.status_code == 400


def test_a_lookup_is_not_deleted_by_criteria_either(http):
    assert http.delete("/v1/Agency?name:exact=Nobody").status_code == 405


@pytest.mark.parametrize("method", ["put", "patch"])
def test_a_write_to_a_whole_type_without_criteria_is_refused(http, method):
    assert getattr(http, method)("/v1/Agency", json=an_agency()).status_code == 400


def test_an_empty_if_none_exist_is_refused_rather_than_ignored(http):
    reply = http.post("/v1/Agency", json=an_agency(), headers={"If-None-Exist": ""})

    assert reply.status_code == 400


def test_a_conditional_update_creates_then_updates_the_same_resource(http):
    body, criteria = unique()

    first = http.put(f"/v1/Agency?{criteria}", json=body)
    second = http.put(f"/v1/Agency?{criteria}", json={**body, "name": "Second"})

    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json["id"] == first.json["id"]
    assert second.headers["ETag"] == 'W/"2"'


def test_a_conditional_update_honours_if_match(http):
    body, criteria = unique()
    http.put(f"/v1/Agency?{criteria}", json=body)
    headers = {"If-Match": 'W/"7"'}

    stale = http.put(f"/v1/Agency?{criteria}", json={**body, "name": "X"}, headers=headers)
    nothing = http.put("/v1/Agency?name:exact=Nobody", json=body, headers=headers)

    assert (stale.status_code, nothing.status_code) == (412, 412)


def test_a_conditional_patch_changes_the_one_that_matches(http):
    body, criteria = unique()
    url = http.post("/v1/Agency", json=body).headers["Location"].partition("/_history")[0]

    reply = http.patch(f"/v1/Agency?{criteria}", json={"name": "Patched"})

    assert reply.status_code == 200
    assert http.get(url.removeprefix("http://hub.test")).json["name"] == "Patched"
    assert http.patch("/v1/Agency?name:exact=Nobody", json={"name": "X"}).status_code == 404


def test_a_conditional_delete_removes_the_one_that_matches(http):
    body = a_profile()
    criteria = f"pirl-unique-id={body['pirlUniqueId']}"
    http.post("/v1/ParticipantProfile", json=body)
    headers = {"If-Match": "*"}

    first = http.delete(f"/v1/ParticipantProfile?{criteria}", headers=headers)
    again = http.delete(f"/v1/ParticipantProfile?{criteria}", headers=headers)

    assert (first.status_code, again.status_code) == (204, 204)
    assert http.get(f"/v1/ParticipantProfile?{criteria}&_summary=count").json["total"] == 0
