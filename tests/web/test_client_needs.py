"""What unmodified FHIR clients send and need beyond the plain interactions, one need a test."""

import pytest

from builders import a_category, a_profile, an_agency


def test_bodies_are_read_under_both_media_types_and_any_spelling_of_utf8(http):
    for media in (
        "application/json",
        "application/fhir+json",
        "application/json; charset=utf-8",
        "application/fhir+json;charset=UTF-8",
        "application/fhir+json; fhirVersion=4.0",
    ):
        reply = http.post(
            "/v1/Agency/$validate", data='{"resourceType":"Agency"}', content_type=media
        )
        assert reply.status_code == 200, media


def test_a_create_has_every_header_a_client_reads(http):
    reply = http.post("/v1/Agency", json=an_agency())

    profile = "https://hub.wioa.example/schemas/Agency|1.0.0"
    assert reply.content_type == f'application/fhir+json; profile="{profile}"'
    assert reply.headers["Location"].endswith(f"/v1/Agency/{reply.json['id']}/_history/1")
    assert reply.headers["ETag"] == 'W/"1"'
    assert reply.headers["Last-Modified"]


def test_read_vread_and_update_carry_tag_and_time(http):
    made = http.post("/v1/Agency", json=an_agency())
    url = f"/v1/Agency/{made.json['id']}"

    update = http.put(url, json={**made.json, "name": "Renamed"})
    read, first = http.get(url), http.get(f"{url}/_history/1")

    assert [each.headers["ETag"] for each in (update, read, first)] == ['W/"2"', 'W/"2"', 'W/"1"']
    assert update.headers["Last-Modified"] == read.headers["Last-Modified"]
    assert first.headers["Last-Modified"] == made.headers["Last-Modified"]


def test_headers_that_caches_and_clients_add_mean_nothing(http):
    added = {
        "Pragma": "no-cache",
        "Cache-Control": "no-cache",
        "Prefer": "return=presentation",
        "Accept-Charset": "UTF-8",
        "If-None-Match": 'W/"1"',
    }
    made = http.post("/v1/Agency", json=an_agency())

    assert http.get(f"/v1/Agency/{made.json['id']}", headers=added).status_code == 304
    assert http.post("/v1/Agency", json=an_agency(), headers=added).json["id"]


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/fhir+json", None])
def test_json_is_answered_to_whatever_real_clients_accept(http, accept):
    headers = {"Accept": accept} if accept else {}

    reply = http.get("/v1/Agency?_count=1&_format=json&_pretty=true", headers=headers)

    assert reply.status_code == 200
    assert reply.json["resourceType"] == "Bundle"


@pytest.mark.parametrize("path", ["/v1/Agency/", "/v1/Agency?", "/v1/metadata/", "/v1/_history/"])
def test_a_final_slash_or_an_empty_query_redirects_nowhere(http, path):
    assert http.get(path).status_code == 200


def test_names_and_values_may_be_percent_encoded(http):
    http.post("/v1/Agency", json=an_agency(name="Encoding & Sons + Co"))

    for query in (
        "name:contains=Encoding+%26+Sons",
        "name%3Acontains=encoding%20%26%20sons",
        "name%3Aexact=Encoding%20%26%20Sons%20%2B%20Co",
    ):
        found = http.get(f"/v1/Agency?{query}").json
        assert [each["resource"]["name"] for each in found["entry"]] == ["Encoding & Sons + Co"]


def test_identifiers_are_found_by_system_and_value_raw_or_encoded(http):
    identifier = [{"system": "https://ids.test/a", "value": "x-1"}]
    made = http.post("/v1/Agency", json=an_agency(identifier=identifier)).json

    for token in ("https://ids.test/a|x-1", "https%3A%2F%2Fids.test%2Fa%7Cx-1", "x-1"):
        found = http.get(f"/v1/Agency?identifier={token}").json
        assert [each["resource"]["id"] for each in found["entry"]] == [made["id"]]


def test_pages_link_absolutely_below_the_base_and_end(http):
    for number in range(3):
        http.post("/v1/Agency", json=an_agency(name=f"Linked {number}"))

    bundle = http.get("/v1/Agency?name=linked&_count=2").json
    first = {each["relation"]: each["url"] for each in bundle["link"]}
    last = http.get(first["next"].removeprefix("http://hub.test")).json

    assert all(url.startswith("http://hub.test/v1/Agency?") for url in first.values())
    assert [len(each["entry"]) for each in (bundle, last)] == [2, 1]
    assert [each["relation"] for each in last["link"] if each["relation"] == "next"] == []
    assert all(
        each["fullUrl"] == f"http://hub.test/v1/Agency/{each['resource']['id']}"
        for each in bundle["entry"]
    )


