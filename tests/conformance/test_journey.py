"""The reference client goes the whole journey, and the hub believes only what it saw."""

import json

import pytest

from agencies import STAFF, a_state
from builders import a_stranger
from conformance.certificate import Unproven, verified
from playing import Run, words

PARTNER = "/v1/Partner/mdes-mississippi-works"


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("journey")) as found:
        yield found


@pytest.fixture(scope="module")
def before(state):
    """Return the answer to a write by a partner that proved nothing yet."""
    staff = state.client(STAFF)
    row = staff.get(PARTNER)
    lowered = {**row.json, "onboardingLevel": 0}
    assert staff.put(PARTNER, json=lowered).status_code == 200
    return state.client("mdes").post("/v1/ParticipantProfile", json=a_stranger())


@pytest.fixture(scope="module")
def run(state, before):
    assert before.status_code == 403
    return Run(state, level=4, mode="certify")


@pytest.fixture(scope="module")
def report(run):
    return run.play()


def test_the_reference_client_reaches_level_four(run, report):
    open_musts = {
        each["id"]: (each["verdict"], each["expected"], each["observed"])
        for each in report["verdicts"]
        if each["keyword"] == "MUST" and each["verdict"] not in ("PASS", "N/A")
    }
    assert open_musts == {}, json.dumps([open_musts, run.outcomes], indent=1)
    assert report["reached"] is True
    assert words(report)["L1-29"] == "N/A"


def test_nobody_of_the_seed_is_named_in_the_report(run, report):
    text = json.dumps(report)

    people = run.people()
    assert not [each for each in people if each["ssn"] in text]
    assert not [each for each in people if each["lastName"] in text]


def test_a_certificate_is_checked_offline_and_a_tampered_one_is_none(state, report):
    keys = state.client("mdes").get("/certificates/keys").json
    text = report["certificate"]
    head, body, signature = text.split(".")
    at = len(body) // 2
    tampered = ".".join(
        (head, body[:at] + ("A" if body[at] != "A" else "B") + body[at + 1 :], signature)
    )

    claims = verified(text, keys).claims

    assert (claims["level"], claims["sub"]) == (4, "Partner/mdes-mississippi-works")
    assert claims["evidence_root"] == report["evidenceRoot"]
    assert claims["schemas"]["Referral"] == ["1.0.0"]
    assert len(claims["agents"]) == 1
    with pytest.raises(Unproven):
        verified(tampered, keys)


def test_a_certificate_opens_the_level_with_no_restart(state, before, report):
    after = state.client("mdes").post("/v1/ParticipantProfile", json=a_stranger())

    assert before.status_code == 403
    assert "wioa-conformance run L1" in before.text
    assert report["certificate"]
    assert after.status_code == 201


def test_a_certificate_is_on_the_public_list(state, report):
    listed = state.client("mdes").get("/certificates").json["certificates"]

    assert [each["text"] for each in listed] == [report["certificate"]]
