"""Credentials agree with their lookup row, the calendar, their enrollment."""

import pytest

from rule_facts import RuleFacts
from rule_rows import a_credential, an_enrollment, at, faults, warned, write


def test_the_type_is_that_of_the_credential_referred_to():
    assert faults(a_credential(credentialType="5"), RuleFacts()) == [
        ("/credentialType", "credential-type")
    ]
    assert faults(a_credential(), RuleFacts()) == []


@pytest.mark.parametrize(("day", "is_refused"), [("2026-03-02", False), ("2026-03-03", True)])
def test_a_credential_is_never_attained_in_the_future(day, is_refused):
    found = faults(a_credential(attainedOn=day), RuleFacts())

    assert found == ([("/attainedOn", "in-future")] if is_refused else [])


@pytest.mark.parametrize(("day", "is_refused"), [("2026-02-02", True), ("2026-02-03", False)])
def test_a_credential_expires_after_it_was_attained(day, is_refused):
    found = faults(a_credential(expiresOn=day), RuleFacts())

    assert found == ([("/expiresOn", "date-order")] if is_refused else [])


def test_a_credential_is_valid_to_the_end_of_its_last_day():
    expired = a_credential(attainedOn="2024-02-02", status="expired")

    assert faults(expired | {"expiresOn": "2026-03-01"}, RuleFacts()) == []
    assert faults(expired | {"expiresOn": "2026-03-02"}, RuleFacts()) == [
        ("/expiresOn", "not-expired")
    ]


def test_a_renewed_credential_expires_on_a_later_day():
    old = a_credential(attainedOn="2023-02-02", expiresOn="2025-02-01", status="expired")
    renewed = old | {"status": "earned"}

    assert faults(renewed, RuleFacts(), old) == [("/expiresOn", "not-renewed")]
    assert faults(renewed | {"expiresOn": "2027-02-01"}, RuleFacts(), old) == []


def test_a_credential_that_is_renewed_should_say_when_it_expires():
    body = a_credential()
    del body["expiresOn"]
    for_life = body | {"credential": at("Credential/cdl-a"), "credentialType": "4"}

    assert warned(body, RuleFacts()) == ["renewal"]
    assert warned(for_life, RuleFacts()) == []


def test_a_credential_is_earned_through_an_enrollment_of_the_same_person():
    named = a_credential(enrollment=at("ParticipantServiceEnrollment/e1"))
    foreign = an_enrollment(participant=at("ParticipantProfile/p2"))

    assert faults(named, RuleFacts(an_enrollment())) == []
    assert faults(named, RuleFacts(foreign)) == [("/enrollment/reference", "other-participant")]


def test_a_secondary_credential_is_no_date_of_a_transcript():
    facts = RuleFacts(an_enrollment("class", "abe-instruction", "title2-aefla"))

    write(a_credential(credential=at("Credential/hse-diploma"), credentialType="1"), facts)

    assert "educationProgress" not in facts.row("ParticipantServiceEnrollment/class")
