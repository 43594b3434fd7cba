"""Transactions: everything or nothing, references between entries, every fault at once."""

from uuid import uuid4

import pytest

from builders import a_category, a_profile, an_agency, an_example
from bundles import ask, bundle, expressions, patch, post, put, send, statuses
from tenants import as_client


def urn():
    """Return a placeholder for a resource that has no id yet."""
    return f"urn:uuid:{uuid4()}"


def total(http, query):
    """Return how many agencies match."""
    return http.get(f"/v1/Agency?{query}&_summary=count").json["total"]


@pytest.mark.parametrize("address", ["/v1", "/v1/"])
def test_a_transaction_creates_everything_and_answers_in_order(http, address):
    first, second = an_agency(), an_agency()

    reply = http.post(address, json=bundle(post(first), post(second)))

    assert reply.status_code == 200
    assert reply.json["type"] == "transaction-response"
    assert statuses(reply) == ["201", "201"]
    names = [each["resource"]["abbreviation"] for each in reply.json["entry"]]
    assert names == [first["abbreviation"], second["abbreviation"]]
    for entry in reply.json["entry"]:
        where = entry["response"]["location"].removeprefix("http://hub.test")
        assert http.get(where).json == entry["resource"]
        assert entry["fullUrl"] == f"http://hub.test/v1/Agency/{entry['resource']['id']}"
        assert entry["response"]["etag"] == 'W/"1"'
        assert entry["response"]["lastModified"] == entry["resource"]["meta"]["lastUpdated"]


def test_entries_refer_forward_and_to_each_other_by_full_url(http):
    one, other = urn(), urn()
    child = a_category(parent={"reference": other})

    reply = send(http, post(child, one), post(a_category(), other))

    made = [each["resource"] for each in reply.json["entry"]]
    assert made[0]["parent"]["reference"] == f"ServiceCategory/{made[1]['id']}"


def test_a_reference_by_criteria_leads_to_the_one_that_matches(http):
    parent = http.post("/v1/ServiceCategory", json=a_category(name=f"P{uuid4().hex}")).json
    asked = f"ServiceCategory?name:exact={parent['name']}"

    reply = send(http, post(a_category(parent={"reference": asked})))

    made = reply.json["entry"][0]["resource"]
    assert made["parent"]["reference"] == f"ServiceCategory/{parent['id']}"


@pytest.mark.parametrize("rows", [0, 2])
def test_a_reference_by_criteria_that_matches_none_or_several_is_refused(http, rows):
    name = f"Q{uuid4().hex}"
    for _ in range(rows):
        http.post("/v1/ServiceCategory", json=a_category(name=name))
    body = a_category(parent={"reference": f"ServiceCategory?name:exact={name}"})

    reply = send(http, post(body))

    assert reply.status_code == 412
    assert expressions(reply) == ["Bundle.entry[0].resource.parent.reference"]


def test_every_fault_of_every_entry_is_told_and_nothing_is_stored(http):
    good = an_agency()
    bad = an_agency(state="Mississippi", isCorePartner="no")
    lost = a_category(parent={"reference": urn()}, name=5)

    reply = send(http, post(good), post(bad), post(lost), ask("DELETE", "Referral/nowhere"))

    assert reply.status_code == 422
    assert sorted(expressions(reply)) == [
        "Bundle.entry[1].resource.isCorePartner",
        "Bundle.entry[1].resource.state",
        "Bundle.entry[2].resource.name",
        "Bundle.entry[2].resource.parent.reference",
        "Bundle.entry[3]",
    ]
    pointers = [
        each["valueString"]
        for issue in reply.json["issue"]
        for each in issue["extension"]
        if each["url"].endswith("/json-pointer")
    ]
    assert "/entry/1/resource/state" in pointers
    assert total(http, f"abbreviation={good['abbreviation']}") == 0


def test_faults_of_the_envelope_are_all_told(http):
    reply = send(
        http,
        {"request": {"method": "BREW", "url": "Agency"}},
        {"request": {"method": "POST", "url": "Agency"}},
        post(an_agency(), url="Agency/some-id"),
        ask("GET", "Agency", ifMatch='W/"1"'),
        ask("DELETE", "Referral"),
        {"resource": an_agency()},
        ask("GET", "Agency/x", ifNoneMatch="three"),
    )

    assert reply.status_code == 400
    assert expressions(reply) == [
        "Bundle.entry[0].request.method",
        "Bundle.entry[1].resource",
        "Bundle.entry[2].request.url",
        "Bundle.entry[3].request.ifMatch",
        "Bundle.entry[4].request.url",
        "Bundle.entry[5].request",
        "Bundle.entry[6].request.ifNoneMatch",
    ]


def test_a_duplicate_that_only_the_database_sees_names_its_entry(http):
    taken = a_profile()
    http.post("/v1/ParticipantProfile", json=taken)
    agency = an_agency()

    reply = send(http, post(agency), post(a_profile(pirlUniqueId=taken["pirlUniqueId"])))

    assert reply.status_code == 409
    assert expressions(reply) == ["Bundle.entry[1].resource.pirlUniqueId"]
    assert total(http, f"abbreviation={agency['abbreviation']}") == 0


