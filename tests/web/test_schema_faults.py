"""What might go wrong around a publication: late workers, retries, restarts, two at once."""

import json

import pytest

from agencies import FIRST, PARTNERS, a_state
from app import create_app, seed
from app.composition import DATABASE, open_hub
from app.interactions.publishing import publications, steps
from app.keyring.keys import Keys
from app.store.connection import connect
from builders import a_stranger
from publishing import ROOT, Desk, a_draft, the_schema
from tenants import as_client

PEOPLE = "ParticipantProfile"
NEVER = 1_000_000.0


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    days = {"schema_grace_days": 0, "schema_unused_days": 1}
    with a_state(embedded_uri, tmp_path_factory.mktemp("faults"), **days) as found:
        yield found


@pytest.fixture(scope="module")
def desk(state):
    return Desk(state)


@pytest.fixture(scope="module")
def late(state):
    """Return a maker of clients of another worker, which never looks for publications by itself."""
    app = create_app(state.settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publications, "FRESH_SECONDS", NEVER)
        yield lambda name: as_client(app, PARTNERS.get(name, name))
    app.extensions[DATABASE].close()


def named(kind, version):
    return f'application/fhir+json; profile="{ROOT}/{kind}|{version}"'


def under(kind, version, **more):
    return {"Accept": named(kind, version), "Content-Type": named(kind, version), **more}


def sent(client, method, url, body, headers):
    return client.open(url, method=method, data=json.dumps(body), headers=headers)


def next_version(kind, version="1.1.0", **elements):
    schema = the_schema(kind)
    schema["$id"] = f"{ROOT}/{kind}/{version}"
    schema["properties"] |= elements
    return schema


def an_element(label="OPS"):
    return {
        "description": "What the first version has no word for.",
        "$ref": f"{ROOT}/datatypes/1.0.0#/$defs/string",
        "maxLength": 200,
        "x-sensitivity": label,
    }


def codes(answer):
    return {each["details"]["coding"][0]["code"] for each in answer.json["issue"]}


@pytest.fixture(scope="module")
def person(desk, late):
    """Return the address of a participant of version 1.1.0, once the late worker works."""
    assert late("mdhs").get(f"/v1/{PEOPLE}/{FIRST}").status_code == 200
    desk.publish(next_version(PEOPLE, remark=an_element(), hourlyPay=an_element("SENS-WAGE")))
    url = f"/v1/{PEOPLE}/{FIRST}"
    seen = desk.author.get(url)
    body = {**seen.json, "remark": "Kept by the office.", "hourlyPay": "19 dollars"}
    headers = under(PEOPLE, "1.1.0", **{"If-Match": seen.headers["ETag"]})
    body["meta"].pop("profile")
    stored = sent(desk.author, "PUT", url, body, headers)
    assert stored.status_code == 200, stored.text
    return url


def test_a_late_worker_shows_no_element_that_is_new_and_not_for_the_reader(person, late):
    seen = late("mdhs").get(person, headers={"Accept": named(PEOPLE, "1.1.0")})

    assert seen.status_code == 200, seen.text
    assert "19 dollars" not in seen.text
    assert seen.json["remark"] == "Kept by the office."


@pytest.mark.usefixtures("person")
def test_what_is_new_and_sensitive_is_stored_in_no_clear_text(state):
    rows = [*state.database["versions"].find({"key": f"{PEOPLE}/{FIRST}"})]

    assert "19 dollars" not in str(rows)


def test_an_old_clients_write_at_a_late_worker_loses_nothing(person, desk, late):
    staff = late("state-staff")
    seen = staff.get(person, headers={"Accept": named(PEOPLE, "1.0.0")})
    body = {**seen.json, "middleName": "Bee"}
    headers = under(PEOPLE, "1.0.0", **{"If-Match": seen.headers["ETag"]})

    written = sent(staff, "PUT", person, body, headers)

    assert written.status_code == 200, written.text
    assert "remark" not in seen.json
    now = desk.author.get(person, headers={"Accept": named(PEOPLE, "1.1.0")}).json
    assert (now["middleName"], now["remark"], now["hourlyPay"]) == (
        "Bee", "Kept by the office.", "19 dollars"
    )  # fmt: skip


def test_a_step_that_is_sent_again_under_its_key_is_answered_as_before(desk):
    draft = a_draft(next_version("Agency", remark=an_element()))
    number = int(desk.put(draft).json["meta"]["versionId"])
    parameter = [{"name": "version", "valueInteger": number}]
    body = {"resourceType": "Parameters", "parameter": parameter}
    url, key = f"/v1/SchemaVersion/{draft['id']}/$submit", {"Idempotency-Key": "once-and-again"}

    first = desk.author.post(url, json=body, headers=key)
    again = desk.author.post(url, json=body, headers=key)

    assert first.status_code == 200, first.text
    assert again.status_code == 200, again.text
    assert again.json == first.json
    assert again.headers["Idempotent-Replayed"] == "true"


def test_no_draft_takes_the_number_of_a_version_that_ships(desk):
    draft = a_draft(the_schema("LocalCenter"))

    refused = desk.put(draft)

    assert (refused.status_code, codes(refused)) == (422, {"number-taken"})


