"""Create, update and delete over HTTP: nobody overwrites what they have not seen."""

import json
from datetime import datetime
from email.utils import parsedate_to_datetime

import pytest

from builders import a_category, a_profile, an_agency, an_example


def created(http, body):
    """Create a resource and return its address below the base and its body."""
    reply = http.post(f"/v1/{body['resourceType']}", json=body)
    assert reply.status_code == 201, reply.json
    return f"/v1/{body['resourceType']}/{reply.json['id']}", reply.json


def issue(reply):
    """Return the first issue of an OperationOutcome."""
    assert reply.json["resourceType"] == "OperationOutcome"
    return reply.json["issue"][0]


def extensions(reply):
    """Return the string extensions of the first issue by their short name."""
    return {
        each["url"].rsplit("/")[-1]: each.get("valueString") for each in issue(reply)["extension"]
    }


def test_a_create_answers_the_whole_resource_and_where_it_is(http):
    body = a_profile(id="chosen-by-client", meta={"versionId": "9"})

    reply = http.post("/v1/ParticipantProfile", json=body)

    assert reply.status_code == 201
    stored = reply.json
    assert stored["id"] != "chosen-by-client"
    assert stored["meta"]["versionId"] == "1"
    assert stored["lastName"] == body["lastName"]
    assert reply.headers["Location"] == (
        f"http://hub.test/v1/ParticipantProfile/{stored['id']}/_history/1"
    )
    assert reply.headers["ETag"] == 'W/"1"'
    modified = parsedate_to_datetime(reply.headers["Last-Modified"])
    written = datetime.fromisoformat(stored["meta"]["lastUpdated"])
    assert modified == written.replace(microsecond=0)


def test_an_update_with_the_current_tag_makes_the_next_version(http):
    url, body = created(http, a_profile())

    reply = http.put(url, json={**body, "lastName": "Changed"}, headers={"If-Match": 'W/"1"'})

    assert reply.status_code == 200
    assert reply.json["lastName"] == "Changed"
    assert reply.headers["ETag"] == 'W/"2"'
    assert http.get(url).json == reply.json


def test_a_stale_tag_is_refused_with_what_changed_since(http):
    url, body = created(http, a_profile())
    http.put(url, json={**body, "lastName": "First"}, headers={"If-Match": 'W/"1"'})

    reply = http.put(url, json={**body, "lastName": "Second"}, headers={"If-Match": 'W/"1"'})

    assert reply.status_code == 412
    assert reply.headers["ETag"] == 'W/"2"'
    assert issue(reply)["code"] == "conflict"
    said = extensions(reply)
    assert said["current-etag"] == 'W/"2"'
    assert json.loads(said["changes"]) == [{"op": "replace", "path": "/lastName", "value": "First"}]
    assert http.get(url).json["lastName"] == "First"


def test_a_tag_from_the_future_is_refused_without_changes(http):
    url, body = created(http, a_profile())

    reply = http.put(url, json={**body, "lastName": "X"}, headers={"If-Match": 'W/"7"'})

    assert reply.status_code == 412
    assert "changes" not in extensions(reply)


def test_a_versioned_type_is_not_changed_without_if_match(http):
    url, body = created(http, a_profile())

    assert http.put(url, json={**body, "lastName": "X"}).status_code == 428
    assert http.delete(url).status_code == 428
    assert http.get(url).json == body


def test_other_types_are_changed_without_if_match_but_honour_it(http):
    url, body = created(http, an_agency())

    assert http.put(url, json={**body, "name": "A"}).status_code == 200
    assert http.put(url, json={**body, "name": "B"}, headers={"If-Match": '"1"'}).status_code == 412
    assert http.put(url, json={**body, "name": "C"}, headers={"If-Match": "2"}).status_code == 200


def test_a_malformed_if_match_is_refused_rather_than_ignored(http):
    url, body = created(http, an_agency())

    reply = http.put(url, json={**body, "name": "A"}, headers={"If-Match": "latest"})

    assert reply.status_code == 400
    assert http.get(url).json == body


def test_an_identical_body_makes_no_new_version(http):
    url, body = created(http, a_profile())

    reply = http.put(url, json=body, headers={"If-Match": 'W/"1"'})

    assert reply.status_code == 200
    assert reply.headers["ETag"] == 'W/"1"'
    assert reply.json == body


def test_a_lookup_is_created_at_its_id_and_other_types_are_not(http):
    new = http.put("/v1/Agency/at-my-id", json=an_agency(id="at-my-id"))
    other = http.put("/v1/ParticipantScore/mine", json=an_example("ParticipantScore"))

    assert new.status_code == 201
    assert http.get("/v1/Agency/at-my-id").json["id"] == "at-my-id"
    assert other.status_code == 405


