"""The feed loses, repeats and reorders nothing when sequencers die or freeze under load."""

import sys

import pytest

import feed_crash
from feed_judge import judge
from live import serving

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")


def test_readers_see_every_version_once_and_in_the_same_order(tmp_path):
    with serving(tmp_path / "hub") as hub:
        seen, acknowledged, faults = feed_crash.rounds(
            hub, 7, writers=(1, 4), restarts=1, workers=1
        )

        broken = judge(hub, seen)

    assert broken == []
    assert len(seen[0].rows) >= acknowledged > 20
    assert faults > 2