def test_of_two_versions_published_at_once_the_second_is_judged_beside_the_first(desk, monkeypatch):
    narrower = the_schema("Program")["properties"]["name"] | {"maxLength": 190}
    one = a_draft(next_version("Program", remark=an_element()))
    other = a_draft(next_version("Program", "2.0.0", name=narrower))
    for draft in (one, other):
        desk.put(draft)
        submitted = desk.ask(draft["id"], "submit")
        assert submitted.status_code == 200, submitted.text
        assert desk.ask(draft["id"], "approve", desk.approver).status_code == 200
        desk.scan(draft["id"])
    judge, meanwhile = steps.gates, []

    def judge_and_publish_the_other(hub, row):
        found = judge(hub, row)
        if not meanwhile:
            meanwhile.append(None)
            meanwhile.append(desk.ask(one["id"], "publish"))
        return found

    monkeypatch.setattr(steps, "gates", judge_and_publish_the_other)
    second = desk.ask(other["id"], "publish")

    assert meanwhile[1].status_code == 200, meanwhile[1].text
    assert (second.status_code, codes(second)) == (422, {"stale-base"})


def test_a_restart_survives_seed_rows_that_a_new_major_would_refuse(state, desk, embedded_uri):
    kind = "LocalCenter"
    schema = next_version(kind, "2.0.0", remark=an_element())
    schema["required"] = [*schema["required"], "remark"]
    desk.publish(next_version(kind, remark=an_element()))
    for each in desk.author.get(f"/v1/{kind}?_count=200").json["entry"]:
        body = {**each["resource"], "remark": "Mended."}
        assert desk.author.put(f"/v1/{kind}/{body['id']}", json=body).status_code == 200
    draft = {**a_draft(schema), "base": "1.1.0"}
    draft["examples"] = [
        {**each, "text": json.dumps({**json.loads(each["text"]), "remark": "Here."})}
        for each in draft["examples"]
        if each["isValid"]
    ] + [each for each in draft["examples"] if not each["isValid"]]
    assert desk.put(draft).status_code == 201
    assert desk.ask(draft["id"], "submit").status_code == 200
    assert desk.ask(draft["id"], "approve", desk.approver).status_code == 200
    desk.scan(draft["id"])
    assert desk.ask(draft["id"], "publish").status_code == 200

    with connect(embedded_uri, pool=2) as client:
        hub = open_hub(state.settings, client, Keys.load_or_create(state.settings.data))
        assert hub.registry.types[kind].version == "2.0.0"
        assert seed.seed(hub, "demo") == 0


def test_an_answer_of_several_deprecated_versions_says_one_date(desk):
    for kind in ("Service", "Credential"):
        desk.publish(next_version(kind, remark=an_element()))
        gone = desk.ask(f"{kind}-1.0.0", "deprecate", sunset="2031-01-01", reason="Move on.")
        assert gone.status_code == 200, gone.text
    bundle = {
        "resourceType": "Bundle",
        "type": "batch",
        "entry": [
            {"request": {"method": "GET", "url": f"{kind}?_count=1"}}
            for kind in ("Service", "Credential")
        ],
    }
    profiles = " ".join(f"{ROOT}/{kind}|1.0.0" for kind in ("Service", "Credential"))
    accept = {"Accept": f'application/fhir+json; profile="{profiles}"'}

    answer = desk.author.post("/v1/", json=bundle, headers=accept)

    assert answer.status_code == 200, answer.text
    assert len(answer.headers.getlist("Deprecation")) == 1
    assert len(answer.headers.getlist("Sunset")) == 1


def test_what_a_client_names_itself_pins_it_to_nothing(state, desk):
    desk.publish(next_version("Assessment", remark=an_element()))
    partner, url = state.client("mdhs"), "/v1/Assessment?_count=1"

    partner.get(url, headers={"Accept": named("Assessment", "1.0.0")})
    pins = partner.get("/v1/SchemaVersion/$pins").json["parameter"]
    given = partner.get(url).json["entry"]

    told = [part["valueString"] for each in pins for part in each["part"] if each["name"] == "pin"]
    assert "Assessment" not in told
    assert given[0]["resource"]["meta"]["profile"] == [f"{ROOT}/Assessment|1.1.0"]


def test_a_patch_works_on_the_resource_as_it_was_read(desk):
    made = desk.author.post(f"/v1/{PEOPLE}", json=a_stranger())
    url = f"/v1/{PEOPLE}/{made.json['id']}"
    patch = [
        {"op": "test", "path": "/meta/profile/0", "value": made.json["meta"]["profile"][0]},
        {"op": "add", "path": "/middleName", "value": "Bee"},
    ]
    headers = {"Content-Type": "application/json-patch+json", "If-Match": made.headers["ETag"]}

    patched = desk.author.patch(url, data=json.dumps(patch), headers=headers)

    assert patched.status_code == 200, patched.text
    assert patched.json["middleName"] == "Bee"
    assert patched.json["meta"]["profile"] == made.json["meta"]["profile"]
