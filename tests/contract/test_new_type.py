"""A resource type is added by adding one schema file, and by nothing else."""

import json
import shutil
from uuid import uuid4

import pytest

from app.composition import schema_folder
from app.settings import Settings
from builders import an_agency
from tenants import a_tenant, as_tester

KIND = "BusVoucher"
ENVELOPE = ("id", "meta", "identifier", "extension", "status")
"""Elements that every type has."""
DATATYPES = "https://hub.wioa.example/schemas/datatypes/1.0.0#/$defs"
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": f"https://hub.wioa.example/schemas/{KIND}/1.0.0",
    "title": KIND,
    "description": "A ticket that takes a participant to a job interview.",
    "x-kind": "data",
    "x-level": 1,
    "x-versioning": "required",
    "x-unique": [["serial-number"]],
    "type": "object",
    "additionalProperties": False,
    "required": ["resourceType", "serialNumber", "rides"],
    "properties": {
        "resourceType": {
            "description": "Says that this resource is a BusVoucher.",
            "const": KIND,
            "x-sensitivity": "OPS",
        },
        "serialNumber": {
            "description": "Number printed on the voucher.",
            "$ref": f"{DATATYPES}/code",
            "x-search": "token",
            "x-sensitivity": "OPS",
        },
        "rides": {
            "description": "How many rides it is good for.",
            "type": "integer",
            "minimum": 1,
            "x-search": "number",
            "x-sensitivity": "OPS",
        },
        "agency": {
            "description": "Agency that paid for it.",
            "$ref": f"{DATATYPES}/Reference",
            "x-target": ["Agency"],
            "x-search": "reference",
            "x-sensitivity": "OPS",
        },
    },
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a copy of the published schemas with one file more."""
    copied = tmp_path_factory.mktemp("schemas") / "published"
    shutil.copytree(schema_folder(Settings()), copied)
    added = copied / KIND / "1.0.0"
    added.mkdir(parents=True)
    shipped = json.loads((copied / "Agency" / "1.0.0" / "schema.json").read_text("utf-8"))
    envelope = {name: shipped["properties"][name] for name in ENVELOPE}
    schema = {**SCHEMA, "properties": {**envelope, **SCHEMA["properties"]}}
    (added / "schema.json").write_text(json.dumps(schema), "utf-8")
    return copied


@pytest.fixture(scope="module")
def http(folder, embedded_uri, tmp_path_factory):
    """Yield a client of a hub that publishes the folder."""
    data = tmp_path_factory.mktemp("hub")
    limits = {"read_seconds": 20, "write_seconds": 20}
    with a_tenant(embedded_uri, data, schemas=folder, **limits) as app:
        yield as_tester(app)


def a_voucher(**changes):
    return {
        "resourceType": KIND,
        "serialNumber": uuid4().hex[:12],
        "rides": 2,
        **changes,
    }


def test_it_is_created_read_and_updated_under_its_own_rules(http):
    made = http.post(f"/v1/{KIND}", json=a_voucher())
    url = f"/v1/{KIND}/{made.json['id']}"
    more = {**made.json, "rides": 3}

    assert made.status_code == 201
    assert http.get(url).json == made.json
    assert http.put(url, json=more).status_code == 428
    assert http.put(url, json=more, headers={"If-Match": 'W/"1"'}).status_code == 200


def test_its_schema_references_and_business_keys_are_enforced(http):
    first = a_voucher(serialNumber="once")
    http.post(f"/v1/{KIND}", json=first)
    dangling = a_voucher(agency={"reference": "Agency/nobody"})

    assert http.post(f"/v1/{KIND}", json=a_voucher(rides=0)).status_code == 422
    assert http.post(f"/v1/{KIND}", json=first).status_code == 409
    assert http.post(f"/v1/{KIND}", json=dangling).status_code == 409


def test_it_is_found_by_its_declared_parameters(http):
    agency = http.post("/v1/Agency", json=an_agency()).json["id"]
    body = a_voucher(rides=77, agency={"reference": f"Agency/{agency}"})
    made = http.post(f"/v1/{KIND}", json=body).json

    for query in (f"serial-number={body['serialNumber']}", "rides=ge77", f"agency={agency}"):
        found = http.get(f"/v1/{KIND}?{query}")
        assert [each["resource"] for each in found.json["entry"]] == [made], query
    assert http.get(f"/v1/{KIND}?colour=red").status_code == 400


def test_it_has_a_history_and_can_be_deleted(http):
    made = http.post(f"/v1/{KIND}", json=a_voucher()).json
    url = f"/v1/{KIND}/{made['id']}"

    gone = http.delete(url, headers={"If-Match": 'W/"1"'})

    methods = [each["request"]["method"] for each in http.get(f"{url}/_history").json["entry"]]
    assert gone.status_code == 204
    assert methods == ["DELETE", "POST"]
    assert http.get(f"/v1/{KIND}/_history").json["entry"][0]["request"]["method"] == "DELETE"


def test_metadata_openapi_and_the_schemas_publish_it(http, folder):
    types = {each["type"]: each for each in http.get("/v1/metadata").json["rest"][0]["resource"]}
    paths = http.get("/openapi.json").json["paths"]
    published = http.get(f"/schemas/{KIND}/1.0.0")

    parameters = {each["name"]: each["type"] for each in types[KIND]["searchParam"]}
    assert {"serial-number": "token", "rides": "number", "agency": "reference"}.items() <= (
        parameters.items()
    )
    assert {f"/v1/{KIND}", f"/v1/{KIND}/{{id}}"} <= paths.keys()
    assert published.data == (folder / KIND / "1.0.0" / "schema.json").read_bytes()