def test_the_same_resource_twice_is_refused(http):
    made = http.post("/v1/Agency", json=an_agency()).json

    reply = send(http, put({**made, "name": "A"}), put({**made, "name": "B"}))

    assert reply.status_code == 400
    assert expressions(reply) == ["Bundle.entry[0].request.url", "Bundle.entry[1].request.url"]


def test_a_full_url_stands_for_one_entry(http):
    name = urn()

    reply = send(http, post(an_agency(), name), post(an_agency(), name))

    assert reply.status_code == 400
    assert expressions(reply) == ["Bundle.entry[1].fullUrl"]


def test_reading_entries_see_what_the_transaction_left(http):
    made = http.post("/v1/Agency", json=an_agency()).json
    url = f"Agency/{made['id']}"

    reply = send(
        http,
        ask("GET", url),
        ask("GET", f"Agency?_id={made['id']}"),
        ask("GET", f"{url}/_history"),
        ask("GET", f"{url}/_history/1"),
        ask("GET", url, ifNoneMatch='W/"2"'),
        ask("HEAD", url),
        ask("GET", "Agency/nowhere"),
        put({**made, "name": "After"}, ifMatch='W/"1"'),
    )

    read, found, history, first, held, head, lost, written = reply.json["entry"]
    assert statuses(reply) == ["200", "200", "200", "200", "304", "200", "404", "200"]
    assert read["resource"]["name"] == "After" == written["resource"]["name"]
    assert found["resource"]["entry"][0]["resource"] == read["resource"]
    assert len(history["resource"]["entry"]) == 2
    assert first["resource"] == made
    assert "resource" not in held | head
    assert lost["response"]["outcome"]["issue"][0]["code"] == "not-found"


def test_a_reading_entry_that_cannot_be_understood_refuses_the_whole(http):
    agency = an_agency()

    reply = send(http, post(agency), ask("GET", "Agency?colour=red"))

    assert reply.status_code == 400
    assert expressions(reply) == ["Bundle.entry[1].request.url"]
    assert total(http, f"abbreviation={agency['abbreviation']}") == 0


def test_a_stale_if_match_of_one_entry_refuses_all_and_helps(http):
    made = http.post("/v1/Agency", json=an_agency()).json
    http.put(f"/v1/Agency/{made['id']}", json={**made, "name": "Newer"})
    agency = an_agency()

    reply = send(http, post(agency), put({**made, "name": "Mine"}, ifMatch='W/"1"'))

    told = {
        each["url"].rpartition("/")[2]: each.get("valueString")
        for each in reply.json["issue"][0]["extension"]
    }
    assert reply.status_code == 412
    assert told["current-etag"] == 'W/"2"'
    assert "Newer" in told["changes"]
    assert total(http, f"abbreviation={agency['abbreviation']}") == 0


def test_a_type_that_demands_if_match_demands_it_of_an_entry(http):
    made = http.post("/v1/ParticipantProfile", json=a_profile()).json

    reply = send(http, put(made))

    assert reply.status_code == 428
    assert expressions(reply) == ["Bundle.entry[0].request.ifMatch"]


def test_if_none_exist_creates_once_and_others_refer_to_the_winner(http):
    name = f"R{uuid4().hex}"
    one, other = urn(), urn()
    parent = post(a_category(name=name), one, ifNoneExist=f"name:exact={name}")
    twin = post(a_category(name=name), other, ifNoneExist=f"name:exact={name}")
    child = post(a_category(parent={"reference": other}))

    first, again = send(http, child, parent, twin), send(http, child, twin)

    made = first.json["entry"][1]["resource"]
    assert statuses(first) == ["201", "201", "200"]
    assert statuses(again) == ["201", "200"]
    assert first.json["entry"][2]["resource"] == made == again.json["entry"][1]["resource"]
    for reply in (first, again):
        led = reply.json["entry"][0]["resource"]["parent"]["reference"]
        assert led == f"ServiceCategory/{made['id']}"


def test_conditional_update_patch_and_delete_name_what_matches(http):
    marks = [f"S{uuid4().hex}" for _ in range(3)]
    agencies = [an_agency(name=mark) for mark in marks]
    http.post("/v1/Agency", json=agencies[1])
    profile = http.post("/v1/ParticipantProfile", json=a_profile()).json

    reply = send(
        http,
        put(agencies[0], f"Agency?name:exact={marks[0]}"),
        patch(f"Agency?name:exact={marks[1]}", {"state": "AL"}),
        ask("DELETE", f"ParticipantProfile?_id={profile['id']}", ifMatch="*"),
        ask("DELETE", f"Referral?identifier=urn:test|{marks[2]}"),
    )

    assert statuses(reply) == ["201", "200", "204", "204"]
    assert reply.json["entry"][1]["resource"]["state"] == "AL"
    assert http.get(f"/v1/ParticipantProfile/{profile['id']}").status_code == 410


