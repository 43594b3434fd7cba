"""Consent and the six questions: each requirement has a good story, and bad ones."""

from dataclasses import replace

import pytest

from conformance.evaluators.assessment import reads_answers_of_others, sends_all_six_answers
from conformance.evaluators.consent import asks_consent_and_stops
from conformance.exchange import Evidence
from conformance.scenario.assessment import (
    AFTER_WITHDRAWAL,
    ANSWERS,
    ASSESSMENT,
    BY_ANSWERS,
    KNOWN,
    LATER,
    NOT_ANSWERED,
    QUESTIONS,
    REST,
    WITHDRAW,
)
from conformance.scenario.referrals import REFER
from evidence import a_world, during, get, post, put, seen

ELVIS, ASSESSED, LEAVER = (f"ParticipantProfile/{each}" for each in ("p1", "p2", "p3"))
WORLD = a_world(profiles={"elvis": ELVIS, "assessed": ASSESSED, "leaver": LEAVER})
CANARY = WORLD["canary"]["answer"]
DECLINED = {"url": f"{NOT_ANSWERED}hasFunctionalDifficulty", "valueCode": "asked-declined"}
UNKNOWN = {"url": f"{NOT_ANSWERED}needsFoodAssistance", "valueCode": "asked-unknown"}
OPEN = {name: said for name, said in ANSWERS.items() if said in {"yes", "no"}}


def ref(name):
    return {"reference": name}


def an_assessment(who=ELVIS, **more):
    return {"resourceType": ASSESSMENT, "participant": ref(who), "status": "in-progress", **more}


def first(**changes):
    body = {**an_assessment(extension=[DECLINED, UNKNOWN], **OPEN), **changes}
    return during(QUESTIONS, post(ASSESSMENT, body, answer={**body, "id": "a1"}))


def rest(**changes):
    return during(REST, put(f"{ASSESSMENT}/a1", an_assessment(**LATER) | changes))


def a_referral(who=ELVIS, step=REFER, **changes):
    body = {
        "resourceType": "Referral",
        "participant": ref(who),
        "targetAgency": ref("Agency/mccb"),
        **changes,
    }
    return during(step, post("Referral", body, answer={**body, "id": "r1"}))


def a_consent(who=ELVIS, step=REFER, **changes):
    body = {
        "resourceType": "Consent",
        "participant": ref(who),
        "recipients": [ref("Agency/mccb")],
        "status": "active",
        **changes,
    }
    return during(step, post("Consent", body, answer={**body, "id": "c1"}))


def a_withdrawal():
    body = {"resourceType": "Consent", "participant": ref(LEAVER), "status": "withdrawn"}
    return during(WITHDRAW, put("Consent/c9", body, answer={**body, "id": "c9"}))


def test_six_answers_with_a_reason_for_each_that_is_missing_pass():
    assert sends_all_six_answers(seen(first(), rest()), WORLD).word == "PASS"


def test_an_answer_that_is_left_out_without_a_reason_fails():
    found = sends_all_six_answers(seen(first(extension=[DECLINED]), rest()), WORLD)

    assert (found.word, found.exchanges) == ("FAIL", (1,))
    assert "needsFoodAssistance" in found.observed


def test_a_declined_answer_is_not_the_same_as_one_that_is_not_known():
    mixed = first(extension=[{**DECLINED, "valueCode": "asked-unknown"}, UNKNOWN])

    assert sends_all_six_answers(seen(mixed, rest()), WORLD).word == "FAIL"


def test_a_declined_answer_that_is_sent_as_a_no_fails():
    told = first(extension=[UNKNOWN], hasFunctionalDifficulty="no")

    assert sends_all_six_answers(seen(told, rest()), WORLD).word == "FAIL"


def test_without_the_second_day_the_six_questions_are_not_exercised():
    assert sends_all_six_answers(seen(first()), WORLD).word == "NOT-EXERCISED"


def test_what_another_agency_noted_in_the_referral_shows_that_its_answers_were_read():
    quoted = a_referral(ASSESSED, BY_ANSWERS, note=f"Noted: {CANARY}")

    assert reads_answers_of_others(seen(quoted), WORLD).word == "PASS"


def test_a_referral_that_does_not_quote_the_note_fails():
    silent = a_referral(ASSESSED, BY_ANSWERS, note="Wants the equivalency.")

    assert reads_answers_of_others(seen(silent), WORLD).word == "FAIL"


def test_asking_again_fails_whatever_the_referral_quotes():
    again = during(KNOWN, post(ASSESSMENT, an_assessment(ASSESSED)))
    quoted = a_referral(ASSESSED, BY_ANSWERS, note=CANARY)

    assert reads_answers_of_others(seen(again, quoted), WORLD).word == "FAIL"


def test_a_system_that_refers_nobody_shows_nothing_about_answers():
    assert reads_answers_of_others(seen(), WORLD).word == "NOT-EXERCISED"


