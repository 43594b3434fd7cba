"""Agreements and consents that end, and purposes: what another agency sees from then on.

The state is served by two applications, as by two workers: one is asked, the other is told.
"""

import time
from contextlib import closing
from datetime import timedelta

import pytest

from agencies import a_state
from app import create_app
from app.composition import DATABASE
from app.interactions.policies import FRESH
from builders import a_profile, an_example
from tenants import as_client

ANY = {"If-Match": "*"}
SOON = 10.0
"""Within so many seconds an end must be felt; five are promised."""
ROWS = 5


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("agreements")) as made:
        yield made


@pytest.fixture(scope="module")
def far(state):
    """Yield a staff client of another worker over the same database."""
    app = create_app(state.settings)
    with closing(app.extensions[DATABASE]):
        yield as_client(app, "state-staff")


@pytest.fixture(scope="module")
def staff(state):
    return state.client("state-staff")


@pytest.fixture(scope="module")
def mdhs(state):
    return state.client("mdhs", "referral")


@pytest.fixture(scope="module")
def rows(state, staff):
    """Return rows of MDES, each of somebody new, that MDHS sees by its agreement only."""
    found = []
    for _ in range(ROWS):
        person = staff.post("/v1/ParticipantProfile", json=a_profile()).json["id"]
        body = an_example("ParticipantServiceEnrollment") | {
            "participant": {"reference": f"ParticipantProfile/{person}"},
            "service": {"reference": "Service/career-counseling"},
            "employerName": "Canary Freight",
        }
        reply = staff.post("/v1/ParticipantServiceEnrollment", json=body)
        assert reply.status_code == 201, reply.text
        found.append(reply.json)
    state.sequence()
    return found


@pytest.fixture
def agreement(staff):
    """Yield a way to change the agreement by which MDES discloses to MDHS, until it is over."""
    path = "/v1/DataSharingAgreement/dsa-mdes-mdhs"
    kept = staff.get(path).json

    def change(http, **changes):
        reply = http.patch(path, json=changes, headers=ANY)
        assert reply.status_code == 200, reply.text

    yield change
    fresh = {name: value for name, value in kept.items() if name not in ("id", "meta")}
    back = {name: fresh.get(name) for name in ("purposes", "labels", "effectiveTo", "statusReason")}
    change(staff, **back, status="active")


def link(reply, relation="next"):
    found = [each["url"] for each in reply.json["link"] if each["relation"] == relation]
    return found[0].partition("/v1/")[2]


def until(refused):
    """Wait until `refused` holds, and return whether it ever did."""
    deadline = time.monotonic() + SOON
    while not refused():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def is_bare(http, path):
    """Whether an answer is refused, or holds no row of MDES."""
    reply = http.get(f"/v1/{path}")
    return reply.status_code in (403, 404) or "Canary Freight" not in reply.text


def test_the_promise_is_kept_by_what_a_worker_believes():
    assert timedelta(seconds=5) > FRESH


def test_an_agreement_that_ends_stops_every_road_within_seconds(mdhs, far, rows, agreement):
    one = f"ParticipantServiceEnrollment/{rows[0]['id']}"
    first = mdhs.get("/v1/ParticipantServiceEnrollment?_count=2&provider:missing=true")
    feed = mdhs.get("/v1/$changes?_type=ParticipantServiceEnrollment&_count=2")
    roads = {
        "read": one,
        "vread": f"{one}/_history/1",
        "history": f"{one}/_history",
        "search": "ParticipantServiceEnrollment",
        "next page": link(first),
        "feed": "$changes?_type=ParticipantServiceEnrollment",
        "next of the feed": link(feed),
        "profiles": f"ParticipantProfile?_id={rows[0]['participant']['reference'][19:]}"
        "&_revinclude=ParticipantServiceEnrollment:participant",
    }
    assert [name for name, path in roads.items() if is_bare(mdhs, path)] == []

    agreement(far, status="suspended", statusReason="Under review")

    assert until(lambda: is_bare(mdhs, one))
    assert [name for name, path in roads.items() if not is_bare(mdhs, path)] == []


def test_an_agreement_in_force_again_opens_them_again(mdhs, far, staff, rows, agreement):
    one = f"ParticipantServiceEnrollment/{rows[0]['id']}"
    agreement(staff, status="suspended", statusReason="Under review")
    assert is_bare(mdhs, one)

    agreement(far, status="active")

    assert until(lambda: not is_bare(mdhs, one))


@pytest.mark.parametrize("changes", [
    pytest.param({"status": "suspended", "statusReason": "Under review"}, id="suspended"),
    pytest.param({"effectiveTo": "2025-06-30"}, id="over"),
    pytest.param({"purposes": ["eligibility"]}, id="for another purpose"),
    pytest.param({"labels": ["PII-DIRECT"]}, id="not for what is operational"),
])  # fmt: skip
def test_what_ends_here_is_felt_here_at_once(mdhs, staff, rows, agreement, changes):
    agreement(staff, **changes)

    assert is_bare(mdhs, f"ParticipantServiceEnrollment/{rows[0]['id']}")
    assert is_bare(mdhs, "ParticipantServiceEnrollment")


