"""The landing page, the API browser and the probes."""

import re

import pytest

from app.web import application
from sites import ORIGIN, a_site


@pytest.fixture(scope="module")
def http():
    """Return a client of a site of all types."""
    return application(a_site()).test_client()


def test_the_landing_page_leads_to_everything_and_every_link_works(http):
    page = http.get("/", headers={"Accept": "text/html"})

    links = re.findall(r'href="(/[^"]*)"', page.text)
    assert {"/docs", "/openapi.json", "/v1/metadata", "/schemas", "/health/ready"} <= set(links)
    assert "/schemas/Referral/1.0.0" in links
    for link in links:
        assert http.get(link).status_code == 200, link


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_a_page_fetches_nothing_from_elsewhere(http, path):
    page = http.get(path)

    sources = re.findall(r'(?:src|href)="([^"]*)"', page.text)
    assert sources
    assert all(each.startswith(("/", "data:")) for each in sources)
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")


def test_the_landing_page_answers_json_when_asked(http):
    reply = http.get("/", headers={"Accept": "application/json"})

    assert reply.content_type == "application/json"
    assert reply.json["base"] == f"{ORIGIN}/v1"
    assert "Referral" in {each["name"] for each in reply.json["types"]}
    assert http.get(reply.json["openapi"]).status_code == 200


def test_the_api_browser_finds_its_files_and_the_document(http):
    page = http.get("/docs").text

    for source in re.findall(r'(?:src|href)="(/docs/[^"]*)"', page):
        with http.get(source) as reply:
            assert reply.status_code == 200, source
    assert '"/openapi.json"' in http.get("/docs/start.js").text


@pytest.mark.parametrize("name", ["nothing.js", "../flask_swagger_ui.py", "%2e%2e/README.md"])
def test_only_the_browsers_own_files_are_served(http, name):
    assert http.get(f"/docs/{name}").status_code == 404


def test_a_live_hub_says_so_whatever_its_database_does():
    http = application(a_site(is_ready=lambda: False)).test_client()

    reply = http.get("/health/live")

    assert (reply.status_code, reply.json) == (200, {"status": "up"})


def test_a_hub_is_ready_when_its_database_answers(http):
    reply = http.get("/health/ready")

    assert (reply.status_code, reply.json) == (200, {"status": "ready"})


def test_a_hub_without_its_database_says_when_to_come_back():
    http = application(a_site(is_ready=lambda: False)).test_client()

    reply = http.get("/health/ready")

    assert (reply.status_code, reply.json) == (503, {"status": "unavailable"})
    assert int(reply.headers["Retry-After"]) > 0


@pytest.mark.parametrize("path", ["/", "/docs", "/health/live", "/health/ready", "/v1/metadata"])
def test_head_is_answered_like_get_without_a_body(http, path):
    reply = http.head(path)

    assert reply.status_code == 200
    assert not reply.data


def test_metadata_needs_no_token_and_is_not_sent_twice(http):
    first = http.get("/v1/metadata")

    again = http.get("/v1/metadata", headers={"If-None-Match": first.headers["ETag"]})

    assert first.json["resourceType"] == "CapabilityStatement"
    assert first.content_type == "application/fhir+json"
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("asked", ["json", "application/json", "application/fhir%2Bjson"])
def test_metadata_heeds_format(http, asked):
    assert http.get(f"/v1/metadata?_format={asked}").status_code == 200


def test_metadata_is_not_to_be_had_as_xml(http):
    reply = http.get("/v1/metadata?_format=xml")

    assert reply.status_code == 406
    assert reply.json["resourceType"] == "OperationOutcome"
