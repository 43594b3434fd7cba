"""Batches: each entry on its own, an outcome in the place of each that is refused."""

from uuid import uuid4

from builders import a_profile, an_agency
from bundles import ask, bundle, patch, post, put, send, statuses


def batch(http, *entries, **how):
    """Send a batch."""
    return send(http, *entries, kind="batch", **how)


def test_each_entry_stands_alone(http):
    made = http.post("/v1/Agency", json=an_agency()).json
    profile = http.post("/v1/ParticipantProfile", json=a_profile()).json
    url = f"Agency/{made['id']}"

    reply = batch(
        http,
        post(an_agency()),
        post(an_agency(state="Mississippi")),
        {"request": {"method": "BREW", "url": "Agency"}},
        patch(url, {"name": "Patched"}),
        put({**made, "name": "Late"}, ifMatch='W/"1"'),
        ask("DELETE", f"ParticipantProfile/{profile['id']}", ifMatch='W/"1"'),
        ask("GET", url),
        ask("GET", "Agency/nowhere"),
        post({"resourceType": "Patient"}),
    )

    assert reply.status_code == 200
    assert reply.json["type"] == "batch-response"
    assert statuses(reply) == ["201", "422", "400", "200", "412", "204", "200", "404", "404"]
    entries = reply.json["entry"]
    assert entries[6]["resource"]["name"] == "Patched"
    outcome = entries[1]["response"]["outcome"]
    assert outcome["issue"][0]["expression"] == ["Bundle.entry[1].resource.state"]
    assert http.get(f"/v1/ParticipantProfile/{profile['id']}").status_code == 410


def test_the_access_decision_is_taken_for_each_entry(http, reader):
    made = http.post("/v1/Agency", json=an_agency()).json

    reply = batch(reader, ask("GET", f"Agency/{made['id']}"), put(made), post(an_agency()))

    assert statuses(reply) == ["200", "403", "403"]


def test_conditions_hold_for_each_entry(http):
    body = an_agency()
    criteria = f"abbreviation={body['abbreviation']}"

    reply = batch(
        http,
        post(body, ifNoneExist=criteria),
        post(body, ifNoneExist=criteria),
        post(body, ifNoneExist="abbreviaton=x"),
        put({**body, "name": "Newer"}, f"Agency?{criteria}"),
    )

    assert statuses(reply) == ["201", "200", "400", "200"]
    assert len({reply.json["entry"][index]["resource"]["id"] for index in (0, 1, 3)}) == 1


def test_an_empty_batch_is_answered_empty(http):
    assert batch(http).json == {"resourceType": "Bundle", "type": "batch-response"}


def test_a_batch_sent_again_under_its_key_is_done_once(http):
    body = an_agency()
    headers = {"Idempotency-Key": f"b-{uuid4()}"}

    first, again = (batch(http, post(body), headers=headers) for _ in range(2))
    other = batch(http, post(an_agency()), headers=headers)

    assert again.json == first.json
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert other.status_code == 422


def test_a_transaction_and_a_batch_need_a_token(app):
    for kind in ("batch", "transaction"):
        assert app.test_client().post("/v1/", json=bundle(kind=kind)).status_code == 401
