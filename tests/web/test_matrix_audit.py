"""The audit holds exactly one row for each thing that was asked, no more and no less."""

import json

import pytest

from agencies import a_state
from builders import a_profile, an_example
from bundles import ask, post, send
from matrix_world import ENROLLMENT, PROFILE

ANY = {"If-Match": "*"}
NOTHING = f"{PROFILE}/01920000-0000-7000-8000-00000000dead"


class Script:
    """A state, two clients of it, and what its audit gained since it was last looked at."""

    def __init__(self, state):
        self.state = state
        self.staff = state.client("state-staff")
        self.mdes = state.client("mdes", "referral")
        self.mdhs = state.client("mdhs", "referral")
        self.trail = state.database["audit"]
        self.known = set()
        self.gained()

    def gained(self):
        """Return the rows that are new, by request; those of one request in no certain order."""
        rows = [row for row in self.trail.find() if row["_id"] not in self.known]
        self.known |= {row["_id"] for row in rows}
        return sorted(rows, key=lambda row: (row["at"], row["_id"]))

    def person(self):
        reply = self.staff.post(f"/v1/{PROFILE}", json=a_profile())
        assert reply.status_code == 201
        return reply.json["id"]

    def row(self, **changes):
        body = an_example(ENROLLMENT) | {
            "participant": {"reference": f"{PROFILE}/{self.person()}"}, **changes,
        }  # fmt: skip
        return self.staff.post(f"/v1/{ENROLLMENT}", json=body).json


@pytest.fixture(scope="module")
def script(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("exact"), "lookups") as state:
        staff = state.client("state-staff")
        for one, other, labels in (("mdes", "mdhs", ["OPS", "PII-DIRECT"]),
                                   ("mdhs", "mdes", ["OPS", "PII-DIRECT"])):  # fmt: skip
            body = an_example("DataSharingAgreement") | {
                "id": f"{one}-{other}",
                "disclosingAgency": {"reference": f"Agency/{one}"},
                "recipientAgency": {"reference": f"Agency/{other}"},
                "labels": labels,
            }
            reply = staff.put(f"/v1/DataSharingAgreement/{body['id']}", json=body)
            assert reply.status_code == 201, reply.text
        yield Script(state)


def told(rows):
    return [(row["interaction"], row.get("type"), row["outcome"], row["status"]) for row in rows]


def test_a_read_is_one_row_that_says_who_saw_what_of_whom_on_what_ground(script):
    row = script.row()
    script.gained()

    reply = script.mdhs.get(f"/v1/{ENROLLMENT}/{row['id']}", headers={"Staff-Id": "worker-7"})
    (event,) = script.gained()

    assert reply.status_code == 200
    assert told([event]) == [("read", ENROLLMENT, "success", 200)]
    assert event["client"] == "mdhs-eligibility"
    assert event["partner"] == "Partner/mdhs-eligibility"
    assert event["agency"] == "Agency/mdhs"
    assert event["staff"] == "worker-7"
    assert event["purpose"] == "referral"
    assert event["resources"] == [f"{ENROLLMENT}/{row['id']}/1"]
    assert event["participants"] == [row["participant"]["reference"].partition("/")[2]]
    assert event["owners"] == ["Agency/mdes"]
    assert event["labels"] == ["OPS", "PII-DIRECT"]
    assert event["basis"] == ["agreement:DataSharingAgreement/mdes-mdhs"]
    assert event["request"] == reply.headers["X-Request-Id"]
    assert event["route"] == "/v1/<type:kind>/<id:id>"


def test_the_ground_of_the_owner_and_of_staff_is_told(script):
    row = script.row()
    script.gained()

    for http in (script.mdes, script.staff):
        http.get(f"/v1/{ENROLLMENT}/{row['id']}")
    own, staff = script.gained()

    assert own["basis"] == ["own"]
    assert staff["basis"] == ["staff"]
    assert staff["purpose"] == "administration"


READS = [
    pytest.param("{row}", "read", 200, id="read"),
    pytest.param("{row}/_history/1", "vread", 200, id="vread"),
    pytest.param("{row}/_history", "history-instance", 200, id="history"),
    pytest.param(f"{ENROLLMENT}?status=enrolled", "search-type", 200, id="search"),
    pytest.param(f"{ENROLLMENT}?_summary=count", "search-type", 200, id="count"),
    pytest.param(f"{ENROLLMENT}?_include={ENROLLMENT}:participant", "search-type", 200,
                 id="include"),
    pytest.param(f"{PROFILE}?_revinclude={ENROLLMENT}:participant", "search-type", 200,
                 id="reverse include"),
    pytest.param(f"{ENROLLMENT}?participant.status=active", "search-type", 200, id="chain"),
    pytest.param("{person}/" + ENROLLMENT, "search-type", 200, id="compartment"),
    pytest.param(f"?_type={ENROLLMENT}", "search-system", 200, id="search of types"),
    pytest.param(f"{ENROLLMENT}/_history", "history-type", 200, id="history of the type"),
    pytest.param("_history?_count=5", "history-system", 200, id="history of all"),
    pytest.param("$changes?_count=5", "changes", 200, id="changes"),
    pytest.param("$changes?cursor=latest&wait=1", "changes", 200, id="changes waited for"),
    pytest.param("Agency/mdes", "read", 200, id="lookup"),
    pytest.param(NOTHING, "read", 404, id="nothing"),
    pytest.param(f"{PROFILE}?colour=blue", "search-type", 400, id="unknown parameter"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "interaction", "status"), READS)
