"""A run that is broken off, on either side, goes on where it was, or ends as a fault of ours."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest

from agencies import a_state
from app.store.runs import MongoRuns
from builders import a_stranger
from conformance import scenario
from conformance.scenario.referrals import CONTACT
from conformance.stage import Fault
from sandboxes import Sandbox

FIRST, SECOND = (each.key for each in scenario.journey(1, "both")[:2])
DONE = {"status": "done"}


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("resumed")) as found:
        yield found


@pytest.fixture(scope="module")
def sandbox(state):
    return Sandbox(state)


def kept(state, sandbox, **change):
    """Leave a run as a worker that died in the middle of something would have."""
    runs = MongoRuns(state.database)
    assert runs.put(runs.get(sandbox.run["id"]) | change)


def ago(**time):
    return (datetime.now(UTC) - timedelta(**time)).isoformat()


def test_a_step_that_was_never_told_cannot_end(sandbox):
    assert sandbox.of_run(f"/steps/{FIRST}/done", "POST", **DONE).status_code == 400


def test_while_ghosts_act_the_step_has_to_wait(state, sandbox):
    kept(state, sandbox, acting=ago(seconds=1))

    answer = sandbox.of_run("/next", "POST")

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 1
    kept(state, sandbox, acting=None)


def test_a_step_is_told_again_as_it_was(sandbox):
    assert sandbox.of_run("/next", "POST").json == sandbox.of_run("/next", "POST").json


def test_only_a_step_that_the_product_began_counts_as_asked_for_again(state, sandbox):
    runs = MongoRuns(state.database)
    sandbox.of_run("/next", "POST")
    untouched = runs.get(sandbox.run["id"])["world"]
    sandbox.ask("POST", "ParticipantProfile", a_stranger())

    sandbox.of_run("/next", "POST")

    again = runs.get(sandbox.run["id"])["world"]["again"]
    assert "again" not in untouched
    assert again == {FIRST: sandbox.of_run("/exchanges").json["exchanges"][-1]["number"]}


def test_a_step_that_is_told_ended_twice_ends_once(sandbox):
    first, second = (sandbox.of_run(f"/steps/{FIRST}/done", "POST", **DONE) for _ in range(2))

    assert (first.status_code, second.status_code) == (200, 400)
    assert sandbox.of_run("/next", "POST").json["step"]["key"] == SECOND


def test_a_ghost_that_comes_too_late_for_the_product_harms_nobody(state, sandbox):
    runs, id = MongoRuns(state.database), sandbox.run["id"]
    incoming = {"guest1": {"reference": "Referral/gone"}}
    kept(state, sandbox, step=CONTACT, world=runs.get(id)["world"] | {"incoming": incoming})
    runs.arm(id, "late", asdict(Fault("F1", "GET", "Agency/.*", play="meanwhile")))

    answer = sandbox.ask("GET", "Agency/mdes")

    assert answer.status_code == 200
    assert sandbox.of_run("/exchanges").json["exchanges"][-1]["fault"] == ""


def test_ghosts_that_were_broken_off_end_the_run_as_a_fault_of_ours(state, sandbox):
    kept(state, sandbox, acting=ago(minutes=5))

    answer = sandbox.of_run("/next", "POST")

    assert answer.status_code == 422
    assert "counts for nothing" in answer.json["issue"][0]["diagnostics"]
    assert sandbox.of_run("").json["state"] == "suite-error"
    assert sandbox.ask("GET", "Agency/mdes").status_code == 404


def test_ghosts_that_fail_end_the_run_as_a_fault_of_ours(state):
    broken = Sandbox(state)
    broken.of_run("/next", "POST")
    kept(state, broken, world={})

    answer = broken.of_run(f"/steps/{FIRST}/done", "POST", **DONE)

    assert answer.status_code == 422
    assert broken.of_run("").json["state"] == "suite-error"
    assert broken.of_run("/next", "POST").status_code == 422
