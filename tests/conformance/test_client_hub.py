"""How the reference client talks: each habit against a hub made of a few lines."""

from urllib.parse import parse_qs

import httpx
import pytest

from conformance.client import patience
from conformance.client.errors import Refused, Unanswered
from evidence import a_profile
from stub_hub import BASE, ONE, StubHub, busy, page, record


@pytest.fixture(autouse=True)
def pauses(monkeypatch):
    """Keep the pauses instead of making them."""
    made = []
    monkeypatch.setattr(patience.time, "sleep", made.append)
    return made


def test_metadata_is_read_first_and_tells_where_tokens_are():
    stub = StubHub(**{f"GET__{ONE}": [record()]})

    stub.client().get(ONE)

    assert [str(each.url).removeprefix(BASE) for each in stub.seen] == [
        "/metadata",
        "/elsewhere/token",
        f"/{ONE}",
    ]


def test_a_type_that_the_hub_does_not_name_is_not_asked_for():
    stub = StubHub()

    with pytest.raises(LookupError):
        stub.client().get("Enrollment/e1")

    assert not stub.asked("GET Enrollment")


def test_every_request_names_product_and_schema_version():
    stub = StubHub(POST__Referral=[httpx.Response(201, json={"id": "r1"})])

    stub.client().create("Referral", {"status": "requested"}, "key-1")

    sent = stub.seen[-1]
    assert all(each.headers["User-Agent"].startswith("CaseTrack/7.3") for each in stub.seen)
    assert 'profile="https://hub.wioa.example/schemas/Referral|1.0.0"' in sent.headers["Accept"]
    assert sent.headers["Content-Type"] == sent.headers["Accept"]


def test_an_expired_token_is_renewed_and_the_request_sent_once_more():
    stub = StubHub(**{f"GET__{ONE}": [httpx.Response(401), record()]})

    stub.client().get(ONE)

    bearers = [each.headers["Authorization"] for each in stub.asked(f"GET {ONE}")]
    assert bearers == ["Bearer t1", "Bearer t2"]


def test_a_second_401_is_told_and_not_tried_again():
    stub = StubHub(**{f"GET__{ONE}": [httpx.Response(401)]})

    with pytest.raises(Refused) as refusal:
        stub.client().get(ONE)

    assert refusal.value.status == 401
    assert len(stub.asked(f"GET {ONE}")) == 2


def test_a_token_is_renewed_before_it_ends():
    short = httpx.Response(200, json={"access_token": "t", "expires_in": patience.TRIES})
    stub = StubHub(**{"POST__elsewhere/token": [short], f"GET__{ONE}": [record()]})
    hub = stub.client()

    hub.get(ONE)
    hub.get(ONE)

    assert len(stub.asked("POST elsewhere/token")) == 2


def test_a_busy_hub_is_given_the_time_it_asks_for(pauses):
    stub = StubHub(**{f"GET__{ONE}": [busy(503, "2"), busy(429, "7"), record()]})

    stub.client().get(ONE)

    assert [int(each) for each in pauses] == [2, 7]


def test_after_eight_tries_the_client_gives_up(pauses):
    stub = StubHub(**{f"GET__{ONE}": [busy()]})

    with pytest.raises(Unanswered):
        stub.client().get(ONE)

    assert len(stub.asked(f"GET {ONE}")) == patience.TRIES
    assert len(pauses) == patience.TRIES - 1


@pytest.mark.parametrize("lost", [httpx.ReadTimeout("late"), httpx.ReadError("cut"), busy()])
def test_a_lost_answer_is_asked_for_again_under_the_same_key(lost):
    stub = StubHub(POST__Referral=[lost, httpx.Response(201, json={"id": "r1"})])

    made = stub.client().create("Referral", {"status": "requested"}, "key-1")

    assert made["id"] == "r1"
    assert [each.headers["Idempotency-Key"] for each in stub.asked("POST Referral")] == [
        "key-1"
    ] * 2


def test_criteria_travel_in_the_body():
    stub = StubHub(**{"POST__ParticipantProfile/_search": [page(["p1"])]})

    stub.client().search("ParticipantProfile", **{"birth-date": "1984-02-29"})

    sent = stub.seen[-1]
    assert not sent.url.query
    assert parse_qs(sent.content.decode()) == {"birth-date": ["1984-02-29"]}


def test_pages_are_followed_to_the_end_by_their_links():
    stub = StubHub(
        **{
            "POST__ParticipantProfile/_search": [page(["p1"], "ParticipantProfile?_cursor=A%2Fb")],
            "GET__ParticipantProfile": [page(["p2"], "ParticipantProfile?_cursor=c"), page(["p3"])],
        }
    )

    found = stub.client().search("ParticipantProfile", status="active")

    assert [each["id"] for each in found] == ["p1", "p2", "p3"]
    assert stub.asked("GET ParticipantProfile")[0].url.query == b"_cursor=A%2Fb"


def test_the_feed_is_followed_from_the_cursor_that_was_kept():
    stub = StubHub(
        **{
            "GET__$changes": [
                page(["p1"], "$changes?cursor=a"),
                page([], "$changes?cursor=b"),
                page([], "$changes?cursor=c"),
            ]
        }
    )
    hub = stub.client()

    entries, cursor = hub.changes("", ["ParticipantProfile"])
    hub.changes(cursor)

    assert [each["resource"]["id"] for each in entries] == ["p1"]
    assert [each.url.query for each in stub.asked("GET $changes")] == [
        b"_type=ParticipantProfile",
        b"cursor=a",
        b"cursor=b",
    ]


def test_a_version_that_is_to_end_is_left_for_the_one_that_the_hub_names():
    old = record()
    old.headers["Deprecation"] = "@1793491200"
    stub = StubHub(**{f"GET__{ONE}": [old, record()]})
    hub = stub.client()

    hub.capability()
    stub.version = "1.0.1"
    hub.get(ONE)

    assert "ParticipantProfile|1.0.1" in stub.seen[-1].headers["Accept"]


def test_a_token_goes_to_no_other_host():
    stub = StubHub(
        **{
            "POST__ParticipantProfile/_search": [
                httpx.Response(
                    200, json={"link": [{"relation": "next", "url": "https://evil.example/next"}]}
                )
            ]
        }
    )

    with pytest.raises(LookupError):
        stub.client().search("ParticipantProfile", status="active")

    assert all(each.url.host == "hub.example" for each in stub.seen)


def test_what_was_refused_is_told_without_what_was_sent():
    issue = {"code": "invalid", "details": {"coding": [{"code": "pattern"}]}, "expression": ["ssn"]}
    stub = StubHub(POST__ParticipantProfile=[httpx.Response(422, json={"issue": [issue]})])

    with pytest.raises(Refused, match=r"^422 pattern ssn$"):
        stub.client().create("ParticipantProfile", a_profile(ssn="000"), "key-1")
