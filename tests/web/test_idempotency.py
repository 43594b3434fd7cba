"""Idempotency-Key: the same request sent twice is done once and answered twice."""

import threading

import pytest

from builders import an_agency
from tenants import as_client


def keyed(http, key, body, url="/v1/Agency"):
    """Create under an idempotency key."""
    return http.post(url, json=body, headers={"Idempotency-Key": key})


def test_a_repeated_create_is_done_once_and_answered_alike(http):
    body = an_agency()

    first, again = keyed(http, "k-1", body), keyed(http, "k-1", body)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json == first.json
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Location"] == first.headers["Location"]
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"


def test_a_replay_answers_what_was_written_then_not_what_is_there_now(http):
    body = an_agency()
    first = keyed(http, "k-2", body)
    http.put(f"/v1/Agency/{first.json['id']}", json={**body, "name": "Later"})

    assert keyed(http, "k-2", body).json == first.json


def test_another_body_under_the_same_key_is_refused(http):
    keyed(http, "k-3", an_agency())

    reply = keyed(http, "k-3", an_agency())

    assert reply.status_code == 422
    assert reply.json["issue"][0]["details"]["coding"][0]["code"] == "key-reused"


def test_keys_of_different_clients_never_meet(http, second_staff):
    body, other = an_agency(), an_agency()

    mine, theirs = keyed(http, "k-4", body), keyed(second_staff, "k-4", other)

    assert (mine.status_code, theirs.status_code) == (201, 201)
    assert mine.json["id"] != theirs.json["id"]


def test_a_refused_request_leaves_its_key_free(http):
    body = an_agency()

    bad = keyed(http, "k-5", {**body, "state": 5})
    good = keyed(http, "k-5", body)

    assert (bad.status_code, good.status_code) == (422, 201)


@pytest.mark.parametrize("key", ["", " ", "a b", "k" * 256, "é", '"', '"k', 'k"', '""k""'])
def test_a_key_that_is_none_is_refused_rather_than_ignored(http, key):
    assert keyed(http, key, an_agency()).status_code == 400


def test_a_key_is_the_same_with_quotes_and_without(http):
    body = an_agency()

    assert keyed(http, '"k-8"', body).json == keyed(http, "k-8", body).json


def test_a_repeated_patch_is_done_once(http):
    body = http.post("/v1/Agency", json=an_agency()).json
    url = f"/v1/Agency/{body['id']}"

    def patch():
        return http.patch(url, json={"name": "Once"}, headers={"Idempotency-Key": "k-6"})

    first = patch()
    http.patch(url, json={"name": "Between"})
    again = patch()

    assert again.json == first.json
    assert http.get(url).json["name"] == "Between"


def test_many_at_once_under_one_key_make_one_resource(app):
    body, replies = an_agency(), []
    clients = [as_client(app, "state-staff") for _ in range(12)]

    def send(client):
        replies.append(keyed(client, "k-7", body))

    threads = [threading.Thread(target=send, args=(each,)) for each in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {each.status_code for each in replies} == {201}
    assert len({each.json["id"] for each in replies}) == 1
    found = clients[0].get(f"/v1/Agency?abbreviation={body['abbreviation']}&_summary=count")
    assert found.json["total"] == 1


def test_a_patch_that_changed_nothing_is_not_done_later(http):
    body = http.post("/v1/Agency", json=an_agency(name="A")).json
    url = f"/v1/Agency/{body['id']}"

    def patch():
        return http.patch(url, json={"name": "A"}, headers={"Idempotency-Key": "k-unchanged"})

    first = patch()
    http.patch(url, json={"name": "B"})
    again = patch()

    assert again.json == first.json
    assert http.get(url).json["name"] == "B"
