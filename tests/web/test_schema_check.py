"""The gates tried on a candidate by whoever may: the report, and nothing kept."""

import json
from dataclasses import replace

import pytest

from app.interactions.publishing.desk import Desk
from app.rules.publishing.gates import static_gates
from app.web import application
from notes import MOOD, a_note, a_publication, a_site_of
from sites import SECRET

PATH = "/schemas/Note/$check"


@pytest.fixture(scope="module")
def http():
    """Return a client with a token, of a site with one version of a note and all gates."""
    site = a_site_of(a_publication("1.0.0"))
    desk = Desk(judge=lambda one, library: static_gates(one, library, lambda a, b: a == b or None))
    client = application(replace(site, hub=replace(site.hub, desk=desk))).test_client()
    form = {"grant_type": "client_credentials"}
    token = client.post("/v1/oauth/token", data=form, auth=("tester", SECRET)).json["access_token"]
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client


def test_a_candidate_is_answered_with_the_report_of_its_gates(http):
    reply = http.post(PATH, json=a_note("1.1.0", mood=MOOD))

    assert reply.status_code == 200
    assert reply.content_type == "application/json"
    assert (reply.json["type"], reply.json["version"]) == ("Note", "1.1.0")
    assert {each["code"] for each in reply.json["gates"]} >= {"G1", "G5", "G9"}
    assert http.get("/schemas/Note/1.1.0").status_code == 404


def test_a_candidate_that_breaks_clients_is_told_what_and_how(http):
    schema = a_note("1.1.0")
    schema["required"].append("text")
    body = {"schema": schema, "base": "1.0.0"}

    report = http.post(PATH, json=body, content_type="application/json").json

    assert report["isOpen"] is False
    found = [each for gate in report["gates"] for each in gate["findings"]]
    assert any(each["code"] == "required-added" and each.get("witness") for each in found)


def test_nobody_tries_a_candidate_without_a_token(http):
    reply = http.post(PATH, json={}, headers={"Authorization": ""})

    assert reply.status_code == 401


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        pytest.param(b"{}", "text/plain", 415, id="no JSON"),
        pytest.param(b"[]", "application/json", 400, id="no object"),
        pytest.param(b'{"a": 1, "a": 2}', "application/schema+json", 400, id="a name twice"),
        pytest.param(b'{"schema": 7}', "application/json", 400, id="no schema"),
        pytest.param(b"[" * 100 + b"]" * 100, "application/json", 400, id="deep"),
        pytest.param(b" " * 1024 * 1025, "application/json", 413, id="large"),
    ],
)
def test_what_is_no_candidate_is_refused(http, body, media, status):
    assert http.post(PATH, data=body, content_type=media).status_code == status


def test_the_names_that_schemas_have_are_read(http):
    body = json.dumps({"$id": "x", "a.b": {"__proto__": 1}})

    reply = http.post(PATH, data=body, content_type="application/schema+json")

    assert reply.status_code == 200
    assert reply.json["isOpen"] is False
