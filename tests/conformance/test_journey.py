"""The reference client goes the whole journey, and the hub believes only what it saw."""

import json

import pytest

from agencies import a_state
from playing import Run, words


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("journey")) as found:
        yield found


def test_the_reference_client_reaches_level_four(state):
    run = Run(state, level=4)

    report = run.play()

    open_musts = {
        each["id"]: (each["verdict"], each["expected"], each["observed"])
        for each in report["verdicts"]
        if each["keyword"] == "MUST" and each["verdict"] not in ("PASS", "N/A")
    }
    assert open_musts == {}, json.dumps([open_musts, run.outcomes], indent=1)
    assert report["reached"] is True
    assert words(report)["L1-29"] == "N/A"