def test_if_match_on_what_does_not_exist_is_refused(http):
    reply = http.put("/v1/Agency/nobody", json=an_agency(), headers={"If-Match": "*"})

    assert reply.status_code == 412


def test_the_id_in_the_body_must_be_the_id_in_the_address(http):
    url, body = created(http, an_agency())

    reply = http.put(url, json={**body, "id": "other"})

    assert reply.status_code == 400
    assert issue(reply)["expression"] == ["Agency.id"]


def test_every_schema_fault_is_told_at_once_with_its_path(http):
    body = a_profile(birthDate="1990-02-30", status="unknown", shoeSize=44)
    del body["lastName"]

    reply = http.post("/v1/ParticipantProfile", json=body)

    assert reply.status_code == 422
    assert {each["expression"][0] for each in reply.json["issue"]} == {
        "ParticipantProfile.birthDate",
        "ParticipantProfile.status",
        "ParticipantProfile.shoeSize",
        "ParticipantProfile.lastName",
    }
    assert "1990-02-30" not in reply.text


def test_a_delete_is_repeatable_and_history_stays(http):
    url, body = created(http, a_profile())

    for _ in range(2):
        assert http.delete(url, headers={"If-Match": 'W/"1"'}).status_code == 204
    assert http.delete(url).status_code == 428
    assert http.get(url).status_code == 410
    assert http.get(f"{url}/_history/1").json == body
    assert http.get(f"{url}/_history/2").status_code == 410
    assert [e["request"]["method"] for e in http.get(f"{url}/_history").json["entry"]] == [
        "DELETE",
        "POST",
    ]


def test_a_deleted_resource_is_not_written_again(http):
    url, body = created(http, a_profile())
    http.delete(url, headers={"If-Match": 'W/"1"'})

    assert http.put(url, json=body, headers={"If-Match": 'W/"2"'}).status_code == 410


def test_a_stale_delete_is_refused(http):
    url, body = created(http, a_profile())
    http.put(url, json={**body, "lastName": "X"}, headers={"If-Match": 'W/"1"'})

    assert http.delete(url, headers={"If-Match": 'W/"1"'}).status_code == 412
    assert http.get(url).status_code == 200


def test_a_lookup_is_never_deleted(http):
    url, _ = created(http, an_agency())

    assert http.delete(url).status_code == 405
    assert http.get(url).status_code == 200


def test_deleting_what_never_was_is_not_found(http):
    assert http.delete("/v1/ParticipantScore/never").status_code == 404


def test_a_reference_must_lead_somewhere(http):
    reply = http.post(
        "/v1/ServiceCategory", json=a_category(parent={"reference": "ServiceCategory/nowhere"})
    )

    assert reply.status_code == 409
    assert issue(reply)["expression"] == ["ServiceCategory.parent.reference"]


def test_a_reference_must_name_an_allowed_type(http):
    reply = http.post("/v1/ServiceCategory", json=a_category(parent={"reference": "Agency/mdes"}))

    assert reply.status_code == 422
    assert extensions(reply)["allowed"] == "ServiceCategory"


def test_a_business_key_belongs_to_one_resource(http):
    _, body = created(http, an_agency())

    reply = http.post("/v1/Agency", json=an_agency(abbreviation=body["abbreviation"]))

    assert reply.status_code == 409
    assert issue(reply)["code"] == "duplicate"
    assert issue(reply)["expression"] == ["Agency.abbreviation"]


@pytest.mark.parametrize(
    ("wanted", "kind"), [("minimal", None), ("OperationOutcome", "OperationOutcome")]
)
def test_prefer_says_what_a_write_answers(http, wanted, kind):
    reply = http.post("/v1/Agency", json=an_agency(), headers={"Prefer": f"return={wanted}"})

    assert reply.status_code == 201
    assert reply.headers["Location"]
    assert (reply.json["resourceType"] if reply.data else None) == kind


def test_a_reader_may_not_write(reader):
    reply = reader.post("/v1/Agency", json=an_agency())

    assert reply.status_code == 403
    assert issue(reply)["code"] == "forbidden"


def test_validate_says_every_fault_and_writes_nothing(http):
    good = http.post("/v1/Agency/$validate", json=an_agency())
    wrapped = http.post(
        "/v1/Agency/$validate",
        json={
            "resourceType": "Parameters",
            "parameter": [{"name": "resource", "resource": an_agency(state=5)}],
        },
    )

    assert good.status_code == wrapped.status_code == 200
    assert issue(good)["severity"] == "information"
    assert issue(wrapped)["severity"] == "error"
    assert issue(wrapped)["expression"] == ["Agency.state"]