def test_each_reading_request_is_one_row(script, path, interaction, status):
    row = script.row()
    names = {"row": f"{ENROLLMENT}/{row['id']}", "person": row["participant"]["reference"]}
    script.gained()

    reply = script.mdes.get(f"/v1/{path.format(**names)}")
    rows = script.gained()

    assert reply.status_code == status, reply.text
    assert [(row["interaction"], row["status"]) for row in rows] == [(interaction, status)]
    assert (rows[0]["outcome"] == "success") is (status == 200)
    assert ("query" in rows[0]) is ("search" in interaction and status == 200)


def test_a_page_tells_every_row_on_it_and_what_came_along(script):
    row = script.row()
    script.gained()

    one = f"{ENROLLMENT}?_id={row['id']}&_include={ENROLLMENT}:participant"
    reply = script.mdes.get(f"/v1/{one}")
    (event,) = script.gained()

    assert len(reply.json["entry"]) == 2
    assert set(event["resources"]) == {
        f"{ENROLLMENT}/{row['id']}/1", f"{row['participant']['reference']}/1",
    }  # fmt: skip


def test_what_was_not_shown_is_not_in_the_audit(script):
    row = script.row()
    stranger = script.state.client("mdrs", "referral")
    script.gained()

    for path in (f"{ENROLLMENT}/{row['id']}", f"{ENROLLMENT}?_id={row['id']}"):
        stranger.get(f"/v1/{path}")
    events = script.gained()

    assert len(events) == 2
    assert not [each for each in events if row["id"] in json.dumps(each, default=str)]


def test_each_write_is_one_row_whatever_came_of_it(script):
    body = an_example(ENROLLMENT) | {"participant": {"reference": f"{PROFILE}/{script.person()}"}}
    body["identifier"] = [{"system": "https://exact.example/ids", "value": script.person()}]
    script.gained()
    key = {"Idempotency-Key": "exact"}
    made = script.mdes.post(f"/v1/{ENROLLMENT}", json=body, headers=key)
    path = f"/v1/{ENROLLMENT}/{made.json['id']}"
    script.mdes.post(f"/v1/{ENROLLMENT}", json=body, headers=key)
    criteria = {"If-None-Exist": f"identifier={body['identifier'][0]['value']}"}
    script.mdes.post(f"/v1/{ENROLLMENT}", json=body, headers=criteria)
    script.mdes.put(path, json=made.json)
    script.mdes.put(path, json=made.json | {"fundingStream": "adult"})
    script.mdes.patch(path, json={"fundingStream": "youth"})
    script.mdes.delete(path)
    script.mdes.delete(path)

    assert told(script.gained()) == [
        ("create", ENROLLMENT, "success", 201),
        ("create", ENROLLMENT, "success", 201),
        ("create", ENROLLMENT, "success", 200),
        ("update", ENROLLMENT, "success", 200),
        ("update", ENROLLMENT, "success", 200),
        ("patch", ENROLLMENT, "success", 200),
        ("delete", ENROLLMENT, "success", 204),
        ("delete", ENROLLMENT, "success", 204),
    ]


def test_each_refusal_is_one_row_with_its_code(script):
    row = script.row()
    path = f"/v1/{ENROLLMENT}/{row['id']}"
    profile = f"/v1/{row['participant']['reference']}"
    script.gained()
    nobody = script.state.app.test_client()
    answers = [
        nobody.get(path),
        script.mdes.get(path, headers={"Purpose-Of-Use": "curiosity"}),
        script.mdhs.put(path, json=row),
        script.mdhs.post("/v1/Agency", json={}),
        script.mdes.get(f"/v1/{NOTHING}"),
        script.mdes.get(f"/v1/{ENROLLMENT}?colour=blue"),
        script.mdes.put(path, json=row, headers={"If-Match": 'W/"9"'}),
        script.mdes.put(path, json=row | {"status": "lost"}),
        script.mdes.put(profile, json={}),
        script.mdes.post(f"/v1/{ENROLLMENT}", data="{"),
        script.mdes.delete(f"/v1/{NOTHING}", headers=ANY),
        script.mdes.get("/v1/Nothing"),
    ]
    rows = script.gained()

    assert [each.status_code for each in answers] == [row["status"] for row in rows]
    assert [(row["status"], row["outcome"]) for row in rows] == [
        (401, "unauthenticated"), (400, "malformed"), (403, "forbidden"), (403, "forbidden"),
        (404, "not-found"), (400, "bad-parameter"), (412, "version-conflict"), (422, "schema"),
        (428, "precondition-required"), (415, "unsupported-media"), (404, "not-found"),
        (404, "unknown-type"),
    ]  # fmt: skip
    assert not [row for row in rows if row.get("resources") or row.get("labels")]


