"""Certificates open a level, end by their date or by staff, and strand nobody."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from agencies import STAFF, a_state
from app.composition import now
from app.interactions.certificates.award import award
from app.interactions.certificates.ending import sweep
from app.store.certificates import MongoCertificates
from builders import a_stranger
from certifying import PARTNER, a_certificate, a_hub
from conformance.certificate import Unproven, verified
from referring import a_referral, clients, move, url

NAME = "mdes"


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("certificates")) as found:
        yield found


@pytest.fixture(scope="module")
def http(state):
    return clients(state)


@pytest.fixture(scope="module")
def hub(state):
    return a_hub(state)


@pytest.fixture(scope="module")
def referral(http):
    """Return an open referral, made while its source was certified."""
    return a_referral(http)


@pytest.fixture
def certified(state, referral):  # noqa: ARG001 - made before the level falls
    """Return a way to certify the partner for level 2, so that it ends after some days."""
    staff = state.client(STAFF)

    def register(level, name):
        row = staff.get(f"/v1/{PARTNER}").json
        changed = {**row, "onboardingLevel": level, "name": name}
        assert staff.put(f"/v1/{PARTNER}", json=changed).status_code == 200

    def certify(days):
        register(0, "Before the certificate")
        made = a_certificate(state, 2, days)
        # What a year ago raised the level, and lets this worker see it without its pause.
        register(2, f"After {made['id']}")
        return made

    made = []
    yield lambda days: made.append(certify(days)) or made[-1]
    for each in made:
        staff.post(f"/certificates/{each['id']}/revoke", json={"reason": "The test is over."})


def a_write(state):
    return state.client(NAME).post("/v1/ParticipantProfile", json=a_stranger())


def level(state):
    return state.client(STAFF).get(f"/v1/{PARTNER}").json["onboardingLevel"]


def ask(state, certificate, verb, by=STAFF, **body):
    return state.client(by).post(f"/certificates/{certificate['id']}/{verb}", json=body)


def test_a_certificate_opens_its_level_and_its_revocation_shuts_it_at_once(state, certified):
    certificate = certified(days=300)
    opened = a_write(state)

    revoked = ask(state, certificate, "revoke", reason="The key was stolen.")

    assert opened.status_code == 201
    assert (revoked.status_code, revoked.json["state"]) == (200, "revoked")
    assert revoked.json["revoked"]["reason"] == "The key was stolen."
    assert a_write(state).status_code == 403
    assert level(state) == 0


def test_what_staff_decide_is_in_the_audit_trail(state, certified):
    ask(state, certified(days=300), "revoke", reason="The key was stolen.")
    state.register("auditor", "hub/audit hub/staff")

    page = state.client("auditor").get("/v1/AuditEvent?_count=50").json

    (event,) = [
        each["resource"]
        for each in page["entry"]
        if each["resource"]["subtype"][0]["code"] == "certificate-revoke"
    ][:1]
    assert event["agent"][0]["who"]["identifier"]["value"] == STAFF


def test_a_run_judged_again_does_not_open_what_staff_have_shut(state, hub, certified):
    certificate = certified(days=300)
    ask(state, certificate, "revoke", reason="The key was stolen.")

    award(hub, certificate)

    assert level(state) == 0
    assert a_write(state).status_code == 403


def test_after_its_end_what_is_open_is_finished_and_nothing_new_begins(
    state, http, referral, certified
):
    certificate = certified(days=-10)

    begun = a_write(state)
    read = http["mdes"].get(url(referral))
    finished = move(http["mdes"], read.json, status="cancelled", statusReason="moved")

    assert begun.status_code == 403
    assert read.status_code == 200
    assert finished.status_code == 200, finished.text
    found = state.client(NAME).get(f"/certificates/{certificate['id']}").json
    assert found["state"] == "grace"


def test_when_the_grace_is_over_nothing_is_written_and_the_registration_says_so(
    state, http, hub, referral, certified
):
    certificate = certified(days=-31)

    refused = move(http["mdes"], referral, status="cancelled", statusReason="moved")
    sweep(hub)

    assert refused.status_code == 403
    assert state.client(NAME).get(f"/certificates/{certificate['id']}").json["state"] == "expired"
    assert level(state) == 0


def test_staff_extend_a_certificate_for_a_reason_and_it_is_signed_anew(state, hub, certified):
    certificate = certified(days=-40)
    sweep(hub)
    until = (now() + timedelta(days=20)).date().isoformat()
    keys = state.client(NAME).get("/certificates/keys").json

    extended = ask(state, certificate, "extend", until=until, reason="The vendor is late.")

    assert extended.status_code == 200, extended.text
    assert extended.json["state"] == "ends-soon"
    assert [each["reason"] for each in extended.json["extended"]] == ["The vendor is late."]
    assert verified(extended.json["text"], keys).claims["level"] == 2
    with pytest.raises(Unproven):
        verified(certificate["text"], keys)
    assert level(state) == 2
    assert a_write(state).status_code == 201


def test_an_extension_in_the_midst_of_a_sweep_is_not_lost(state, hub, certified):
    certificate = certified(days=-40)
    until = (now() + timedelta(days=20)).date().isoformat()

    class Overtaken(MongoCertificates):
        """Certificates that staff extend once the sweep has read that they are over."""

        reads = 0

        def proved(self):
            found = super().proved()
            self.reads += 1
            if self.reads == 2:
                answer = ask(state, certificate, "extend", until=until, reason="In time.")
                assert answer.status_code == 200, answer.text
            return found

    sweep(replace(hub, certificates=Overtaken(state.database)))

    found = state.client(NAME).get(f"/certificates/{certificate['id']}").json
    assert (found["state"], [each["reason"] for each in found["extended"]]) == (
        "ends-soon",
        ["In time."],
    )
    assert level(state) == 2


def test_each_notice_is_given_once(hub, certified, caplog):
    certificate = certified(days=25)
    caplog.set_level(logging.WARNING, "hub.certificates")

    sweep(hub)
    sweep(hub)

    told = [each.getMessage() for each in caplog.records if certificate["id"] in each.getMessage()]
    assert told == [f"Certificate {certificate['id']} of {PARTNER} ends in 25 days."]


@pytest.mark.parametrize("verb", ["revoke", "extend"])
def test_only_staff_end_or_prolong_a_certificate(state, certified, verb):
    certificate = certified(days=300)

    refused = ask(state, certificate, verb, by=NAME, reason="I would like to.", until="2099-01-01")

    assert refused.status_code == 403
    assert a_write(state).status_code == 201


@pytest.mark.parametrize(
    ("verb", "body", "where"),
    [
        pytest.param("revoke", {}, "reason", id="no reason"),
        pytest.param("revoke", {"reason": "  "}, "reason", id="an empty reason"),
        pytest.param("extend", {"until": "soon", "reason": "Late."}, "until", id="no day"),
        pytest.param("extend", {"until": "2001-01-01", "reason": "Late."}, "until", id="the past"),
        pytest.param("extend", {"until": "2999-01-01", "reason": "Late."}, "until", id="for ever"),
    ],
)
def test_a_decision_without_its_reason_or_day_is_refused(state, certified, verb, body, where):
    refused = ask(state, certified(days=300), verb, **body)

    assert refused.status_code == 400
    assert refused.json["issue"][0]["expression"] == [where]


def test_a_certificate_is_revoked_once_and_its_first_reason_stands(state, certified):
    certificate = certified(days=300)
    ask(state, certificate, "revoke", reason="The key was stolen.")

    again = ask(state, certificate, "revoke", reason="Another reason.")

    assert again.status_code == 422
    listed = state.client(NAME).get(f"/certificates/{certificate['id']}").json
    assert listed["revoked"]["reason"] == "The key was stolen."


def test_what_was_revoked_is_not_extended(state, certified):
    certificate = certified(days=300)
    ask(state, certificate, "revoke", reason="The key was stolen.")
    until = (now() + timedelta(days=20)).date().isoformat()

    assert ask(state, certificate, "extend", until=until, reason="Please.").status_code == 422


def test_a_refused_write_names_what_the_newest_run_left_open(state, certified):
    certified(days=-40)
    partner = state.client(NAME)

    def judged(level):
        product = {"name": "Other", "version": "1"}
        asked = {"level": level, "profile": "both", "mode": "practice", "product": product}
        run = partner.post("/conformance-runs", json=asked).json
        partner.post(f"/conformance-runs/{run['id']}/evaluate")
        return run["id"]

    untried = a_write(state)
    higher = judged(2)
    lower = judged(1)

    assert "No run of level 1 was judged yet." in untried.text
    assert f"Run {lower} left open L1-01, L1-02" in a_write(state).text
    assert "wioa-conformance run L1 --certify" in untried.text
    refused = partner.post("/v1/ParticipantServiceEnrollment", json={})
    assert f"Run {higher} left open L1-01" in refused.text
