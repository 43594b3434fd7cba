"""`hub simulate` plays on a hub that runs, as the agencies' systems and over HTTP alone."""

import json
import sys

import pytest
from click.testing import CliRunner

from app.cli import main
from live import serving

PARTICIPANTS, REFERRALS, CLOSED = 30, 60, 54
"""The smallest year whose whole percents are the published ones."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Yield a running hub with the demo clients."""
    if sys.platform != "linux":
        pytest.skip("processes are found in /proc")
    with serving(tmp_path_factory.mktemp("simulate") / "hub", seed="demo") as hub:
        yield hub


def test_elvis_becomes_a_diesel_mechanic_with_every_stage_and_witness(demo):
    told = json.loads(demo.run("simulate", "elvis", "--json"))
    links = [link for act in told["acts"] for event in act["events"] for link in event["links"]]

    assert {each["text"]: each["holds"] for each in told["facts"]} == {
        "Elvis is employed as a diesel mechanic": True,
        "he holds three credentials": True,
        "his plans went through smart-start, training, workforce, training, workforce": True,
        "both plans are completed": True,
        "all three referrals ended with a service": True,
        "his class shows a measurable skill gain": True,
        "his return began a new period of participation": True,
        "the audit trail names every system that took part": True,
    }
    assert len(told["acts"]) == 12
    caller = demo.caller()
    for each in links:
        assert caller("GET", each.removeprefix(demo.url)).status == 200


def test_a_year_ends_in_the_published_shares_and_the_hub_holds_it(demo):
    told = json.loads(demo.run("simulate", "year", "--participants", str(PARTICIPANTS), "--json"))

    window = "authored-on=ge2018-10-01&authored-on=lt2019-11-01"
    caller = demo.caller()
    held = {outcome: total(caller, f"{window}&outcome={outcome}") for outcome in told["published"]}

    assert (told["created"], told["closed"]) == (REFERRALS, CLOSED)
    assert told["percentOfClosed"] == told["published"]
    assert held == {outcome: told["fates"][outcome] for outcome in held}
    assert total(caller, window) == REFERRALS
    assert "choose another with --seed" in refused(demo, "year", "--participants", "30")


def test_without_a_hub_there_is_a_sentence(tmp_path):
    done = CliRunner().invoke(main, ["simulate", "elvis", "--data", str(tmp_path)])

    assert done.exit_code == 1
    assert "No hub runs on the data folder" in done.output


def refused(demo, *words):
    done = CliRunner().invoke(main, ["simulate", *words, "--data", str(demo.folder)])
    assert done.exit_code == 1
    return done.output


def total(caller, asked):
    return caller("GET", f"/Referral?{asked}&_total=accurate&_count=1").json["total"]
