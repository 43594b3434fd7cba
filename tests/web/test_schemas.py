"""Published schemas are byte for byte the files, under addresses that never change."""

from hashlib import sha256

import pytest

from app.composition import schema_folder
from app.settings import Settings
from app.web import application
from sites import a_site

FOLDER = schema_folder(Settings())


@pytest.fixture(scope="module")
def http():
    """Return a client of a site of all types."""
    return application(a_site()).test_client()


@pytest.mark.parametrize("name", ["Agency", "Referral", "datatypes", "annotations"])
def test_a_schema_is_answered_byte_for_byte(http, name):
    reply = http.get(f"/schemas/{name}/1.0.0")

    assert reply.status_code == 200
    assert reply.data == (FOLDER / name / "1.0.0" / "schema.json").read_bytes()
    assert reply.content_type == "application/schema+json"


def test_a_schema_may_be_cached_for_ever_under_its_digest(http):
    reply = http.get("/schemas/Agency/1.0.0")

    assert reply.headers["ETag"] == f'"{sha256(reply.data).hexdigest()}"'
    assert "immutable" in reply.headers["Cache-Control"]


def test_whoever_holds_a_schema_is_not_sent_it_again(http):
    etag = http.get("/schemas/Agency/1.0.0").headers["ETag"]

    reply = http.get("/schemas/Agency/1.0.0", headers={"If-None-Match": etag})

    assert reply.status_code == 304
    assert not reply.data
    assert reply.headers["ETag"] == etag


def test_head_tells_the_length_without_the_schema(http):
    reply = http.head("/schemas/Agency/1.0.0")

    assert reply.status_code == 200
    assert not reply.data
    assert reply.content_length > 1000


@pytest.mark.parametrize("path", ["Nope/1.0.0", "Agency/9.9.9", "Nope/1.0.0/examples"])
def test_an_unknown_schema_is_an_outcome(http, path):
    reply = http.get(f"/schemas/{path}")

    assert reply.status_code == 404
    assert reply.json["resourceType"] == "OperationOutcome"


def test_the_catalog_lists_every_schema_and_its_links_work(http):
    listed = http.get("/schemas").json["schemas"]

    files = {path.parent.parent.name for path in FOLDER.glob("*/*/schema.json")}
    assert {each["name"] for each in listed} == files
    for each in listed:
        for version in each["versions"]:
            reply = http.get(version["url"])
            assert sha256(reply.data).hexdigest() == version["sha256"]
            assert reply.json["$id"] == version["canonical"]


def test_the_examples_are_those_beside_the_schema(published):
    reply = published.get("/schemas/Note/1.0.0/examples")

    assert [each["text"] for each in reply.json] == ["first", "second"]


@pytest.fixture
def published(tmp_path):
    """Return a client of a site whose one type has two examples."""
    folder = tmp_path / "Note" / "1.0.0"
    (folder / "valid").mkdir(parents=True)
    for name in ("first", "second"):
        body = f'{{"resourceType": "Note", "text": "{name}"}}\n'
        (folder / "valid" / f"{name}.json").write_text(body, "utf-8")
    (folder / "schema.json").write_text(NOTE, "utf-8")
    return application(a_site(tmp_path)).test_client()


NOTE = """{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "https://hub.wioa.example/schemas/Note/1.0.0",
  "title": "Note",
  "description": "A note.",
  "x-kind": "data",
  "x-level": 1,
  "x-versioning": "optional",
  "type": "object",
  "additionalProperties": false,
  "required": ["resourceType"],
  "properties": {
    "resourceType": {"const": "Note"},
    "text": {"type": "string", "x-search": "string"}
  }
}
"""
