"""Runs that nobody goes on with end by themselves; what proved nothing is not kept for ever."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from agencies import a_state
from app.interactions.runs import sweep
from app.store.runs import MongoRuns
from app.web.desk import RUNS
from sandboxes import Sandbox

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("sweep")) as found:
        yield found


@pytest.fixture(scope="module")
def sandbox(state):
    found = Sandbox(state)
    found.ask("GET", "Agency/mdes")
    return found


def swept(state, **later):
    """Sweep as the worker does some time from now; return how many runs that ended."""
    at = NOW + timedelta(**later)
    return sweep.sweep(replace(state.app.extensions[RUNS], now=lambda: at))


def rests_on(state, sandbox, certificate):
    """Keep the run as it would be with a certificate, or without."""
    runs = MongoRuns(state.database)
    assert runs.put(runs.get(sandbox.run["id"]) | {"certificate": certificate})


def seen(sandbox):
    return sandbox.of_run("/exchanges").json["exchanges"]


def databases(state):
    return [
        each
        for each in state.database.client.list_database_names()
        if each.startswith(f"{state.database.name}_cf_")
    ]


def test_a_run_that_is_under_way_is_left_alone(state, sandbox):
    assert swept(state, days=13) == 0

    assert sandbox.of_run("").json["state"] == "ready"
    assert sandbox.ask("GET", "Agency/mdes").status_code == 200


def test_a_worker_that_is_to_stop_leaves_the_rest_for_the_next(state):
    late = replace(state.app.extensions[RUNS], now=lambda: NOW + timedelta(days=15))

    assert sweep.sweep(late, lambda: True) == 0


def test_a_run_that_was_left_ends_and_its_hub_goes(state, sandbox):
    assert (swept(state, days=15), swept(state, days=15)) == (1, 0)

    assert sandbox.of_run("").json["state"] == "expired"
    assert sandbox.ask("GET", "Agency/mdes").status_code == 404
    assert sandbox.of_run("/next", "POST").status_code == 422
    assert databases(state) == []
    assert seen(sandbox)


def test_what_a_certificate_rests_on_is_kept(state, sandbox):
    rests_on(state, sandbox, {"id": "cert-1"})

    swept(state, days=400)

    assert seen(sandbox)


def test_what_proved_nothing_is_kept_for_ninety_days_after_the_end(state, sandbox):
    rests_on(state, sandbox, None)

    swept(state, days=100)
    before = seen(sandbox)
    swept(state, days=110)

    assert before
    assert seen(sandbox) == []
    assert sandbox.of_run("/report").json["state"] == "expired"