def test_a_label_taken_out_of_an_agreement_hides_its_elements(mdhs, staff, rows, agreement):
    path = f"/v1/ParticipantServiceEnrollment/{rows[0]['id']}"
    assert "participant" in mdhs.get(path).json

    agreement(staff, labels=["OPS"])

    assert "participant" not in mdhs.get(path).json
    assert mdhs.get(path).json["employerName"] == "Canary Freight"


def test_a_reader_that_waits_is_told_nothing_after_the_end(state, mdhs, staff, rows, agreement):
    latest = link(mdhs.get("/v1/$changes?_type=ParticipantServiceEnrollment&cursor=latest"))
    agreement(staff, status="suspended", statusReason="Under review")
    path = f"/v1/ParticipantServiceEnrollment/{rows[0]['id']}"
    change = {"fundingStream": "Changed"}
    assert staff.patch(path, json=change, headers=ANY).status_code == 200
    state.sequence()

    reply = mdhs.get(f"/v1/{latest}&wait=1")

    assert reply.status_code == 200
    assert not reply.json.get("entry")


@pytest.mark.parametrize(("purpose", "is_open"), [
    ("referral", True), ("service-coordination", True), ("eligibility", True),
    ("performance-reporting", True), ("audit-evaluation", False), ("research", False),
    ("administration", False), ("individual-request", False),
])  # fmt: skip
def test_a_purpose_must_be_in_the_agreement(state, rows, purpose, is_open):
    http = state.client("mdhs", purpose)
    path = f"/v1/ParticipantServiceEnrollment/{rows[0]['id']}"

    assert http.get(path).status_code == (200 if is_open else 404)
    assert http.get("/v1/ParticipantProfile").status_code == (200 if is_open else 403)


def test_an_unknown_purpose_is_refused_without_an_echo(state):
    reply = state.client("mdhs", "curiosity").get("/v1/Agency")

    assert reply.status_code == 400
    assert "curiosity" not in reply.text
    assert "individual-request" in reply.text


def test_without_a_purpose_of_its_own_a_client_must_say_one(state):
    state.register("silent", "system/*.rs", "Partner/mdhs-eligibility")

    reply = state.client("silent").get("/v1/ParticipantProfile")

    assert reply.status_code == 403
    assert "Purpose-Of-Use" in reply.text
    assert state.client("silent", "referral").get("/v1/ParticipantProfile").status_code == 200


def test_a_withdrawn_consent_hides_at_once_in_every_worker(state, staff, far):
    """Consents are read with each request, so nothing has to be waited for."""
    person = staff.post("/v1/ParticipantProfile", json=a_profile(householdIncome=4711.25)).json
    consent = an_example("Consent") | {
        "participant": {"reference": f"ParticipantProfile/{person['id']}"},
    }
    path = f"/v1/Consent/{staff.post('/v1/Consent', json=consent).json['id']}"
    mdes = state.client("mdes", "referral")
    page = f"/v1/ParticipantProfile?_id={person['id']}"
    assert "4711.25" in mdes.get(page).text

    change = {"status": "withdrawn", "withdrawnOn": "2025-06-01"}
    assert far.patch(path, json=change, headers=ANY).status_code == 200

    state.sequence()
    for road in (page, f"/v1/ParticipantProfile/{person['id']}",
                 f"/v1/ParticipantProfile/{person['id']}/_history",
                 "/v1/ParticipantProfile/_history?_count=200"):  # fmt: skip
        assert "4711.25" not in mdes.get(road).text, road


def test_a_withdrawal_ends_the_consent_that_the_profile_keeps(state, staff):
    given = {
        "regime": "snap-7cfr272",
        "grantedOn": "2025-01-01",
        "disclosingAgency": {"reference": "Agency/mdhs"},
        "recipients": [{"reference": "Agency/mdes"}],
    }
    body = a_profile(householdIncome=4712.25, consents=[given])
    person = staff.post("/v1/ParticipantProfile", json=body).json
    mdes = state.client("mdes", "referral")
    path = f"/v1/ParticipantProfile/{person['id']}"
    assert "4712.25" in mdes.get(path).text
    consent = an_example("Consent") | {"participant": {"reference": path[4:]}}
    kept = f"/v1/Consent/{staff.post('/v1/Consent', json=consent).json['id']}"

    staff.patch(kept, json={"status": "withdrawn", "withdrawnOn": "2025-06-01"}, headers=ANY)

    assert "4712.25" not in mdes.get(path).text
