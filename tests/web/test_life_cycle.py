"""A status moves as its type's life cycle says, on every road that writes."""

import pytest

from builders import an_agency, an_example
from bundles import expressions, patch, put, send


@pytest.fixture
def agreement(http):
    """Return the body of an agreement between two new agencies."""
    first, second = (http.post("/v1/Agency", json=an_agency()).json["id"] for _ in range(2))
    return an_example("DataSharingAgreement") | {
        "disclosingAgency": {"reference": f"Agency/{first}"},
        "recipientAgency": {"reference": f"Agency/{second}"},
    }


@pytest.fixture
def ended(http, agreement):
    """Return an agreement that is over, as the hub keeps it."""
    kept = http.post("/v1/DataSharingAgreement", json=agreement).json
    return http.put(url(kept), json=kept | {"status": "ended"}).json


def url(body):
    return f"/v1/{body['resourceType']}/{body['id']}"


def told(reply):
    """Return the code of the first issue and the codes it allows."""
    (issue,) = reply.json["issue"]
    allowed = [
        each["valueString"] for each in issue["extension"] if each["url"].endswith("/allowed")
    ]
    return reply.status_code, issue["details"]["coding"][0]["code"], allowed


def test_an_agreement_goes_its_way_from_draft_to_end(http, agreement):
    body = http.post("/v1/DataSharingAgreement", json=agreement | {"status": "draft"}).json

    for status in ("in-review", "draft", "in-review", "active", "suspended", "active", "ended"):
        reply = http.put(url(body), json=body | {"status": status, "statusReason": "As agreed"})
        assert (reply.status_code, reply.json["status"]) == (200, status)


def test_a_move_the_life_cycle_does_not_know_is_refused_with_those_it_does(http, agreement):
    body = http.post("/v1/DataSharingAgreement", json=agreement).json

    reply = http.put(url(body), json=body | {"status": "draft"})

    assert told(reply) == (422, "illegal-transition", ["suspended", "ended"])
    assert expressions(reply) == ["DataSharingAgreement.status"]
    assert http.get(url(body)).json["status"] == "active"


@pytest.mark.parametrize("status", ["active", "draft"])
def test_an_agreement_that_ended_does_not_come_back_by_patch_or_bundle(http, ended, status):
    change = {"status": status}
    address = url(ended).removeprefix("/v1/")

    one = http.patch(url(ended), json=change, content_type="application/merge-patch+json")
    two = send(http, patch(address, change))
    three = send(http, put(ended | change))

    for reply in (one, two, three):
        assert told(reply) == (422, "illegal-transition", [])


def test_what_is_over_may_still_be_remarked_on(http, ended):
    reply = http.put(url(ended), json=ended | {"note": "Filed in the archive."})

    assert reply.status_code == 200
    assert reply.json["status"] == "ended"


def test_nothing_begins_at_its_end(http, agreement):
    reply = http.post(
        "/v1/DataSharingAgreement", json=agreement | {"status": "rejected", "statusReason": "No"}
    )

    assert told(reply) == (422, "illegal-transition", ["draft", "in-review", "active"])