def test_a_batch_is_one_row_for_each_entry(script):
    row = script.row()
    body = an_example(ENROLLMENT) | {"participant": row["participant"]}
    script.gained()

    reply = send(
        script.mdes,
        ask("GET", f"{ENROLLMENT}/{row['id']}"),
        ask("GET", f"{ENROLLMENT}?_id={row['id']}"),
        ask("GET", NOTHING),
        post(body),
        post(body | {"status": "lost"}),
        kind="batch",
    )

    assert reply.status_code == 200
    rows = [(each["interaction"], each["outcome"] == "success") for each in script.gained()]
    assert sorted(rows) == [
        ("create", False), ("create", True), ("read", False), ("read", True),
        ("search-type", True),
    ]  # fmt: skip


def test_a_transaction_is_one_row_for_each_entry(script):
    row = script.row()
    body = an_example(ENROLLMENT) | {"participant": row["participant"]}
    script.gained()

    reply = send(script.mdes, post(body), post(body), ask("GET", f"{ENROLLMENT}/{row['id']}"))
    rows = script.gained()

    assert reply.status_code == 200
    assert sorted((each["interaction"], each["outcome"]) for each in rows) == [
        ("create", "success"), ("create", "success"), ("read", "success"),
    ]  # fmt: skip
    assert len({each["request"] for each in rows}) == 1


def test_an_entry_that_finds_nothing_to_delete_is_a_row_as_well(script):
    gone = f"{ENROLLMENT}?identifier=urn:nobody|nothing"
    script.gained()

    reply = send(script.mdes, ask("DELETE", gone))

    assert reply.status_code == 200, reply.text
    assert told(script.gained()) == [("delete", ENROLLMENT, "success", 204)]


@pytest.mark.parametrize(("method", "path", "status"), [
    ("DELETE", "AuditEvent", 405), ("GET", "no/such/address/here", 404),
])  # fmt: skip
def test_an_address_that_is_none_is_one_row(script, method, path, status):
    script.gained()

    reply = script.mdes.open(f"/v1/{path}", method=method)
    (event,) = script.gained()

    assert reply.status_code == status
    assert (event["interaction"], event["status"]) == ("request", status)


def test_a_transaction_that_is_refused_is_one_row(script):
    row = script.row()
    body = an_example(ENROLLMENT) | {"participant": row["participant"]}
    script.gained()

    reply = send(script.mdes, post(body), post(body | {"status": "lost"}), post(body))
    (event,) = script.gained()

    assert reply.status_code == 422
    assert (event["interaction"], event["status"]) == ("transaction", 422)
    assert event["outcome"] != "success"
    assert "resources" not in event


def test_reading_the_audit_is_one_row_too(script):
    script.gained()

    assert script.staff.get("/v1/AuditEvent?_count=1").status_code == 200
    (event,) = script.gained()

    assert told([event]) == [("search-type", "AuditEvent", "success", 200)]


def test_what_is_public_is_not_in_the_audit(script):
    http = script.state.app.test_client()
    script.gained()

    for path in ("/v1/metadata", "/openapi.json", "/health/live", "/v1/oauth/jwks"):
        assert http.get(path).status_code == 200
    assert script.gained() == []


def test_many_requests_are_as_many_rows(script):
    """The sum over a mixed day: reads, searches, writes and refusals, none lost, none twice."""
    script.gained()
    asked = 0
    for number in range(8):
        row_id = script.row()["id"]
        asked += 2
        for http in (script.mdes, script.mdhs):
            http.get(f"/v1/{ENROLLMENT}/{row_id}")
            http.get(f"/v1/{ENROLLMENT}?_id={row_id}")
            http.patch(f"/v1/{ENROLLMENT}/{row_id}", json={"fundingStream": f"f{number}"})
            asked += 3

    rows = script.gained()

    assert len(rows) == asked
    assert sum(row["outcome"] == "success" for row in rows) == asked - 8
