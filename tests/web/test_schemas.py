"""Published schemas are byte for byte the files, under addresses that never change."""

import base64
import json
from dataclasses import replace
from hashlib import sha256

import jsonschema_rs
import pytest

from app.composition import schema_folder
from app.model.registry import InForce
from app.settings import Settings
from app.web import application
from notes import (
    ADDED,
    ADDRESS,
    COUNTEREXAMPLE,
    EXAMPLE,
    REPORT,
    YES,
    a_publication,
    a_site_of,
    notes,
)
from sites import ORIGIN, a_site

FOLDER = schema_folder(Settings())


@pytest.fixture(scope="module")
def http():
    """Return a client of a site of all types."""
    return application(a_site()).test_client()


@pytest.fixture(scope="module")
def noted():
    """Return a client of a site that also has four versions of a note."""
    return application(a_site_of(*notes())).test_client()


def links(reply):
    """Return the addresses of the Link headers by their relation."""
    found = (each.partition(">; rel=") for each in reply.headers.getlist("Link"))
    return {rel.strip('"'): address.removeprefix(f"<{ORIGIN}") for address, _, rel in found}


@pytest.mark.parametrize("name", ["Agency", "Referral", "datatypes", "annotations"])
def test_a_schema_is_answered_byte_for_byte(http, name):
    reply = http.get(f"/schemas/{name}/1.0.0")

    assert reply.status_code == 200
    assert reply.data == (FOLDER / name / "1.0.0" / "schema.json").read_bytes()
    assert reply.content_type == "application/schema+json"


