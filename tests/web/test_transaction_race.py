"""Transactions that meet: each is planned again until it fits, and nothing is done twice."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from builders import an_agency
from bundles import ask, patch, post, send, statuses
from tenants import as_client

THREADS = 8


def at_once(app, work):
    """Run `work(client)` in several threads and return what they return."""
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(work, [as_client(app, "state-staff") for _ in range(THREADS)]))


def test_transactions_that_create_the_same_if_none_exists_make_one(app, http):
    name = f"T{uuid4().hex}"
    criteria = f"name:exact={name}"

    def work(client):
        mark = an_agency()
        return send(client, post(an_agency(name=name), ifNoneExist=criteria), post(mark))

    replies = at_once(app, work)

    assert {each.status_code for each in replies} == {200}
    assert sorted(statuses(each)[0] for each in replies) == ["200"] * (THREADS - 1) + ["201"]
    assert len({each.json["entry"][0]["resource"]["id"] for each in replies}) == 1
    assert http.get(f"/v1/Agency?{criteria}&_summary=count").json["total"] == 1


def test_transactions_under_one_key_are_done_once(app, http):
    body, headers = an_agency(), {"Idempotency-Key": f"race-{uuid4()}"}
    criteria = f"abbreviation={body['abbreviation']}"

    replies = at_once(app, lambda client: send(client, post(body), headers=headers))

    assert {each.status_code for each in replies} == {200}
    assert len({each.json["entry"][0]["resource"]["id"] for each in replies}) == 1
    assert http.get(f"/v1/Agency?{criteria}&_summary=count").json["total"] == 1


def test_patches_of_one_resource_by_several_transactions_all_land(app, http):
    made = http.post("/v1/Agency", json=an_agency()).json
    url = f"Agency/{made['id']}"

    def work(client):
        return send(client, patch(url, {"name": f"N{uuid4().hex}"}), ask("GET", url))

    replies = at_once(app, work)

    won = [each for each in replies if each.status_code == 200]
    lost = [each for each in replies if each.status_code != 200]
    assert {each.json["issue"][0]["details"]["coding"][0]["code"] for each in lost} <= {"lost-race"}
    assert len({each.json["entry"][0]["response"]["etag"] for each in won}) == len(won) > 0
    assert http.get(f"/v1/{url}").json["meta"]["versionId"] == str(len(won) + 1)
