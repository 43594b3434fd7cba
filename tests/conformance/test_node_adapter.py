"""The adapter in Node speaks the protocol as any other does."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

ADAPTER = Path(__file__).parents[2] / "conformance" / "adapters" / "node" / "casetrack.mjs"
NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="Node is not installed")


def said(*lines):
    """Return what the adapter answers to lines, until it ends."""
    told = "".join(f"{each if isinstance(each, str) else json.dumps(each)}\n" for each in lines)
    ran = subprocess.run(
        [NODE, ADAPTER], input=told, capture_output=True, text=True, timeout=60, check=True, env={}
    )
    return [json.loads(each) for each in ran.stdout.splitlines()]


def test_it_says_who_it_is_and_what_it_does_for_level_one():
    hello, bye = said({"cmd": "hello", "protocol": 1}, {"cmd": "bye"})

    assert hello["protocol"] == 1
    assert hello["profile"] == "both"
    assert {"participant.register", "referral.respond", "sync.now"} <= set(hello["steps"])
    assert bye == {"status": "done"}


def test_what_it_does_not_do_it_says():
    step = {"cmd": "step", "id": 3, "step": "plan.join", "data": {}}
    plan, unset = said(step, step | {"id": 4, "step": "sync.now"})

    assert (plan["id"], plan["status"]) == (3, "unsupported")
    assert (unset["id"], unset["status"]) == (4, "error")


@pytest.mark.parametrize("line", ["no JSON", "[]", "null", '"bye"', '{"cmd": "toString"}'])
def test_nonsense_is_answered_and_does_not_end_it(line):
    nonsense, bye = said(line, {"cmd": "bye"})

    assert nonsense["status"] == "error"
    assert bye == {"status": "done"}