def test_a_schema_may_be_cached_for_ever_under_the_digest_of_what_it_says(http):
    reply = http.get("/schemas/Agency/1.0.0")

    # RFC 8785 of a document without fractions: names in order, no spaces.
    said = json.dumps(reply.json, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert reply.headers["ETag"] == f'"{sha256(said.encode()).hexdigest()}"'
    assert reply.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    digest = base64.b64encode(sha256(reply.data).digest()).decode()
    assert reply.headers["Repr-Digest"] == f"sha-256=:{digest}:"


@pytest.mark.parametrize("query", ["", "?bundle"])
def test_whoever_holds_a_schema_is_not_sent_it_again(http, query):
    etag = http.get(f"/schemas/Agency/1.0.0{query}").headers["ETag"]

    reply = http.get(f"/schemas/Agency/1.0.0{query}", headers={"If-None-Match": etag})

    assert reply.status_code == 304
    assert not reply.data
    assert reply.headers["ETag"] == etag


def test_head_tells_the_length_without_the_schema(http):
    reply = http.head("/schemas/Agency/1.0.0")

    assert reply.status_code == 200
    assert not reply.data
    assert reply.content_length > 1000


def test_a_version_leads_to_its_neighbours_and_to_its_page(noted):
    reply = noted.get("/schemas/Note/1.1.0")

    assert links(reply) == {
        "latest-version": "/schemas/Note/1.10.0",
        "predecessor-version": "/schemas/Note/1.0.0",
        "successor-version": "/schemas/Note/1.10.0",
        "describedby": "/schemas/Note/1.1.0/docs",
    }


@pytest.mark.parametrize(
    ("asked", "version"), [("Note", "1.10.0"), ("Note/1", "1.10.0"), ("Note/1.1", "1.1.0")]
)
def test_who_leaves_the_version_open_is_told_which_one_it_is(noted, asked, version):
    reply = noted.get(f"/schemas/{asked}")

    assert reply.json["$id"] == f"{ADDRESS}/Note/{version}"
    assert reply.headers["Content-Location"] == f"{ORIGIN}/schemas/Note/{version}"
    assert reply.headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("version", ["0", "0.9", "2", "1.2", "1.2.0", "1.1.", "1.", "latest", "v1"])
def test_a_version_that_is_not_there_is_never_replaced_by_another(noted, version):
    reply = noted.get(f"/schemas/Note/{version}")

    assert reply.status_code == 404
    assert "1.0.0, 1.1.0, 1.10.0" in reply.json["issue"][0]["diagnostics"]


@pytest.mark.parametrize(
    "path", ["Nope", "Nope/1.0.0", "Agency/9.9.9", "Nope/1.0.0/examples", "Nope/compare"]
)
def test_an_unknown_schema_is_an_outcome(http, path):
    reply = http.get(f"/schemas/{path}")

    assert reply.status_code == 404
    assert reply.json["resourceType"] == "OperationOutcome"


def test_the_meta_schema_has_an_address_that_stays(http):
    reply = http.get("/schemas/meta")

    assert reply.headers["Content-Location"] == f"{ORIGIN}/schemas/annotations/1.0.0"
    assert "x-search" in reply.json["$defs"]["words"]["properties"]


def test_a_bundled_schema_needs_nothing_else(http):
    schema = http.get("/schemas/Referral/1.0.0?bundle").json

    validator = jsonschema_rs.Draft202012Validator(schema, offline=True)
    plain = http.get("/schemas/Referral/1.0.0").json
    assert {k: v for k, v in schema.items() if k != "$defs"} == plain
    for each in http.get("/schemas/Referral/1.0.0/examples").json:
        assert validator.is_valid(each)
    for each in http.get("/schemas/Referral/1.0.0/invalid-examples").json:
        assert not validator.is_valid(each)


def test_the_catalog_lists_every_schema_and_its_links_work(http):
    listed = http.get("/schemas").json["schemas"]

    files = {path.parent.parent.name for path in FOLDER.glob("*/*/schema.json")}
    assert {each["name"] for each in listed} == files
    for each in listed:
        for version in each["versions"]:
            reply = http.get(version["url"])
            assert sha256(reply.data).hexdigest() == version["sha256"]
            assert reply.headers["ETag"] == f'"{version["digest"]}"'
            assert reply.json["$id"] == version["canonical"]
    for link in listed[0]["versions"][0]["links"].values():
        assert http.get(link).status_code == 200


def test_the_catalog_says_what_depends_on_what(http):
    listed = {each["name"]: each["versions"][0] for each in http.get("/schemas").json["schemas"]}

    assert f"{ADDRESS}/datatypes/1.0.0" in listed["Referral"]["dependencies"]
    assert f"{ADDRESS}/Referral/1.0.0" in listed["datatypes"]["dependents"]


def test_the_catalog_says_where_each_version_stands(noted):
    listed = {each["name"]: each for each in noted.get("/schemas").json["schemas"]}

    note = listed["Note"]
    assert note["current"] == "1.10.0"
    assert [(each["version"], each["status"]) for each in note["versions"]] == [
        ("0.9.0", "retired"),
        ("1.0.0", "deprecated"),
        ("1.1.0", "published"),
        ("1.10.0", "published"),
    ]
    assert note["versions"][2]["publishedAt"] == "2026-04-01T12:00:00.000Z"


def test_a_deprecated_version_says_so_everywhere_but_in_its_own_bytes(noted):
    status = noted.get("/schemas/Note/1.0.0/status")
    page = noted.get("/schemas/Note/1.0.0/docs")
    schema = noted.get("/schemas/Note/1.0.0")

    assert (status.json["status"], status.json["sunset"]) == ("deprecated", "2027-05-01")
    assert status.json["live"] == ["1.0.0", "1.1.0", "1.10.0"]
    for each in (status, page):
        assert each.headers["Deprecation"] == "@1777636800"
        assert each.headers["Sunset"] == "Sat, 01 May 2027 00:00:00 GMT"
        assert links(each)["successor-version"] == "/schemas/Note/1.1.0"
    assert "Deprecation" not in schema.headers


def test_a_retired_version_stays_readable(noted):
    assert noted.get("/schemas/Note/0.9.0").json["$id"].endswith("/0.9.0")
    assert noted.get("/schemas/Note/0.9.0/status").json["status"] == "retired"


def test_the_report_names_who_wrote_and_who_approved(noted):
    found = noted.get("/schemas/Note/1.1.0/report").json

    assert (found["authors"], found["approvedBy"]) == (["writer"], "reader")
    assert found["report"] == REPORT


def test_what_shipped_with_the_hub_has_no_report(http):
    assert http.get("/schemas/Agency/1.0.0/report").json["report"] is None


def test_the_examples_are_those_beside_the_schema(noted):
    good = noted.get("/schemas/Note/1.1.0/examples")
    bad = noted.get("/schemas/Note/1.1.0/invalid-examples")

    assert good.json == [json.loads(EXAMPLE)]
    assert bad.json == [json.loads(COUNTEREXAMPLE)]
    assert noted.get("/schemas/Note/1.0.0/examples").json == []


def test_a_part_of_a_partial_version_says_whose_it_is(noted):
    reply = noted.get("/schemas/Note/1.1/examples")

    assert reply.json == [json.loads(EXAMPLE)]
    assert reply.headers["Content-Location"] == "/schemas/Note/1.1.0/examples"


def test_what_is_published_next_is_there_at_once():
    site = a_site_of(a_publication("1.0.0"))
    in_force = InForce(site.hub.registry)
    http = application(replace(site, hub=replace(site.hub, published=in_force))).test_client()
    before = http.get("/schemas/Note").json["$id"]

    in_force.now = a_site_of(a_publication("1.0.0"), a_publication("1.1.0")).hub.registry

    assert before == f"{ADDRESS}/Note/1.0.0"
    assert http.get("/schemas/Note").json["$id"] == f"{ADDRESS}/Note/1.1.0"
    assert http.get("/schemas/Note/1.1.0/docs").status_code == 200


def test_what_the_gates_found_at_publication_stands(noted):
    found = noted.get("/schemas/Note/compare?from=1.0.0&to=1.1.0").json

    assert (found["write"], found["read"], found["changes"]) == (YES, YES, [ADDED])


def test_versions_that_no_report_compares_are_compared_when_asked(noted):
    found = noted.get("/schemas/Note/compare?from=0.9.0&to=1.1.0").json

    assert (found["write"]["answer"], found["read"]["answer"]) == ("yes", "yes")
    assert any("mood" in each["text"] for each in found["changes"])
    assert not [each for each in found["changes"] if each["level"] == "error"]


def test_a_comparison_shows_a_document_that_breaks(noted):
    found = noted.get("/schemas/Note/compare?from=1.1&to=1.0").json

    assert found["write"]["answer"] == "no"
    assert "mood" in found["write"]["witness"][0]


def test_without_versions_the_current_one_is_compared_with_the_one_before(noted):
    found = noted.get("/schemas/Note/compare").json

    assert (found["from"], found["to"]) == ("1.1.0", "1.10.0")
    assert found["changes"] == []


def test_the_first_version_has_none_to_be_compared_with(noted):
    assert noted.get("/schemas/Agency/compare").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["compare?format=xml", "compare?from=1&from=1", "1.0.0?bundle=no", "1.0.0/docs?format="],
)
def test_a_parameter_that_means_nothing_here_is_refused(noted, query):
    assert noted.get(f"/schemas/Note/{query}").status_code == 400
