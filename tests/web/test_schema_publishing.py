"""Staff publish versions of schemas over the wire, and nobody's work breaks."""

import json
from datetime import timedelta

import pytest

from agencies import a_state
from app.composition import now
from builders import a_stranger
from publishing import APPROVER, Desk, a_draft, the_schema, with_note

PEOPLE = "ParticipantProfile"


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    days = {"schema_grace_days": 0, "schema_unused_days": 1}
    with a_state(embedded_uri, tmp_path_factory.mktemp("publishing"), **days) as found:
        yield found


@pytest.fixture(scope="module")
def desk(state):
    return Desk(state)


def codes(answer):
    return {each["details"]["coding"][0]["code"] for each in answer.json["issue"]}


def numbered(schema, version):
    kind = schema["title"]
    return {**schema, "$id": schema["$id"].replace("1.0.0", version), "title": kind}


def without_a_code(kind, name, version="1.1.0"):
    schema = numbered(the_schema(kind), version)
    element = schema["properties"][name]
    gone = element["enum"][-1]
    element["enum"] = element["enum"][:-1]
    element["x-codes"] = {code: text for code, text in element["x-codes"].items() if code != gone}
    return schema


def test_an_optional_element_goes_all_the_way_and_is_served_at_once(state, desk):
    published = desk.publish(with_note("LocalCenter"))

    assert published.json["status"] == "published"
    assert {"publishedAt", "report", "approval"} <= published.json.keys()
    assert state.client("mdes").get("/schemas/LocalCenter/1.1.0").status_code == 200
    center = desk.author.get("/v1/LocalCenter?_count=1").json["entry"][0]["resource"]
    changed = {**center, "fieldNote": "Ring twice."}
    address = f"/v1/LocalCenter/{center['id']}"
    assert desk.author.put(address, json=changed).status_code == 200
    found = desk.author.get("/v1/LocalCenter?field-note=ring").json
    assert [each["resource"]["id"] for each in found["entry"]] == [center["id"]]


def test_every_step_is_a_version_in_the_feed_and_the_history(state, desk):
    desk.publish(with_note("Service"))

    state.sequence()
    told = desk.author.get("/v1/$changes?_type=SchemaVersion&_count=200").json["entry"]
    steps = [
        each["resource"]["status"] for each in told if each["resource"]["id"] == "Service-1.1.0"
    ]
    history = desk.author.get("/v1/SchemaVersion/Service-1.1.0/_history").json["entry"]
    assert steps == ["draft", "in-review", "in-review", "published"]
    assert len(history) == 4
    audit = desk.author.get("/v1/AuditEvent?entity=SchemaVersion/Service-1.1.0").json
    assert audit["entry"]


def test_search_finds_rows_of_before_by_what_a_version_first_searches_by(desk):
    schema = numbered(the_schema("Program"), "1.1.0")
    schema["properties"]["authority"]["x-search"] = "string"
    before = desk.author.get("/v1/Program?authority=a")

    desk.publish(schema)

    rows = [each["resource"] for each in desk.author.get("/v1/Program?_count=50").json["entry"]]
    wanted = {each["id"] for each in rows if each["authority"].lower().startswith("w")}
    found = desk.author.get("/v1/Program?authority=w&_count=50").json
    assert before.status_code == 400
    assert wanted
    assert {each["resource"]["id"] for each in found["entry"]} == wanted


def test_neither_author_nor_submitter_approves(desk):
    draft = a_draft(with_note("Agency"))
    desk.put(draft)
    assert desk.ask(draft["id"], "submit").status_code == 200

    own = desk.ask(draft["id"], "approve")
    unapproved = desk.ask(draft["id"], "publish")
    other = desk.ask(draft["id"], "approve", desk.approver)

    assert (own.status_code, codes(own)) == (422, {"same-person"})
    assert unapproved.status_code == 422
    assert "not-approved" in codes(unapproved)
    assert other.json["approval"]["by"] == APPROVER


def test_what_is_in_review_is_not_edited_and_a_revision_voids_the_approval(desk):
    draft = a_draft(with_note("Assessment"))
    desk.put(draft)
    desk.ask(draft["id"], "submit")
    desk.ask(draft["id"], "approve", desk.approver)

    edited = desk.put({**draft, "summary": "Something else."})
    revised = desk.ask(draft["id"], "revise")

    assert (edited.status_code, codes(edited)) == (422, {"not-a-draft"})
    assert revised.json["status"] == "draft"
    assert "approval" not in revised.json


def test_a_draft_is_not_taken_back_and_its_versions_say_what_was_written(desk):
    draft = a_draft(with_note("ParticipantScore"))
    first = desk.put(draft)

    again = desk.ask(draft["id"], "revise")
    desk.ask(draft["id"], "submit")
    desk.ask(draft["id"], "revise")

    address = f"/v1/SchemaVersion/{draft['id']}"
    seen, now = desk.author.get(f"{address}/_history/1").json, desk.author.get(address).json
    assert (again.status_code, codes(again)) == (422, {"not-in-review"})
    assert (first.status_code, now["meta"]["versionId"]) == (201, "3")
    for name in ("summary", "text", "examples"):
        assert seen[name] == now[name] == draft[name]


