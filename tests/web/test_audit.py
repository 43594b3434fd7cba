"""Who may read the audit trail, what they see of it, and that reading it is audited too."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from app.cli import main
from app.composition import DATABASE, now
from app.interactions.identity.clients import registration, secret_hash
from app.keyring.keys import Keys
from app.store.audit import MongoAudit
from app.store.audit_rows import id_at
from app.store.clients import MongoClients
from builders import a_profile, an_agency, an_example
from tenants import RIGHTS, a_tenant, as_client
from trails import an_event

CLIENTS = {
    "staff": (RIGHTS, None),
    "auditor": ("hub/audit hub/staff", None),
    "agency-auditor": ("hub/audit", "Partner/p1"),
    "unknown-auditor": ("hub/audit", "Partner/nobody"),
}
OWN, OTHER = "Agency/a1", "Agency/a2"


class Audited:
    """A tenant with two agencies, one partner, and clients that may read the trail."""

    def __init__(self, app, name, folder):
        self.app = app
        database = app.extensions[DATABASE][name]
        self.trail = MongoAudit(database, write_seconds=20, read_seconds=20)
        self.folder = folder
        pepper = Keys.load_or_create(folder).pepper
        for each, (scopes, partner) in CLIENTS.items():
            hashed = secret_hash(pepper, each)
            MongoClients(database).put(registration(each, scopes, partner, hashed, now()))
        staff = as_client(app, "staff")
        agency = {"agency": {"reference": OWN}}
        programs = {"programs": [{"reference": "Program/g1"}]}
        for path, body in (
            (OWN, an_agency()),
            (OTHER, an_agency()),
            ("Program/g1", an_example("Program") | agency),
            ("Partner/p1", an_example("Partner") | agency | programs | {"status": "active"}),
        ):
            body.pop("id", None)
            reply = staff.put(f"/v1/{path}", json=body)
            assert reply.status_code == 201, reply.text

    def record(self, **said):
        event = an_event(**said)
        self.trail.record([event])
        return event

    def get(self, client, path, status=200):
        reply = as_client(self.app, client).get(f"/v1/{path}")
        assert reply.status_code == status, reply.text
        return reply.json


@pytest.fixture(scope="module")
def tenant(embedded_uri, tmp_path_factory):
    """Yield the tenant that the tests of this file share; each uses participants of its own."""
    folder = tmp_path_factory.mktemp("audited")
    with a_tenant(embedded_uri, folder, database="audited", read_seconds=20) as app:
        yield Audited(app, "audited", folder)


def found(bundle):
    return [each["resource"]["id"] for each in bundle.get("entry", ())]


def test_staff_find_events_of_a_participant_newest_first(tenant):
    events = [tenant.record(participants=("s1",), owners=(OTHER,)) for _ in range(3)]

    first = tenant.get("auditor", "AuditEvent?patient=ParticipantProfile/s1&_count=2")
    following = first["link"][1]["url"].partition("/v1/")[2]
    rest = tenant.get("auditor", following)

    assert sorted(found(first) + found(rest)) == sorted(each.id for each in events)
    assert len(found(first)) == 2
    assert [each["relation"] for each in rest["link"]] == ["self"]


def test_an_event_is_read_as_fhir(tenant):
    event = tenant.record(participants=("s2",))

    told = tenant.get("auditor", f"AuditEvent/{event.id}")

    assert (told["resourceType"], told["id"]) == ("AuditEvent", event.id)
    assert told["agent"][0]["who"]["identifier"]["value"] == "mdes"


def test_an_agency_finds_what_was_done_with_its_own_facts_only(tenant):
    own = tenant.record(participants=("s3",), owners=(OWN,))
    other = tenant.record(participants=("s3",), owners=(OTHER,))

    (entry,) = tenant.get("agency-auditor", "AuditEvent?patient=s3")["entry"]
    tenant.get("agency-auditor", f"AuditEvent/{other.id}", 404)
    told = tenant.get("agency-auditor", f"AuditEvent/{own.id}")

    assert entry["resource"] == told
    assert told["id"] == own.id
    assert "worker-7" not in json.dumps(told)
    assert "Partner/mdes-wp" in json.dumps(told)


def test_an_agency_learns_nothing_of_others_from_an_event_that_touched_both(tenant):
    event = tenant.record(
        participants=("s4", "s5"),
        owners=(OWN, OTHER),
        resources=("Referral/mine/1", "Referral/theirs/1"),
        about=("s4", "s5"),
        held_by=(OWN, OTHER),
    )

    own = tenant.get("agency-auditor", "AuditEvent?patient=s4")

    assert found(own) == [event.id]
    for word in ("theirs", "s5", OTHER):
        assert word not in json.dumps(own)
    assert found(tenant.get("agency-auditor", "AuditEvent?patient=s5")) == []
    assert found(tenant.get("agency-auditor", "AuditEvent?entity=Referral/theirs")) == []
    assert found(tenant.get("agency-auditor", "AuditEvent?entity=Referral/mine")) == [event.id]


@pytest.mark.parametrize("client", ["staff", "unknown-auditor"])
@pytest.mark.parametrize(
    "path", ["AuditEvent", "AuditEvent/1", "ParticipantProfile/s1/$disclosures"]
)
def test_who_is_not_entitled_is_refused(tenant, client, path):
    refusal = tenant.get(client, path, 403)

    assert refusal["issue"][0]["code"] == "forbidden"


@pytest.mark.parametrize(
    "path",
    [
        "AuditEvent?staff=worker-7",
        "AuditEvent?date=yesterday",
        "AuditEvent?_cursor=forged",
        "ParticipantProfile/s1/$disclosures?since=2026-01-01",
        "ParticipantProfile/s1/$disclosures?start=once&start=twice",
    ],
)
def test_what_is_not_understood_is_refused(tenant, path):
    tenant.get("auditor", path, 400)


def test_the_trail_can_only_be_read(tenant):
    http = as_client(tenant.app, "auditor")

    assert http.post("/v1/AuditEvent", json={}).status_code in (404, 405)
    assert http.put("/v1/AuditEvent/1", json={}).status_code in (404, 405)
    assert http.delete("/v1/AuditEvent/1").status_code in (404, 405)


def test_reading_the_trail_is_audited(tenant):
    event = tenant.record(participants=("s6",))
    tenant.get("auditor", f"AuditEvent/{event.id}")

    told = tenant.get("auditor", f"AuditEvent?entity=AuditEvent/{event.id}")

    (reading,) = [each["resource"] for each in told["entry"]]
    assert reading["subtype"][0]["code"] == "read"
    assert reading["agent"][0]["who"]["identifier"]["value"] == "auditor"


def test_the_account_of_disclosures_is_whole_for_staff_and_own_for_an_agency(tenant):
    own = tenant.record(participants=("s7",), owners=(OWN,))
    other = tenant.record(participants=("s7",), owners=(OTHER,))
    tenant.record(participants=("s7",), owners=(OWN,), outcome="forbidden", status=403)

    whole = json.dumps(tenant.get("auditor", "ParticipantProfile/s7/$disclosures"))
    part = json.dumps(tenant.get("agency-auditor", "ParticipantProfile/s7/$disclosures"))
    none = tenant.get("auditor", "ParticipantProfile/s7/$disclosures?end=2020-01-01")

    assert whole.count('"disclosure"') == 2
    assert own.id in whole
    assert other.id in whole
    assert part.count('"disclosure"') == 1
    assert own.id in part
    assert [each["name"] for each in none["parameter"]] == ["participant"]


def test_the_commands_seal_check_and_report(tenant, embedded_uri, tmp_path):
    tenant.record(participants=("s8",), purpose="research")
    variables = {
        "HUB_MONGODB_URI": embedded_uri,
        "HUB_DATABASE": "audited",
        "HUB_DATA": str(tenant.folder),
        "HUB_AUDIT_CHECKPOINTS": str(tmp_path / "checkpoints"),
    }

    def hub(*words):
        return CliRunner(env=variables).invoke(main, ["audit", *words])

    sealed, unchecked = hub("seal"), hub("verify")
    told = hub("checkpoint")
    good = hub("verify", "--json")
    account = hub("disclosures", "s8")
    whole = hub("disclosures", "s8", "--start", "2020", "--end", "2999", "--json")
    long_ago = now() - timedelta(hours=3)
    tenant.record(at=long_ago, id=f"{id_at(long_ago)}-7000-8000-000000000000")
    unsealed, late, again = hub("verify"), hub("seal", "--late"), hub("verify")
    rows = tenant.app.extensions[DATABASE]["audited"]["audit"]
    rows.update_one({"participants": "s8"}, {"$set": {"purpose": "administration"}})
    bad = hub("verify")

    assert sealed.output.startswith("Sealed ")
    assert json.loads(told.output)["k"] == 1
    assert (good.exit_code, json.loads(good.output)["whole"]) == (0, True)
    assert (unchecked.exit_code, "no checkpoint yet" in unchecked.output) == (0, True)
    assert "research" in account.output
    assert json.loads(whole.output)["resourceType"] == "Parameters"
    assert (unsealed.exit_code, "in no segment" in unsealed.output) == (1, True)
    assert (late.output.startswith("Sealed "), again.exit_code) == (True, 0)
    assert "let in by a person" in again.output
    assert bad.exit_code == 1
    assert "Segment 1: A row was changed" in bad.output


def test_what_a_search_showed_is_told_resource_by_resource(tenant):
    """An agency later finds its own part of it only because the event tells whose is what."""
    staff = as_client(tenant.app, "staff")
    made = [staff.post("/v1/ParticipantProfile", json=a_profile()).json["id"] for _ in range(2)]
    staff.get(f"/v1/ParticipantProfile?_id={','.join(made)}")

    told = tenant.get("auditor", f"AuditEvent?patient={made[0]}&action=E")
    (entry,) = told["entry"]
    event = tenant.trail.read(entry["resource"]["id"])
    account = tenant.get("auditor", f"ParticipantProfile/{made[0]}/$disclosures")

    assert sorted(event.about) == sorted(made)
    assert event.interaction == "search-type"
    text = json.dumps(account)
    assert f"ParticipantProfile/{made[0]}/1" in text
    assert made[1] not in text