def test_patches_come_in_a_binary(http):
    made = http.post("/v1/Agency", json=an_agency()).json
    url = f"Agency/{made['id']}"
    operations = [{"op": "replace", "path": "/name", "value": "Patched"}]

    good = send(http, patch(url, operations, "application/json-patch+json", ifMatch='W/"1"'))
    bare = send(http, {"resource": made, "request": {"method": "PATCH", "url": url}})

    assert good.json["entry"][0]["resource"]["name"] == "Patched"
    assert bare.status_code == 400
    assert expressions(bare) == ["Bundle.entry[0].resource"]


def test_deletions_come_first_so_that_a_business_key_is_free_again(http):
    old = http.post("/v1/ParticipantProfile", json=a_profile()).json
    heir = a_profile(pirlUniqueId=old["pirlUniqueId"])

    reply = send(http, post(heir), ask("DELETE", f"ParticipantProfile/{old['id']}", ifMatch="*"))

    assert statuses(reply) == ["201", "204"]


def test_what_a_transaction_deletes_cannot_be_referred_to_by_it(http):
    profile = http.post("/v1/ParticipantProfile", json=a_profile()).json
    award = an_award(http, profile)
    gone = ask("DELETE", f"ParticipantProfile/{profile['id']}", ifMatch="*")

    reply = send(http, gone, post(award))
    stored = send(http, post(award))
    still = send(http, gone)
    both = ask("DELETE", f"ParticipantCredential/{stored.json['entry'][0]['resource']['id']}")

    assert (reply.status_code, stored.status_code, still.status_code) == (409, 200, 409)
    assert expressions(reply) == ["Bundle.entry[1]"]
    assert expressions(still) == ["Bundle.entry[0]"]
    assert statuses(send(http, gone, both)) == ["204", "204"]


def an_award(http, profile):
    """Return a credential of a participant; the lookups it needs are made in one transaction."""
    kinds = ("Agency", "Program", "Partner", "Credential")
    named = {kind: {"reference": f"{kind}/test-{kind.lower()}"} for kind in kinds}
    program = an_example("Program") | {"agency": named["Agency"]}
    partner = an_example("Partner") | {"agency": named["Agency"], "programs": [named["Program"]]}
    bodies = [partner, program, an_example("Credential"), an_agency()]
    entries = [put(body, named[body["resourceType"]]["reference"]) for body in bodies]

    assert statuses(send(http, *entries)) == ["201"] * len(entries)

    return an_example("ParticipantCredential") | {
        "participant": {"reference": f"ParticipantProfile/{profile['id']}"},
        "credential": named["Credential"],
        "credentialType": an_example("Credential")["pirlCredentialType"],
        "partner": named["Partner"],
    }


@pytest.mark.parametrize("wanted", ["minimal", "OperationOutcome"])
def test_a_transaction_answers_as_preferred(http, wanted):
    reply = send(http, post(an_agency()), headers={"Prefer": f"return={wanted}"})

    entry = reply.json["entry"][0]
    assert "resource" not in entry
    assert ("outcome" in entry["response"]) == (wanted == "OperationOutcome")


def test_a_client_without_scope_on_one_entry_is_refused_with_its_index(http, reader):
    made = http.post("/v1/Agency", json=an_agency()).json

    reply = send(reader, ask("GET", f"Agency/{made['id']}"), put(made), post(an_agency()))

    assert reply.status_code == 403
    assert expressions(reply) == ["Bundle.entry[1]", "Bundle.entry[2]"]


@pytest.mark.parametrize(
    "body",
    [
        {"resourceType": "Bundle", "type": "history"},
        {"resourceType": "Agency", "type": "transaction"},
        {"resourceType": "Bundle", "type": "transaction", "entry": {}},
        {"resourceType": "Bundle", "type": "batch", "entry": 5},
        [],
    ],
)
def test_what_is_no_batch_or_transaction_is_refused(http, body):
    reply = http.post("/v1/", json=body)

    assert reply.status_code == 400
    assert reply.json["resourceType"] == "OperationOutcome"


def test_more_entries_than_metadata_states_are_refused_with_the_limit(http):
    limits = http.get("/v1/metadata").json["rest"][0]["extension"][0]["extension"]
    stated = {each["url"]: each["valueInteger"] for each in limits}["max-bundle-entries"]

    reply = send(http, *[ask("GET", "Agency/x")] * (stated + 1))

    assert reply.status_code == 413
    assert str(stated) in reply.json["issue"][0]["diagnostics"]


def test_a_transaction_sent_again_under_its_key_is_done_once(app, http):
    body = an_agency()
    headers = {"Idempotency-Key": f"t-{uuid4()}"}
    entries = (post(body), ask("GET", f"Agency?abbreviation={body['abbreviation']}"))

    first, again = (send(http, *entries, headers=headers) for _ in range(2))
    other = send(http, post(an_agency()), headers=headers)
    stranger = send(as_client(app, "second-staff"), post(an_agency()), headers=headers)

    assert again.json == first.json
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert total(http, f"abbreviation={body['abbreviation']}") == 1
    assert other.status_code == 422
    assert stranger.status_code == 200
