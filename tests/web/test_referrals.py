"""Referrals over HTTP: who moves them, what proves their end, and one open at a time."""

from threading import Barrier, Thread

import pytest

from agencies import a_state
from bundles import patch, post, send
from referrals import a_referral as a_body
from referrals import proved, ref
from referring import (
    ANY,
    BY_HUMAN_SERVICES,
    REHABILITATION,
    a_person,
    a_referral,
    an_enrollment,
    clients,
    issues,
    move,
    url,
)


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("referrals")) as made:
        yield made


@pytest.fixture(scope="module")
def http(state):
    return clients(state)


def test_a_referral_goes_its_way_between_two_agencies(http):
    body = a_referral(http)
    way = ("received", "accepted", "in-progress")

    replies = [move(http["mccb"], body, status=status) for status in way]
    enrollment = an_enrollment(http, body)
    proof = ref(f"ParticipantServiceEnrollment/{enrollment['id']}")
    reply = move(http["mccb"], body, status="closed", outcome="served", resultEnrollment=proof)

    assert [each.status_code for each in (*replies, reply)] == [200] * 4, reply.text
    seen = http["mdes"].get(url(body)).json
    assert [each["to"] for each in seen["statusHistory"]] == ["requested", *way, "closed"]
    assert seen["closedOn"] == seen["movedOn"] == seen["statusHistory"][-1]["at"]
    assert seen["dueDates"]["acknowledgeBy"] == "2026-02-03"


def test_what_the_hub_keeps_is_not_for_a_client_to_say(http):
    body = a_referral(http, dueDates={}, statusHistory=[], overdue=["close"])

    echoed = http["mdes"].put(url(body), json=body | {"overdue": ["review"], "dueDates": {}})

    assert (echoed.status_code, echoed.json) == (200, body)
    assert "overdue" not in body
    assert len(body["statusHistory"]) == 1


def test_a_move_of_the_other_side_is_refused_with_those_of_ones_own(http):
    body = a_referral(http)

    reply = move(http["mdes"], body, status="accepted")

    assert reply.status_code == 422
    assert issues(reply) == [("Referral.status", "wrong-actor")]
    extension = reply.json["issue"][0]["extension"]
    allowed = {each["valueString"] for each in extension if each["url"].endswith("/allowed")}
    assert allowed == {"cancelled", "entered-in-error"}


@pytest.mark.parametrize(("way", "there", "legal"), [
    ([], "closed", {"received", "accepted", "rejected", "cancelled", "entered-in-error"}),
    (["accepted"], "rejected", {"in-progress", "on-hold", "closed", "cancelled"}),
    (["accepted", "closed"], "in-progress", set()),
])  # fmt: skip
def test_an_illegal_move_is_refused_with_the_legal_ones_whatever_else_it_lacks(
    http, way, there, legal
):
    body = a_referral(http)
    for status in way:
        assert move(http["mccb"], body, **proved(status)).status_code == 200

    reply = move(http["mccb"], body, status=there)

    first = reply.json["issue"][0]
    assert reply.status_code == 422
    assert first["details"]["coding"][0]["code"] == "illegal-transition"
    told = {each["valueString"] for each in first["extension"] if each["url"].endswith("/allowed")}
    assert told == legal


def test_the_source_neither_proves_nor_closes(http):
    body = a_referral(http)
    move(http["mccb"], body, status="accepted")

    reply = move(http["mdes"], body, appointments=[
        {"start": "2026-02-10T15:00:00Z", "status": "missed"}
    ], status="closed", outcome="no-show")  # fmt: skip

    assert reply.status_code == 422
    assert {where for where, _ in issues(reply)} == {
        "Referral.status", "Referral.appointments", "Referral.outcome"
    }  # fmt: skip


def test_served_without_an_enrollment_of_the_target_is_refused(http):
    body, other = a_referral(http), a_referral(http)
    move(http["mccb"], body, status="accepted")
    foreign = an_enrollment(http, other)["id"]
    proof = ref(f"ParticipantServiceEnrollment/{foreign}")

    reply = move(http["mccb"], body, status="closed", outcome="served", resultEnrollment=proof)
    missing = move(http["mccb"], body, status="closed", outcome="served")

    assert reply.status_code == 422
    assert issues(reply) == [("Referral.resultEnrollment", "not-served")]
    assert foreign not in reply.text
    assert missing.status_code == 422
    assert http["mccb"].get(url(body)).json["status"] == "accepted"