def test_a_draft_is_changed_only_by_who_saw_its_last_version(desk):
    draft = a_draft(with_note("Credential"))
    first = desk.put(draft)
    address = f"/v1/SchemaVersion/{draft['id']}"
    changed = {**draft, "summary": "Mine."}
    desk.put({**draft, "summary": "Theirs."}, desk.approver)

    stale = desk.author.put(address, json=changed, headers={"If-Match": first.headers["ETag"]})
    blind = desk.author.put(address, json=changed)

    assert (stale.status_code, blind.status_code) == (412, 428)
    assert desk.author.get(address).json["authors"] == ["state-staff", APPROVER]


def test_a_break_is_refused_with_a_document_that_shows_it(desk):
    draft = a_draft(without_a_code(PEOPLE, "employmentStatus"))
    desk.put(draft)

    report = desk.check(draft["id"])
    refused = desk.ask(draft["id"], "submit")

    assert refused.status_code == 422
    found = [each for gate in report["gates"] for each in gate["findings"]]
    broken = [each for each in found if each.get("witness") and each["level"] == "error"]
    assert report["isOpen"] is False
    assert broken
    assert report["bump"] == {"computed": "major", "declared": "minor"}
    assert broken[0]["path"].startswith("#/properties/employmentStatus")


def test_a_version_that_stored_documents_break_is_refused_with_their_exact_number(state, desk):
    schema = numbered(the_schema(PEOPLE), "2.0.0")
    schema["required"] = [*schema["required"], "middleName"]
    draft = a_draft(schema, examples=[])
    good = {**a_stranger(), "middleName": "Q"}
    draft["examples"] = [
        {"name": "whole", "isValid": True, "text": json.dumps(good)},
        {"name": "nameless", "isValid": False, "text": json.dumps(a_stranger())},
    ]
    people = (desk.author, good), (state.client("mdes"), a_stranger())
    for client, each in people:
        assert client.post(f"/v1/{PEOPLE}", json=each).status_code == 201
    rows = desk.author.get(f"/v1/{PEOPLE}?_count=200").json["entry"]
    lacking = [each for each in rows if "middleName" not in each["resource"]]
    desk.put(draft)
    assert desk.ask(draft["id"], "submit").status_code == 200
    assert desk.ask(draft["id"], "approve", desk.approver).status_code == 200

    desk.wait(draft["id"])
    told, whole = desk.scan(draft["id"])
    refused = desk.ask(draft["id"], "publish")

    assert told["invalid"] == len(lacking) > 0
    assert refused.status_code == 422
    assert f"{len(lacking)} of {told['checked']} stored documents" in refused.text
    assert "Agency/mdes" in json.dumps(whole)
    assert not any(each["resource"]["lastName"] in json.dumps(whole) for each in rows)
    assert desk.ask(draft["id"], "reject", reason="Too early.").json["status"] == "rejected"


def test_a_deprecated_version_says_so_and_is_retired_once_nobody_uses_it(state, desk):
    desk.publish(with_note("ServiceCategory"))
    partner = state.client("mdes")
    old = 'application/fhir+json; profile="https://hub.wioa.example/schemas/ServiceCategory|1.0.0"'
    today = now().date()

    ended = desk.ask(
        "ServiceCategory-1.0.0", "deprecate", sunset=str(today), reason="Replaced.",
        alternative="1.1.0",
    )  # fmt: skip
    seen = partner.get("/v1/ServiceCategory?_count=1", headers={"Accept": old})
    partner.get("/v1/SchemaVersion/$pins")
    held = desk.ask("ServiceCategory-1.0.0", "retire")
    earlier = now() - timedelta(days=3)
    state.database["uses"].update_many({"type": "ServiceCategory"}, {"$set": {"last": earlier}})
    retired = desk.ask("ServiceCategory-1.0.0", "retire")
    gone = partner.get("/v1/ServiceCategory?_count=1", headers={"Accept": old})

    assert ended.json["status"] == "deprecated"
    assert seen.headers["Deprecation"].startswith("@")
    assert "GMT" in seen.headers["Sunset"]
    assert 'rel="successor-version"' in ", ".join(seen.headers.getlist("Link"))
    assert (held.status_code, codes(held)) == (422, {"in-use"})
    assert retired.json["status"] == "retired"
    assert gone.status_code == 406
    assert partner.get("/schemas/ServiceCategory/1.0.0").status_code == 200


@pytest.mark.parametrize("step", ["submit", "approve", "publish", "retire", "scan"])
def test_a_partner_moves_nothing(state, desk, step):
    partner = state.client("mdes")

    refused = desk.ask("LocalCenter-1.1.0", step, partner)

    assert refused.status_code == 403


def test_the_type_of_versions_is_the_hubs_own(desk):
    schema = numbered(the_schema("SchemaVersion"), "1.1.0")

    refused = desk.put(a_draft(schema, examples=[]))

    assert (refused.status_code, codes(refused)) == (422, {"own-type"})
