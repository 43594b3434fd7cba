"""The command as a partner uses it, against a hub's side that listens on this machine."""

import json
import os
import subprocess
import sys

import pytest
import yaml
from click.testing import CliRunner

from conformance.cli import COMMANDS, main
from conformance.cli.fault_command import aimed
from run_stand_in import HubOfRuns, a_command, settings

UNSUPPORTED = 'answer = {"id": said["id"], "status": "unsupported"}'


@pytest.fixture
def hub():
    found = HubOfRuns()
    with found.served() as found.base:
        yield found


@pytest.fixture
def cli(tmp_path, hub, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret").write_text("right")

    def write(step="pass", **more):
        wanted = settings(hub.base, a_command(tmp_path, step)) | more
        (tmp_path / "wcf.yaml").write_text(yaml.safe_dump(wanted))

    def run(*words):
        return CliRunner().invoke(main, words)

    run.write = write
    write()
    return run


def events(reply):
    return [json.loads(line) for line in reply.stdout.splitlines()]


def test_every_command_has_help():
    for name in COMMANDS:
        assert CliRunner().invoke(main, [name, "--help"]).exit_code == 0


def test_a_level_that_is_reached_ends_with_0_and_a_summary(cli, tmp_path):
    reply = cli("run", "L1", "--html", "r.html", "--junit", "r.xml", "--md", "r.md")

    assert reply.exit_code == 0, reply.output
    assert "L1 reached" in reply.output
    assert "\x1b" not in reply.output
    assert all((tmp_path / name).exists() for name in ("r.html", "r.xml", "r.md"))


def test_a_product_that_does_nothing_ends_with_2(cli):
    cli.write(UNSUPPORTED)

    reply = cli("run", "L1")

    assert reply.exit_code == 2
    assert "NOT-EXERCISED" in reply.output


def test_configuration_ends_with_3_and_is_never_a_failure(cli, tmp_path):
    (tmp_path / "secret").write_text("wrong")

    reply = cli("run", "L1")

    assert reply.exit_code == 3
    assert "CONFIG" in reply.output
    assert "fix" in reply.output
    assert "FAIL" not in reply.output


def test_without_a_configuration_a_fix_is_said(cli, tmp_path):
    (tmp_path / "wcf.yaml").unlink()

    reply = cli("doctor")

    assert reply.exit_code == 3
    assert "init" in reply.output


def test_a_hub_that_fails_ends_with_4(cli, hub):
    hub.answer = lambda *_: (500, {}, {})

    assert cli("run", "L1").exit_code == 4


@pytest.mark.parametrize(
    "words",
    [
        ("run", "L9"),
        ("run",),
        ("dance",),
        ("explain", "L1-99"),
        ("run", "L1", "--certify", "--seed=s"),
    ],
)
def test_what_is_not_understood_ends_with_64(cli, words):
    assert cli(*words).exit_code == 64


def test_the_doctor_alone_starts_no_run(cli, hub):
    reply = cli("doctor", "L4", "--json-lines")

    assert reply.exit_code == 0
    assert {each["verdict"] for each in events(reply)} == {"ok"}
    assert not hub.asked


def test_events_are_one_object_a_line_and_tell_no_person(cli):
    reply = cli("run", "L1", "--json-lines")

    told = [each["event"] for each in events(reply)]
    assert told[-2:] == ["report", "end"]
    assert told.count("step") == told.count("answer") == 2
    assert "Elvis" not in reply.stdout


def test_in_earnest_the_sandbox_goes_to_the_products_settings(cli, hub, tmp_path):
    reply = cli("run", "L1", "--certify", "--settings", "product.json")

    assert reply.exit_code == 0, reply.output
    assert hub.asked["mode"] == "certify"
    assert json.loads((tmp_path / "product.json").read_text())["clientId"] == "product"


def test_in_earnest_a_product_that_is_elsewhere_stops_the_run_which_goes_on_later(cli, hub):
    hub.unmatched = []
    cli.write('answer["status"] = "error"')

    stopped = cli("run", "L1", "--certify", "--settings", "product.json")
    cli.write()
    resumed = cli("watch", "--settings", "product.json")

    assert stopped.exit_code == 3
    assert "was its address entered?" in stopped.output
    assert "go on with: wioa-conformance watch" in stopped.output
    assert resumed.exit_code == 0, resumed.output


def test_in_earnest_with_nobody_there_is_configuration(cli):
    assert cli("run", "L1", "--certify").exit_code == 3


def test_the_last_run_is_shown_watched_and_run_again(cli, hub):
    cli.write(UNSUPPORTED)
    cli("run", "L1")

    shown, watched = cli("report"), cli("watch")
    hub.told, hub.report = [], None
    again = cli("rerun", "--failed")

    assert "run cf-1" in shown.output
    assert watched.exit_code == again.exit_code == 2
    assert hub.asked["seed"] == "seed"


def test_runs_that_nobody_goes_on_with_are_ended(cli, hub):
    hub.is_full = True

    refused = cli("run", "L1")
    ended, again = cli("end", "--all"), cli("end", "cf-1")

    assert refused.exit_code == 3
    assert "wioa-conformance end --all" in refused.output
    assert "Ended: cf-1" in ended.output
    assert hub.is_ended
    assert again.exit_code == 0
    assert cli("end", "--all", "cf-1").exit_code == 64
    assert "Nothing is kept of any run here." in cli("end").output


def test_an_adapter_that_is_gone_by_the_run_is_configuration_and_the_run_is_kept(cli, tmp_path):
    once = (tmp_path / "adapter.py").read_text()
    (tmp_path / "adapter.py").write_text(f"open('greeted', 'x')\n{once}")

    reply = cli("run", "L1")

    assert reply.exit_code == 3
    assert "go on with: wioa-conformance watch" in reply.output


@pytest.mark.parametrize(
    ("words", "told"),
    [(("F99", "--on", "referral.create"), "'f13'"), (("F3", "--on", "quatsch.create"), "referral")],
)
def test_a_fault_or_a_step_that_is_none_is_told_with_those_there_are(cli, words, told):
    cli("run", "L1")

    reply = cli("fault", *words)

    assert reply.exit_code == 64
    assert told in reply.output


def test_what_belonged_to_nobody_is_listed_with_the_reason(cli):
    cli("run", "L1")

    reply = cli("unmatched")

    assert reply.output == (
        "00:00:00  GET /Agency/mdes  401  The request brings no token of this run.\n"
    )


def test_the_reference_client_is_never_certified(cli, hub):
    cli.write(adapter={"kind": "reference"})

    reply = cli("run", "L1", "--certify", "--settings", "product.json")

    assert reply.exit_code == 3
    assert "proves nothing of your product" in reply.output
    assert not hub.asked


def test_a_fault_is_armed_for_the_requests_of_a_step(cli):
    cli("run", "L1")

    assert "F3 waits for POST Referral" in cli("fault", "f3", "--on", "referral.create").output
    assert aimed("participant.update") == ("PUT", "ParticipantProfile")
    assert aimed("Referral/.*") == ("*", "Referral/.*")


@pytest.mark.parametrize(
    ("sentence", "fix"),
    [
        ("This run is over; its verdicts are frozen.", "from another terminal"),
        ("Faults are armed by hand in practice only.", "wioa-conformance run L1"),
        ("The path is a regular expression.", "--on"),
    ],
)
def test_a_fault_that_cannot_be_armed_says_what_to_do_instead(cli, hub, sentence, fix):
    cli("run", "L1")
    hub.unarmed = sentence

    reply = cli("fault", "F3", "--on", "referral.create")

    assert reply.exit_code == 3
    assert sentence in reply.output
    assert fix in reply.output
    assert "wcf.yaml" not in reply.output


def test_requirements_are_listed_and_explained(cli):
    assert "33 requirements; needs a human: 0 of 33" in cli("list", "L1").output
    assert "L1-13" in cli("explain", "l1-13").output


def test_init_writes_what_the_doctor_understands(cli, hub, tmp_path):
    words = ("--hub", hub.base, "--client", "agency", "--secret", "file:secret")
    command = " ".join(a_command(tmp_path))

    refused = cli("init", *words)
    made = cli("init", *words, "--adapter", "command", "--with", command, "--force")

    assert refused.exit_code == 64
    assert made.exit_code == 0, made.output
    assert cli("doctor").exit_code == 0


def pytest_in(folder, *words):
    """Run pytest with our plugin alone: what else is installed takes seconds to load."""
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-p", "conformance.pytest_plugin", *words]
    return subprocess.run(
        command, cwd=folder, env=alone, capture_output=True, text=True, check=False
    )


def test_in_pytest_there_is_one_item_for_each_requirement(cli, tmp_path):
    del cli
    words = ("--pyargs", "conformance", "--wioa-level", "1", "--wioa-config", "wcf.yaml")

    reply = pytest_in(tmp_path, *words, "-k", "L1-09")

    assert "1 passed, 32 deselected" in reply.stdout, reply.stdout + reply.stderr
    assert "L1 reached" in reply.stdout


def test_pytest_of_another_project_notices_nothing(tmp_path):
    (tmp_path / "test_own.py").write_text("def test_own(): pass\n")

    reply = pytest_in(tmp_path, "test_own.py", "--pyargs", "conformance")

    assert "1 passed in" in reply.stdout, reply.stdout + reply.stderr