def test_a_second_open_referral_to_a_program_is_refused_until_the_first_ends(http):
    body = a_referral(http)
    again = a_body(participant=body["participant"], **BY_HUMAN_SERVICES)

    refused = http["mdhs"].post("/v1/Referral", json=again)
    move(http["mdes"], body, status="cancelled", statusReason="participant-withdrew")
    reply = http["mdhs"].post("/v1/Referral", json=again)

    assert (refused.status_code, reply.status_code) == (409, 201)
    assert issues(refused) == [("Referral.targetPrograms[0]", "open-referral")]


def test_two_referrals_in_one_transaction_are_one_too_many(http):
    body = a_body(participant=a_person(http))

    reply = send(http["mdes"], post(body), post(body))

    assert reply.status_code == 409


def test_a_referral_is_called_off_for_a_better_one_in_one_transaction(http):
    body = a_referral(http)
    off = patch(url(body)[4:], {"status": "cancelled", "statusReason": "source-error"})

    reply = send(http["mdes"], off, post(a_body(participant=body["participant"])))

    assert reply.status_code == 200, reply.text
    assert http["mccb"].get(url(body)).json["status"] == "cancelled"


def test_of_many_referrals_at_once_one_comes_through(state, http):
    person, count = a_person(http), 6
    barrier, replies = Barrier(count), []
    everyone = [state.client(name, "referral") for name in ("mdes", "mdhs") * (count // 2)]

    def refer(number):
        source = BY_HUMAN_SERVICES if number % 2 else {}
        barrier.wait()
        sent = everyone[number].post("/v1/Referral", json=a_body(participant=person, **source))
        replies.append(sent.status_code)

    threads = [Thread(target=refer, args=(number,)) for number in range(count)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(replies) == [201] + [409] * (count - 1)
    found = http["staff"].get(f"/v1/Referral?participant={person['reference']}&_summary=count")
    assert found.json["total"] == 1


def test_nobody_learns_from_a_refusal_that_rehabilitation_knows_somebody(http):
    body = a_referral(http, **REHABILITATION)
    again = a_body(participant=body["participant"], **REHABILITATION)

    own = http["mdes"].post("/v1/Referral", json=again)
    other = http["mdhs"].post("/v1/Referral", json=again | BY_HUMAN_SERVICES)

    assert (own.status_code, other.status_code) == (409, 201)


def test_a_new_referral_follows_a_rejected_one(http):
    body = a_referral(http)
    rejected = move(http["mccb"], body, status="rejected", statusReason="wrong-agency").json
    human = {"targetAgency": ref("Agency/mdhs"), "targetPrograms": [ref("Program/snap")]}

    a_referral(
        http,
        participant=body["participant"],
        priorReferral=ref(f"Referral/{body['id']}"),
        **human,
    )

    assert rejected["followUp"] == "awaited"
    assert http["mdes"].get(url(body)).json["followUp"] == "made"


def test_a_system_that_syncs_later_tells_when_it_happened(http):
    body = a_referral(http)

    late = move(http["mccb"], body, status="accepted", movedOn="2026-02-03T10:00:00-06:00")
    never = move(http["mccb"], body, status="in-progress", movedOn="2999-01-01T00:00:00Z")

    assert late.json["statusHistory"][-1]["at"] == "2026-02-03T10:00:00-06:00"
    assert never.status_code == 422
    assert issues(never) == [("Referral.movedOn", "wrong-moment")]


def test_what_a_referral_was_made_of_stays(http):
    body = a_referral(http)

    reply = http["mdes"].put(
        url(body), json=body | {"authoredOn": "2026-02-01T00:00:00Z"}, headers=ANY
    )

    assert reply.status_code == 422
    assert issues(reply) == [("Referral.authoredOn", "immutable")]
