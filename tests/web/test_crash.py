"""What was acknowledged survives SIGKILL; what was not is whole or absent; no answer is a 500."""

import sys

import pytest

import crash
from live import serving

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")

EXPECTED = {200, 201, 412, 503, "cut"}
"""412 when a write that was cut off landed after all, just before the next one."""


def test_nothing_acknowledged_is_lost_and_nothing_is_torn(tmp_path):
    with serving(tmp_path / "hub") as hub:
        ledger = crash.rounds(hub, [crash.worker, crash.database, crash.everything])

        verdict = crash.judge(hub.caller(), ledger)

    assert verdict.faults == []
    assert verdict.present >= verdict.acknowledged > 3 * crash.RECOVERED
    assert set(ledger.answers) <= EXPECTED
