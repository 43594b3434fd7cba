"""How the reference client changes what others change too."""

import json

import httpx
import pytest

from conformance.client import patience
from conformance.client.errors import NeedsPerson
from stub_hub import ONE, StubHub, record


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(patience.time, "sleep", lambda _seconds: None)


def speaking(body):
    return body | {"preferredLanguage": "es"}


def test_an_update_carries_the_tag_that_was_read():
    stub = StubHub(**{f"GET__{ONE}": [record(4)], f"PUT__{ONE}": [record(5)]})

    stub.client().update(ONE, speaking)

    assert stub.seen[-1].headers["If-Match"] == 'W/"4"'


def test_after_412_the_change_is_made_anew_on_what_others_wrote():
    theirs = record(5, telecom=[{"system": "phone", "value": "601-555-0147"}])
    stub = StubHub(
        **{f"GET__{ONE}": [record(4), theirs], f"PUT__{ONE}": [httpx.Response(412), record(6)]}
    )

    stub.client().update(ONE, speaking)

    sent = json.loads(stub.seen[-1].content)
    assert stub.seen[-1].headers["If-Match"] == 'W/"5"'
    assert sent["preferredLanguage"] == "es"
    assert sent["telecom"][0]["value"] == "601-555-0147"


def test_a_conflict_may_be_left_to_a_person():
    stub = StubHub(
        **{
            f"GET__{ONE}": [record(4), record(5, preferredLanguage="fr")],
            f"PUT__{ONE}": [httpx.Response(412)],
        }
    )

    def ask_staff(mine, theirs):
        raise NeedsPerson(f"{mine['preferredLanguage']} or {theirs['preferredLanguage']}?")

    with pytest.raises(NeedsPerson, match=r"es or fr\?"):
        stub.client().update(ONE, speaking, conflict=ask_staff)

    assert len(stub.asked(f"PUT {ONE}")) == 1


def test_an_update_whose_answer_was_lost_is_not_written_twice():
    stub = StubHub(
        **{
            f"GET__{ONE}": [record(4), record(5, preferredLanguage="es")],
            f"PUT__{ONE}": [httpx.ReadError("cut"), httpx.Response(412)],
        }
    )

    stands = stub.client().update(ONE, speaking)

    assert stands["preferredLanguage"] == "es"
    assert len(stub.asked(f"PUT {ONE}")) == 2


def test_a_change_that_changes_nothing_is_not_sent():
    stub = StubHub(**{f"GET__{ONE}": [record(4, preferredLanguage="es")]})

    stub.client().update(ONE, speaking)

    assert not stub.asked(f"PUT {ONE}")
