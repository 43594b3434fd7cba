"""A run has a hub of its own, whose door writes down everything and plays faults."""

import io
import json

import pytest
from werkzeug.test import Client, EnvironBuilder, run_wsgi_app
from werkzeug.wrappers import Response

from agencies import a_state
from app.sandbox.cast import GHOSTS
from builders import a_stranger
from conformance import scenario
from sandboxes import Sandbox


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("runs")) as found:
        yield found


@pytest.fixture(scope="module")
def sandbox(state):
    return Sandbox(state)


def test_a_run_has_a_whole_hub_of_its_own(sandbox):
    made = sandbox.ask("POST", "ParticipantProfile", a_stranger())

    own = sandbox.ask("GET", f"ParticipantProfile/{made.json['id']}")
    elsewhere = sandbox.partner.get(f"/v1/ParticipantProfile/{made.json['id']}")
    assert (made.status_code, own.status_code, elsewhere.status_code) == (201, 200, 404)
    assert sandbox.ask("GET", "metadata").json["implementation"]["url"] == sandbox.run["base"]


def test_a_token_of_one_hub_is_worth_nothing_in_the_other(state, sandbox):
    other = {"Authorization": f"Bearer {sandbox.token}"}

    refused = Client(state.app, Response).get("/v1/Agency", headers=other)

    assert refused.status_code == 401


def test_the_door_writes_down_what_was_asked_and_answered(sandbox):
    made = sandbox.ask("POST", "ParticipantProfile", a_stranger(), **{"User-Agent": "CaseTrack/7"})

    told = sandbox.of_run("/exchanges?since=0").json["exchanges"]

    last = told[-1]
    assert [each["number"] for each in told] == list(range(1, len(told) + 1))
    assert (last["who"], last["method"], last["path"]) == ("partner", "POST", "ParticipantProfile")
    assert last["answer"]["id"] == made.json["id"]
    assert last["headers"]["user-agent"] == "CaseTrack/7"
    assert not any(sandbox.token in str(each) for each in told)


@pytest.mark.parametrize(("fault", "status"), [("F2", 503), ("F5", 429), ("F7", 401), ("F8", 422)])
def test_a_fault_meets_one_request_and_no_more(sandbox, fault, status):
    armed = sandbox.of_run("/fault", "POST", name=fault, method="GET", path="Agency/.*")

    first = sandbox.ask("GET", "Agency/mdes")
    second = sandbox.ask("GET", "Agency/mdes")

    assert armed.status_code == 201, armed.text
    assert (first.status_code, second.status_code) == (status, 200)
    assert sandbox.of_run("/exchanges").json["exchanges"][-2]["fault"] == fault


def test_a_number_that_may_be_somebodys_is_refused_and_not_kept(sandbox):
    real = {**a_stranger(), "ssn": "123456789"}

    refused = sandbox.ask("POST", "ParticipantProfile", real)

    told = sandbox.of_run("/exchanges").json["exchanges"]
    assert refused.status_code == 422
    assert told[-1]["body"] is None
    assert "123456789" not in str(told)
    assert sandbox.ask("POST", "ParticipantProfile", {**a_stranger()}).status_code == 201


def test_a_body_in_chunks_is_read_and_written_down(sandbox):
    body = a_stranger()
    environ = EnvironBuilder(f"{sandbox.path}/ParticipantProfile", method="POST").get_environ()
    environ |= {
        "wsgi.input": io.BytesIO(json.dumps(body).encode()),
        "wsgi.input_terminated": True,
        "HTTP_TRANSFER_ENCODING": "chunked",
        "HTTP_AUTHORIZATION": f"Bearer {sandbox.token}",
        "CONTENT_TYPE": "application/fhir+json",
    }
    environ.pop("CONTENT_LENGTH", None)

    _, status, _ = run_wsgi_app(sandbox.http.application, environ, buffered=True)

    assert status.startswith("201")
    told = sandbox.of_run("/exchanges").json["exchanges"]
    assert told[-1]["body"]["pirlUniqueId"] == body["pirlUniqueId"]


def test_the_ghosts_of_sandboxes_are_those_of_the_scenario():
    assert set(GHOSTS) == set(scenario.GHOSTS)


def test_what_is_committed_and_then_refused_is_there(sandbox):
    body = a_stranger()
    sandbox.of_run("/fault", "POST", name="F3", method="POST", path="ParticipantProfile")

    refused = sandbox.ask("POST", "ParticipantProfile", body, **{"Idempotency-Key": "k1"})
    again = sandbox.ask("POST", "ParticipantProfile", body, **{"Idempotency-Key": "k1"})

    assert (refused.status_code, again.status_code) == (503, 201)
    assert again.headers["Idempotent-Replayed"] == "true"


def test_the_feed_of_a_sandbox_tells_what_was_just_written(sandbox):
    made = sandbox.ask("POST", "ParticipantProfile", a_stranger())

    entries = sandbox.ask("GET", "$changes?_count=200&_type=ParticipantProfile").json["entry"]

    assert made.json["id"] in [each["resource"]["id"] for each in entries]


def test_the_production_hub_has_no_faults_to_play(sandbox):
    sandbox.of_run("/fault", "POST", name="F2", method="GET", path=".*")

    production = sandbox.partner.get("/v1/Agency/mdes")
    own = sandbox.ask("GET", "Agency/mdes")

    assert (production.status_code, own.status_code) == (200, 503)


def test_another_partners_run_is_not_there(state, sandbox):
    other = state.client("mdhs")

    assert other.get(f"/conformance-runs/{sandbox.run['id']}").status_code == 404


def test_a_request_without_a_token_of_the_run_is_listed_as_unmatched(sandbox):
    sandbox.http.get(f"{sandbox.path}/Agency/mdes")

    told = sandbox.of_run("/unmatched").json["unmatched"]

    assert told[-1]["reason"] == "The request brings no token of this run."


def test_a_run_that_was_ended_is_gone_with_its_hub(state):
    ended = Sandbox(state)

    assert ended.of_run("/abort", "POST").json["state"] == "aborted"

    assert ended.ask("GET", "Agency/mdes").status_code == 404
    assert ended.of_run("/evaluate", "POST").status_code == 422


def test_a_run_that_was_judged_is_frozen_and_its_hub_goes(state):
    judged = Sandbox(state)

    first = judged.of_run("/evaluate", "POST").json
    second = judged.of_run("/evaluate", "POST").json

    assert first["verdicts"]
    assert first["reached"] is False
    assert "PASS" not in {each["verdict"] for each in first["verdicts"]}
    assert second["verdicts"] == first["verdicts"]
    assert judged.ask("GET", "Agency/mdes").status_code == 404
    assert judged.of_run("/next", "POST").status_code == 422
