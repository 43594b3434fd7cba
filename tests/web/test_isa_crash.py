"""An assessment whose referral cannot be written leaves neither: kill -9 between the two.

The worker dies in the middle of its own transaction: when it has written the assessment and is
about to write the referral.
"""

import sys
from http.client import HTTPException

import pytest

from builders import a_profile, an_example
from live import Live, eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")

KIND = "ParticipantServiceAssessment"
DEATH = """
import os
import signal
from pathlib import Path
from pymongo import monitoring

ARMED = Path({armed!r})
TOLD = Path({told!r})


class Death(monitoring.CommandListener):
    written = []

    def started(self, event):
        if event.command_name != "insert" or not ARMED.exists():
            return
        self.written.append(event.command["insert"])
        if self.written[-1] == {last!r}:
            TOLD.write_text(" ".join(self.written))
            ARMED.unlink()
            os.kill(os.getpid(), signal.SIGKILL)

    def succeeded(self, event):
        pass

    def failed(self, event):
        pass


monitoring.register(Death())
"""
"""What each process of the hub runs first; it dies at that insert, once, while it is armed."""


class Doomed(Live):
    """A hub whose worker dies when it is about to write a current Referral, once it is armed."""

    def __init__(self, folder):
        super().__init__(folder, seed="lookups")
        self.armed, self.told = folder.with_suffix(".armed"), folder.with_suffix(".told")
        self.site = folder.with_suffix(".site")
        self.site.mkdir()
        words = {"armed": str(self.armed), "told": str(self.told), "last": "current.Referral"}
        (self.site / "sitecustomize.py").write_text(DEATH.format(**words))

    def environment(self):
        return {**super().environment(), "PYTHONPATH": str(self.site)}


@pytest.fixture
def hub(tmp_path):
    made = Doomed(tmp_path / "hub")
    made.start()
    yield made
    for each in made.callers:
        each.close()
    made.kill()


def an_assessment(call):
    """Return a finished assessment of somebody new, which asks for two referrals."""
    person = call("POST", "/ParticipantProfile", a_profile()).json["id"]
    return an_example(KIND, "completed-without-proposals") | {
        "participant": {"reference": f"ParticipantProfile/{person}"},
        "hasHighSchoolCredential": "no",
        "needsFoodAssistance": "yes",
    }


def totals(call, query=""):
    """Return how many assessments and referrals there are."""
    kinds = (KIND, "Referral")
    return [call("GET", f"/{each}?_summary=count{query}").json["total"] for each in kinds]


def test_an_assessment_whose_referral_cannot_be_written_leaves_neither(hub):
    call = hub.caller()
    assert call("POST", f"/{KIND}", an_assessment(call)).status == 201
    body = an_assessment(call)
    hub.armed.touch()

    with pytest.raises((OSError, HTTPException)):
        call("POST", f"/{KIND}", body)

    assert f"current.{KIND}" in hub.told.read_text().split()
    assert eventually(hub.is_ready), hub.log()
    assert totals(call, f"&participant={body['participant']['reference']}") == [0, 0]
    assert totals(call) == [1, 2]
    written = call("GET", "/_history?_count=200").json["entry"]
    assert body["participant"]["reference"] not in {whose(each) for each in written}
    assert call("POST", f"/{KIND}", an_assessment(call)).status == 201
    assert totals(call) == [2, 4]


def whose(entry):
    return entry["resource"].get("participant", {}).get("reference")