def test_a_page_size_beyond_the_limit_is_clamped_and_said(http):
    bundle = http.get("/v1/Agency?_count=5000").json

    assert "_count=200" in bundle["link"][0]["url"]


def test_counting_is_always_done_when_asked(http):
    http.post("/v1/Agency", json=an_agency(name="Counted"))

    for query in ("_count=0&_totalMethod=count", "_summary=count", "_total=accurate"):
        assert http.get(f"/v1/Agency?name=counted&{query}").json["total"] == 1, query


def test_references_stay_relative_in_answers(http):
    parent = http.post("/v1/ServiceCategory", json=a_category()).json["id"]
    reference = {"reference": f"ServiceCategory/{parent}", "display": "Parent"}

    made = http.post("/v1/ServiceCategory", json=a_category(parent=reference))
    absolute = {"reference": f"http://hub.test/v1/ServiceCategory/{parent}"}

    assert made.json["parent"] == reference
    assert http.post("/v1/ServiceCategory", json=a_category(parent=absolute)).status_code == 422


def test_history_entries_keep_their_resources_but_for_deletions(http):
    made = http.post("/v1/ParticipantProfile", json=a_profile()).json
    url = f"/v1/ParticipantProfile/{made['id']}"
    http.delete(url, headers={"If-Match": 'W/"1"'})

    gone, first = http.get(f"{url}/_history").json["entry"]

    assert "resource" not in gone
    assert first["resource"] == made
    assert first["request"] == {"method": "POST", "url": "ParticipantProfile"}
    assert first["response"]["etag"] == 'W/"1"'


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/Patient", 404),
        ("GET", "/v1/Agency/nowhere", 404),
        ("GET", "/v1/Agency/x/LocalCenter", 404),
        ("GET", "/v1/.well-known/unknown", 404),
        ("GET", "/nowhere", 404),
        ("DELETE", "/v1/Agency", 405),
        ("PUT", "/v1/metadata", 405),
        ("GET", "/v1/Agency?colour=red", 400),
        ("GET", "/v1/Agency?_format=xml", 406),
    ],
)
def test_every_refusal_is_an_outcome_in_json(http, method, path, status):
    reply = http.open(path, method=method)

    assert reply.status_code == status
    assert reply.json["resourceType"] == "OperationOutcome"
    assert "json" in reply.content_type


def test_a_null_inside_an_array_is_refused_with_its_path(http):
    reply = http.post("/v1/Agency", json=an_agency(confidentialityRegimes=["hipaa", None]))

    assert reply.status_code == 422
    assert reply.json["issue"][0]["expression"] == ["Agency.confidentialityRegimes[1]"]


def test_operations_take_a_bare_resource_or_parameters_on_type_and_instance(http):
    made = http.post("/v1/Agency", json=an_agency()).json
    wrapped = {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": made}]}

    for path in ("/v1/Agency/$validate", f"/v1/Agency/{made['id']}/$validate"):
        for body in (made, wrapped):
            reply = http.post(path, json=body)
            assert reply.json["resourceType"] == "OperationOutcome"
            assert reply.status_code == 200


def test_discovery_names_the_same_token_endpoint_everywhere(http):
    rest = http.get("/v1/metadata").json["rest"][0]
    uris = next(
        each
        for each in rest["security"]["extension"]
        if each["url"].endswith("/StructureDefinition/oauth-uris")
    )
    named = {each["url"]: each.get("valueUri") for each in uris["extension"]}

    for path in ("smart-configuration", "openid-configuration"):
        published = http.get(f"/v1/.well-known/{path}").json
        assert published["token_endpoint"] == named["token"]


def test_no_element_or_parameter_has_a_name_that_breaks_clients(registry):
    for kind in registry.types.values():
        names = {name for element in kind.elements for name in element.path}
        tops = {element.path[0] for element in kind.elements}
        assert "items" not in names
        assert not tops & {"client", "self", "resource_type"}
        assert not [name for name in kind.parameters if "_" in name.lstrip("_")]


def test_a_reference_has_only_the_members_that_clients_recognise_it_by(registry):
    known = {"reference", "display", "type", "identifier", "extension"}
    members = {
        element.path[-1]
        for kind in registry.types.values()
        for element in kind.elements
        if element.path[:-1] in kind.references
    }

    assert {"reference"} <= members <= known
