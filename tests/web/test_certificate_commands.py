"""`hub certificate`: staff list, extend and revoke over a hub's own routes."""

import json

import httpx
import pytest
from click.testing import CliRunner

from agencies import a_state
from app.cli.certificate import certificate
from app.composition import now
from certifying import PARTNER, a_certificate


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("staff")) as found:
        yield found


@pytest.fixture(scope="module")
def run(state):
    """Run one command as staff beside the hub."""
    folder = state.settings.data
    (folder / "demo-clients.json").write_text(json.dumps({"state-staff": "state-staff"}))

    def run(*words):
        near = ["--url", f"{state.settings.origin}/v1", "--data", str(folder)]
        transport = httpx.WSGITransport(app=state.app)
        return CliRunner().invoke(certificate, [*words, *near], obj=transport)

    return run


@pytest.fixture(scope="module")
def id(state):
    return a_certificate(state, 1)["id"]


def test_staff_see_extend_and_revoke_certificates(run, id):
    until = now().date().replace(day=1).replace(year=now().year + 1).isoformat()
    listed = run("list")

    extended = run("extend", id, "--until", until, "--reason", "The vendor is late.")
    revoked = run("revoke", id, "--reason", "The key was stolen.", "--json")

    assert f"{id:<24}{PARTNER}" in listed.output
    assert listed.output.rstrip().endswith("valid")
    assert (extended.exit_code, f"{id} holds until {until}" in extended.output) == (0, True)
    assert json.loads(revoked.output)["state"] == "revoked"
    assert run("list").output.rstrip().endswith("revoked   The key was stolen.")


def test_what_the_hub_refuses_is_said_with_three(run):
    refused = run("revoke", "none", "--reason", "The key was stolen.")

    assert refused.exit_code == 3
    assert "There is no such certificate." in refused.output


def test_a_reason_is_asked_for(run, id):
    assert run("revoke", id).exit_code == 2
