"""Workers die under clients that repeat themselves: each key makes one resource and one answer."""

import sys

import pytest

import retries
from live import serving

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")

KEYS = [f"key-{number}" for number in range(40)]


def test_each_key_makes_one_resource_and_one_answer_while_workers_die(tmp_path):
    with serving(tmp_path / "hub") as hub:
        answers = retries.storm(hub, KEYS)

        found = retries.names(hub.caller())

    assert answers.kills > 0
    assert set(answers.statuses) <= {201, 503, "cut"}
    assert {key: each.total() for key, each in answers.given.items()} == dict.fromkeys(
        KEYS, retries.THREADS * retries.REPLAYS
    )
    assert answers.faults == []
    assert found == {f"Storm {key}": 1 for key in KEYS}
