"""Read, vread and the three histories over HTTP."""

import pytest

from builders import a_profile, an_agency

AGENCY = "https://hub.wioa.example/schemas/Agency|1.0.0"


@pytest.fixture
def agency(http):
    """Return the address and body of a new agency with three versions."""
    body = http.post("/v1/Agency", json=an_agency()).json
    url = f"/v1/Agency/{body['id']}"
    for name in ("Second", "Third"):
        body = http.put(url, json={**body, "name": name}).json
    return url, body


def test_a_read_answers_the_current_version_with_its_tag(http, agency):
    url, body = agency

    reply = http.get(url)

    assert reply.json == body
    assert reply.headers["ETag"] == 'W/"3"'
    assert reply.headers["Last-Modified"].endswith("GMT")
    assert reply.content_type == f'application/fhir+json; profile="{AGENCY}"'
    assert reply.json["meta"]["profile"] == [AGENCY]


@pytest.mark.parametrize("tag", ['W/"3"', '"3"', "3", '"1", "3"', "*"])
def test_a_client_that_has_the_current_version_gets_304_and_no_body(http, agency, tag):
    url, _ = agency

    reply = http.get(url, headers={"If-None-Match": tag})

    assert reply.status_code == 304
    assert not reply.data
    assert reply.headers["ETag"] == 'W/"3"'


def test_a_client_that_has_an_old_version_gets_the_new_one(http, agency):
    url, body = agency

    assert http.get(url, headers={"If-None-Match": 'W/"2"'}).json == body


def test_every_version_stays_readable(http, agency):
    url, body = agency

    first, last = http.get(f"{url}/_history/1"), http.get(f"{url}/_history/3")

    assert first.json["meta"]["versionId"] == "1"
    assert first.headers["ETag"] == 'W/"1"'
    assert last.json == body


@pytest.mark.parametrize("number", ["4", "0", "-1", "x", "1.0", "9999999999", "%00"])
def test_a_version_that_never_was_is_not_found(http, agency, number):
    url, _ = agency

    assert http.get(f"{url}/_history/{number}").status_code == 404


@pytest.mark.parametrize("id", ["never", "a" * 65, "a%00b", "a%FFb", "a_b", "$where"])
def test_what_is_not_there_is_not_found(http, id):
    reply = http.get(f"/v1/Agency/{id}")

    assert reply.status_code == 404
    assert reply.json["issue"][0]["code"] == "not-found"


def test_an_unknown_type_is_not_found_and_told_what_there_is(http):
    reply = http.get("/v1/Patient/1")

    assert reply.status_code == 404
    assert reply.json["issue"][0]["code"] == "not-supported"


def test_the_history_of_a_resource_pages_through_all_its_versions(http, agency):
    url, _ = agency

    first = http.get(f"{url}/_history?_count=2").json
    link = next(each["url"] for each in first["link"] if each["relation"] == "next")
    second = http.get(link).json

    numbers = [
        e["resource"]["meta"]["versionId"] for page in (first, second) for e in page["entry"]
    ]
    assert numbers == ["3", "2", "1"]
    assert not [each for each in second["link"] if each["relation"] == "next"]


def test_the_history_of_a_type_and_of_the_system_hold_what_was_just_written(http, agency):
    url, body = agency

    for path in ("/v1/Agency/_history", "/v1/_history", "/v1/_history/"):
        newest = http.get(f"{path}?_count=1").json["entry"][0]
        assert newest["resource"] == body
        assert newest["fullUrl"] == f"http://hub.test{url}"


def test_history_since_the_last_version_holds_only_that(http, agency):
    url, body = agency
    since = body["meta"]["lastUpdated"]

    entries = http.get(f"{url}/_history", query_string={"_since": since}).json["entry"]

    assert [each["resource"] for each in entries] == [body]


def test_a_page_link_is_bound_to_its_caller_and_its_address(http, reader, agency):
    url, _ = agency
    page = http.get(f"{url}/_history?_count=1").json
    link = next(each["url"] for each in page["link"] if each["relation"] == "next")

    assert http.get(link).status_code == 200
    assert reader.get(link).status_code == 400
    assert http.get(link.replace("_count=1", "_count=2")).status_code == 400
    assert http.get(link[:-2]).status_code == 400


@pytest.mark.parametrize(
    "query",
    ["_count=x", "_count=-1", "_count=0", "_since=yesterday", "_sort=name", "_count=1&_count=2"],
)
def test_a_history_parameter_is_never_ignored(http, query):
    assert http.get(f"/v1/Agency/_history?{query}").status_code == 400


def test_the_answer_is_json_as_asked_and_nothing_else(http, agency):
    url, _ = agency

    plain = http.get(url, headers={"Accept": "application/json"})
    by_format = http.get(f"{url}?_format=json", headers={"Accept": "text/html"})
    page = http.get(url, headers={"Accept": "text/html"})

    assert plain.content_type == f'application/json; profile="{AGENCY}"'
    assert by_format.status_code == 200
    assert page.status_code == 406
    assert page.json["resourceType"] == "OperationOutcome"


def test_without_a_token_nothing_is_answered(app, agency):
    url, _ = agency

    reply = app.test_client().get(url)

    assert reply.status_code == 401
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")
    assert reply.json["issue"][0]["code"] == "login"


def test_one_correlation_id_is_in_the_answer_and_the_outcome(http):
    reply = http.get("/v1/Agency/never", headers={"X-Request-Id": "trace-7"})

    assert reply.headers["X-Request-Id"] == "trace-7"
    assert reply.json["id"] == "trace-7"


def test_a_profile_says_who_wrote_it(http):
    body = http.post("/v1/ParticipantProfile", json=a_profile()).json

    assert body["meta"]["source"] == "urn:wioa-hub:client:state-staff"
