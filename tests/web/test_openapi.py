"""The OpenAPI document: the published schemas unchanged, and exactly the routes there are."""

import json
import re

import jsonschema_rs
import pytest
from werkzeug.exceptions import HTTPException

from app.web import application
from sites import a_site

METHODS = ("get", "post", "put", "delete", "patch")
PAGES = {"pages.home", "pages.docs", "pages.docs_start", "pages.docs_asset"}
"""For people, not programs: HTML."""
VALUES = {
    "{key}": "A1-walk-in",
    "{id}": "1",
    "{versionId}": "1",
    "{name}": "Agency",
    "{version}": "1.0.0",
}


@pytest.fixture(scope="module")
def site():
    """Return a site of all types."""
    return a_site()


@pytest.fixture(scope="module")
def app(site):
    """Return its application."""
    return application(site)


@pytest.fixture(scope="module")
def document(app):
    """Return the document as it is answered."""
    return app.test_client().get("/openapi.json").json


def operations(document):
    """Yield (path, method, operation)."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_bodies_are_the_published_schemas_unchanged(document, site):
    schemas = document["components"]["schemas"]

    for name, kind in site.hub.registry.types.items():
        assert schemas[name] == json.loads(kind.text)
        body = document["paths"][f"/v1/{name}"]["post"]["requestBody"]["content"]
        for media in ("application/json", "application/fhir+json"):
            assert body[media]["schema"] == {"$ref": f"#/components/schemas/{name}"}


def test_a_tool_without_a_network_resolves_every_reference(document, site):
    # All that is known are the ids of the components; nothing else can be reached.
    schemas = document["components"]["schemas"].values()
    registry = jsonschema_rs.Registry([(each["$id"], each) for each in schemas if "$id" in each])

    for kind in site.hub.registry.types.values():
        validator = jsonschema_rs.Draft202012Validator(
            {"$ref": kind.url}, registry=registry, offline=True
        )
        assert not validator.is_valid({"resourceType": kind.name, "nonsense": 1})


def test_every_local_reference_leads_somewhere(document):
    def references(value):
        if isinstance(value, dict):
            if str(value.get("$ref", "")).startswith("#/components/"):
                yield value["$ref"]
            for each in value.values():
                yield from references(each)
        elif isinstance(value, list):
            for each in value:
                yield from references(each)

    found = set(references(document))

    assert found
    for each in found:
        target = document
        for step in each.removeprefix("#/").split("/"):
            assert step in target, each
            target = target[step]


def test_every_operation_is_routed_and_every_route_is_documented(app, document):
    adapter = app.url_map.bind("hub.test")
    reached = set()
    for path, method, _ in operations(document):
        address = re.sub(r"\{\w+\}", lambda name: VALUES[name[0]], path)
        try:
            reached.add((adapter.match(address, method.upper())[0], method))
        except HTTPException:
            pytest.fail(f"{method} {path} is documented and not routed")

    routed = {
        (rule.endpoint, method.lower())
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert {each for each in routed if each[0] not in PAGES} == reached


def test_every_operation_has_its_own_id_a_summary_and_one_known_tag(document):
    found = [operation for _, _, operation in operations(document)]

    ids = [each["operationId"] for each in found]
    tags = {each["name"] for each in document["tags"]}
    assert len(set(ids)) == len(ids)
    assert all(each["summary"] for each in found)
    assert all(len(each["tags"]) == 1 and each["tags"][0] in tags for each in found)


def test_every_search_parameter_is_a_query_parameter_with_a_description(document, site):
    for name, kind in site.hub.registry.types.items():
        given = document["paths"][f"/v1/{name}"]["get"]["parameters"]
        found = {each["name"]: each for each in given if "name" in each}
        for parameter, each in kind.parameters.items():
            if each.is_secret:
                assert parameter not in found
                continue
            assert found[parameter]["in"] == "query"
            assert found[parameter]["description"]


def test_if_match_is_required_where_the_schema_requires_it(document, site):
    parameters = document["components"]["parameters"]
    for name, kind in site.hub.registry.types.items():
        operation = document["paths"][f"/v1/{name}/{{id}}"]["put"]
        given = [parameters[each["$ref"].rpartition("/")[2]] for each in operation["parameters"]]
        if_match = next(each for each in given if each["name"] == "If-Match")

        assert if_match.get("required", False) == kind.needs_precondition
        assert ("428" in operation["responses"]) == kind.needs_precondition


def test_lookups_have_no_delete(document, site):
    for name, kind in site.hub.registry.types.items():
        has_delete = "delete" in document["paths"][f"/v1/{name}/{{id}}"]
        assert has_delete != kind.is_lookup


def test_only_what_needs_no_token_is_documented_so(document):
    free = {path for path, _, each in operations(document) if each.get("security") == []}

    assert all(not path.startswith("/v1/") or path[4].islower() or path[4] == "." for path in free)
    assert "/v1/_history" not in free
    assert document["security"]


def test_an_example_of_each_published_body_is_shown(document, site):
    examples = site.hub.registry.examples
    shown = document["components"].get("examples", {})

    for (name, _), texts in examples.items():
        assert shown[name]["value"] == json.loads(texts[0])


def test_the_document_is_not_sent_twice(app):
    http = app.test_client()
    first = http.get("/openapi.json")

    again = http.get("/openapi.json", headers={"If-None-Match": first.headers["ETag"]})

    assert first.json["openapi"] == "3.1.0"
    assert (again.status_code, again.data) == (304, b"")
