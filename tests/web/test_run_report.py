"""What a run tells of itself: nothing that helps while it goes on in earnest, all at its end."""

import pytest

from agencies import a_state

ASKED = {
    "level": 1,
    "profile": "receives",
    "mode": "certify",
    "product": {"name": "Other", "version": "1.0"},
}


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("told")) as found:
        yield found


@pytest.fixture(scope="module")
def partner(state):
    return state.client("mdes")


@pytest.fixture(scope="module")
def address(partner):
    made = partner.post("/conformance-runs", json=ASKED)
    assert made.status_code == 201, made.text
    return f"/conformance-runs/{made.json['id']}"


@pytest.fixture(scope="module")
def before(partner, address):
    """Return what a run in earnest tells in its midst: its report, and what was seen."""
    partner.post(f"{address}/next")
    return partner.get(f"{address}/report"), partner.get(f"{address}/exchanges")


@pytest.fixture(scope="module")
def report(partner, address, before):  # noqa: ARG001 - what it tells in its midst comes first
    return partner.post(f"{address}/evaluate").json


def test_in_earnest_neither_seed_nor_verdicts_nor_ghosts_are_told_before_the_end(before, report):
    early, seen = before

    assert early.status_code == 422
    assert seen.json == {"exchanges": []}
    assert report["seed"]


def test_what_a_profile_leaves_out_is_listed_as_not_applicable(report):
    words = {each["id"]: each["verdict"] for each in report["verdicts"]}

    assert len(words) == 33
    assert {words[each] for each in ("L1-19", "L1-20", "L1-21", "L1-24")} == {"N/A"}
    assert words["L1-23"] == "NOT-EXERCISED"


def test_a_client_that_did_not_begin_a_run_reads_it_and_does_not_lead_it(state, partner):
    made = partner.post("/conformance-runs", json={**ASKED, "mode": "practice"}).json
    state.register("reader", "system/Agency.rs", "Partner/mdes-mississippi-works")
    other, address = state.client("reader"), f"/conformance-runs/{made['id']}"

    refused = [
        other.post(f"{address}/{path}", json={"status": "done"})
        for path in ("next", "steps/A1/done", "abort", "evaluate")
    ]

    assert [each.status_code for each in refused] == [403] * 4
    assert other.get(address).status_code == 200
    assert partner.post(f"{address}/abort").status_code == 200