def test_where_no_agency_has_asked_the_questions_nobody_can_ask_them_again():
    world = {"canary": WORLD["canary"]}

    assert reads_answers_of_others(seen(), world).word == "NOT-EXERCISED"


def test_consent_before_and_silence_after_pass():
    story = seen(a_withdrawal(), a_consent(), a_referral())

    found = asks_consent_and_stops(story, WORLD)

    assert (found.word, found.exchanges) == ("PASS", (3, 1, 3))


def test_a_consent_may_come_in_the_same_transaction_as_its_referral():
    story = seen(a_withdrawal(), a_referral(), a_consent())
    withdrawal, referral, consent = story
    together = Evidence([withdrawal, referral, replace(consent, number=referral.number)])

    assert asks_consent_and_stops(together, WORLD).word == "PASS"


def test_a_referral_before_its_consent_fails():
    story = seen(a_withdrawal(), a_referral(), a_consent())

    assert asks_consent_and_stops(story, WORLD).word == "FAIL"


def test_a_consent_to_another_agency_is_none():
    other = a_consent(recipients=[ref("Agency/mdhs")])

    assert asks_consent_and_stops(seen(a_withdrawal(), other, a_referral()), WORLD).word == "FAIL"


def test_reading_the_person_after_the_withdrawal_fails():
    read = during(AFTER_WITHDRAWAL, get(LEAVER, status=403))
    story = seen(a_withdrawal(), read, a_consent(), a_referral())

    found = asks_consent_and_stops(story, WORLD)

    assert (found.word, found.exchanges) == ("FAIL", (2,))


def test_looking_the_person_up_by_number_after_the_withdrawal_fails():
    asked = {"parameter": [{"resource": {"ssn": WORLD["people"]["leaver"]["ssn"]}}]}
    looked = during(AFTER_WITHDRAWAL, post("ParticipantProfile/$match", asked, 200))
    story = seen(a_withdrawal(), looked, a_consent(), a_referral())

    assert asks_consent_and_stops(story, WORLD).word == "FAIL"


@pytest.mark.parametrize(
    "form",
    [
        {"participant": [LEAVER]},
        {"last-name": ["{lastName}"], "birth-date": ["{birthDate}"]},
        {"ssn": ["{ssn}"]},
    ],
)
def test_looking_the_person_up_by_a_form_after_the_withdrawal_fails(form):
    person = WORLD["people"]["leaver"]
    told = {name: [each.format(**person).upper() for each in form[name]] for name in form}
    told |= {"participant": form["participant"]} if "participant" in form else {}
    looked = during(AFTER_WITHDRAWAL, post(f"{ASSESSMENT}/_search", told, 403))
    story = seen(a_withdrawal(), looked, a_consent(), a_referral())

    assert asks_consent_and_stops(story, WORLD).word == "FAIL"


def test_somebody_of_the_same_name_may_be_looked_up():
    told = {"last-name": [WORLD["people"]["leaver"]["lastName"]], "birth-date": ["1950-01-01"]}
    looked = during(AFTER_WITHDRAWAL, post("ParticipantProfile/_search", told, 200))
    story = seen(a_withdrawal(), looked, a_consent(), a_referral())

    assert asks_consent_and_stops(story, WORLD).word == "PASS"


def test_a_withdrawal_that_is_answered_without_a_body_is_one():
    silent = [replace(each, answer=None) for each in a_withdrawal()]
    story = seen(silent, a_consent(), a_referral())

    assert asks_consent_and_stops(story, WORLD).word == "PASS"


def test_searching_the_persons_records_after_the_withdrawal_fails():
    row = {"resource": {**an_assessment(LEAVER), "id": "a7"}}
    answer = {"resourceType": "Bundle", "entry": [row]}
    search = during(AFTER_WITHDRAWAL, post(f"{ASSESSMENT}/_search", None, 200, answer))
    story = seen(a_withdrawal(), search, a_consent(), a_referral())

    assert asks_consent_and_stops(story, WORLD).word == "FAIL"


def test_ending_a_second_consent_of_the_person_is_no_access():
    story = seen(a_withdrawal(), a_withdrawal(), a_consent(), a_referral())

    assert asks_consent_and_stops(story, WORLD).word == "PASS"


def test_silence_of_a_system_that_is_not_heard_of_again_shows_nothing():
    story = seen(a_consent(), a_referral(), a_withdrawal())

    assert asks_consent_and_stops(story, WORLD).word == "NOT-EXERCISED"


def test_who_only_receives_needs_no_consent_of_its_own():
    other = during("A2-receive-accept", get("Referral/r7"))
    story = seen(a_withdrawal(), other)

    words = [
        asks_consent_and_stops(story, WORLD | more).word for more in ({}, {"profile": "receives"})
    ]

    assert words == ["NOT-EXERCISED", "PASS"]
