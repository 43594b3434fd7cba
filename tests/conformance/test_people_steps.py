"""How the reference product registers people, and what it leaves to staff."""

import json

import httpx
import pytest

from conformance.client import patience
from conformance.client.product import CaseTrack
from conformance.client.steps import people
from evidence import a_profile, match
from stub_hub import ONE, StubHub, record

MATCH = "POST ParticipantProfile/$match"
CREATE = "POST ParticipantProfile"
PERSON = {"key": "elvis", "firstName": "Aldric", "lastName": "Applewhite", "phone": "601-555-0100"}


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(patience.time, "sleep", lambda _seconds: None)


def found(*ids, grade="certain", **more):
    answer = match(*ids, grade=grade).answer
    for each in answer["entry"]:
        each["resource"] |= more.get(each["resource"]["id"], {})
    return httpx.Response(200, json=answer)


def a_product(answers):
    stub = StubHub()
    stub.answers |= answers
    return CaseTrack(stub.client()), stub


def bodies(stub, name):
    kind = name.split(" ")[0]
    return [json.loads(e.content) for e in stub.asked(name) if e.method == kind]


def test_whom_nobody_knows_is_created_once_with_the_products_own_number():
    answers = {
        MATCH: [found()],
        CREATE: [httpx.Response(503), httpx.Response(201, json=a_profile("p1", 1))],
        f"GET {ONE}": [record(1, partnerIdentifiers=[people._number("elvis")])],  # noqa: SLF001
    }
    product, stub = a_product(answers)

    outcome = product.do("participant.register", {"person": PERSON})

    tries = [each for each in stub.seen if str(each.url).endswith("/ParticipantProfile")]
    assert outcome.status == "done"
    assert product.memory == {"elvis": ONE}
    assert len({each.headers["Idempotency-Key"] for each in tries}) == 1
    sent = json.loads(tries[-1].content)
    assert sent["partnerIdentifiers"][0]["value"] == "CT-elvis"
    assert sent["telecom"][0]["value"] == "601-555-0100"
    assert "key" not in sent


def test_the_certain_match_is_used_and_given_the_products_number():
    answers = {MATCH: [found("p1")], f"GET {ONE}": [record(3)], f"PUT {ONE}": [record(4)]}
    product, stub = a_product(answers)

    product.do("participant.register", {"person": PERSON})

    (sent,) = bodies(stub, f"PUT {ONE}")
    assert product.memory == {"elvis": ONE}
    assert sent["partnerIdentifiers"][0]["value"] == "CT-elvis"


def test_staff_choose_among_several_by_what_only_one_has():
    number = {"telecom": [{"system": "phone", "value": "662-555-0123"}]}
    two = [found("p2", "p1", grade="probable", p1=number)] * 2
    answers = {MATCH: two, f"GET {ONE}": [record(3)], f"PUT {ONE}": [record(4)]}
    product, stub = a_product(answers)

    asked = product.do("participant.register", {"person": PERSON})

    assert "person" in asked.detail
    assert not stub.asked(f"PUT {ONE}")
    choice = {"question": "identity", "choose": {"phone": "662-555-0123"}}
    assert (
        product.do("participant.resolve", {"person": {"key": "elvis"}, **choice}).status == "done"
    )
    assert product.memory == {"elvis": ONE}


def test_what_staff_learn_as_they_choose_is_entered():
    two = [found("p2", "p1", grade="probable", p1={"telecom": [{"value": "662-555-0123"}]})] * 2
    answers = {MATCH: two, f"GET {ONE}": [record(3)] * 2, f"PUT {ONE}": [record(4), record(5)]}
    product, stub = a_product(answers)
    values = {"address": [{"city": "Clarksdale"}]}
    choice = {"question": "identity", "choose": {"phone": "662-555-0123"}, "values": values}

    product.do("participant.register", {"person": PERSON})
    product.do("participant.resolve", {"person": {"key": "elvis"}, **choice})

    assert bodies(stub, f"PUT {ONE}")[-1]["address"] == values["address"]


def test_what_the_hub_refuses_waits_for_a_correction_and_gets_a_new_key():
    own = [people._number("elvis")]  # noqa: SLF001
    answers = {
        MATCH: [found()],
        CREATE: [httpx.Response(422), httpx.Response(201, json=a_profile("p1", 1))],
        f"GET {ONE}": [record(1, partnerIdentifiers=own)],
    }
    product, stub = a_product(answers)

    product.do("participant.register", {"person": PERSON})
    right = {"question": "refused", "values": {"lastName": "Applewhyte"}}
    product.do("participant.resolve", {"person": {"key": "elvis"}, **right})

    tries = [each for each in stub.seen if str(each.url).endswith("/ParticipantProfile")]
    assert [json.loads(each.content)["lastName"] for each in tries] == ["Applewhite", "Applewhyte"]
    assert len({each.headers["Idempotency-Key"] for each in tries}) == 2


def test_a_change_goes_to_the_record_that_continues_a_merged_one():
    merged = record(2, status="merged", mergedInto={"reference": "ParticipantProfile/p2"})
    answers = {
        f"GET {ONE}": [merged],
        "GET ParticipantProfile/p2": [record(7)],
        "PUT ParticipantProfile/p2": [record(8)],
    }
    product, stub = a_product(answers)
    product.memory["elvis"] = ONE

    product.do("participant.update", {"person": {"key": "elvis"}, "values": {"sex": "9"}})

    assert product.memory["elvis"] == "ParticipantProfile/p2"
    assert not stub.asked(f"PUT {ONE}")
    assert bodies(stub, "PUT ParticipantProfile/p2")[0]["sex"] == "9"


def test_a_decision_about_nobody_is_said_and_not_guessed():
    product, _ = a_product({})

    outcome = product.do("participant.resolve", {"person": {"key": "x"}, "question": "identity"})

    assert "Nothing of this person waits" in outcome.detail
