"""L1-01 to L1-05 and L1-33: one good story of each, and what breaks it."""

from dataclasses import replace

import pytest

from conformance.evaluators import verdict
from conformance.verdict import Verdict
from evidence import a_profile, a_world, by, get, match, met, post, put, seen, sent

STATEMENT = {"rest": [{"resource": [{"type": "ParticipantProfile"}, {"type": "Referral"}]}]}
ENDPOINT = "oauth/token"
ONE = "ParticipantProfile/p1"
PROFILE = (
    'application/fhir+json; profile="https://hub.wioa.example/schemas/ParticipantProfile|1.0.0"'
)
NAMED = {"user_agent": "CaseTrack/7.3 (httpx)", "accept": PROFILE}


def word(id: str, *exchanges) -> str:
    return the_verdict(id, *exchanges).word


def the_verdict(id: str, *exchanges) -> Verdict:
    return verdict(id, seen(*exchanges), a_world())


@pytest.mark.parametrize("id", ["L1-01", "L1-02", "L1-03", "L1-04", "L1-05", "L1-33"])
def test_a_system_that_sends_nothing_shows_nothing(id):
    assert word(id) == "NOT-EXERCISED"


def test_metadata_comes_first():
    assert word("L1-01", get("metadata", STATEMENT), post(ENDPOINT, status=200), get(ONE)) == "PASS"


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(
            [post(ENDPOINT, status=200), get("metadata", STATEMENT), get(ONE)], id="a token before"
        ),
        pytest.param([get(ONE)], id="never read"),
        pytest.param([get("metadata", STATEMENT), get("Enrollment/e1")], id="a type not named"),
        pytest.param([get("metadata", STATEMENT), post("oauth2/token", status=404)], id="guessed"),
    ],
)
def test_addresses_of_ones_own_are_seen(story):
    assert word("L1-01", *story) == "FAIL"


def test_what_nobody_asked_for_yet_is_the_systems_and_the_runners_is_not():
    own = by("", get("metadata", STATEMENT), post(ENDPOINT, status=200))
    runners = by("", get("metadata", STATEMENT, user_agent="wioa-conformance/1.0"))

    assert word("L1-01", own, get(ONE)) == "PASS"
    assert word("L1-01", runners, get(ONE)) == "FAIL"


def test_metadata_alone_shows_nothing():
    assert word("L1-01", get("metadata", STATEMENT)) == "NOT-EXERCISED"


OVER = met("F7", put(ONE, a_profile(), 401))


def test_a_token_is_renewed_and_the_request_sent_once_more():
    assert word("L1-02", OVER, post(ENDPOINT, status=200), put(ONE, a_profile())) == "PASS"


@pytest.mark.parametrize(
    "rest",
    [
        pytest.param([], id="given up"),
        pytest.param([post(ENDPOINT, status=200)], id="not sent again"),
        pytest.param([put(ONE, a_profile(), 401), post(ENDPOINT, status=200)], id="no new token"),
        pytest.param(
            [post(ENDPOINT, status=200), put(ONE, a_profile()), put(ONE, a_profile())],
            id="twice more",
        ),
        pytest.param(
            [post(ENDPOINT, status=200), put(ONE, a_profile(), 401), put(ONE, a_profile())],
            id="again after a second 401",
        ),
    ],
)
def test_a_token_that_ended_must_be_renewed(rest):
    assert word("L1-02", OVER, *rest) == "FAIL"


def test_what_comes_of_the_request_afterwards_is_not_about_the_token():
    busy = [put(ONE, a_profile(), 503), put(ONE, a_profile())]
    read = met("F7", get(ONE, status=401))

    assert word("L1-02", OVER, post(ENDPOINT, status=200), *busy) == "PASS"
    assert word("L1-02", read, post(ENDPOINT, status=200), get(ONE), get(ONE)) == "PASS"


@pytest.mark.parametrize("status", [401, 503])
def test_a_request_that_never_got_through_shows_no_renewal(status):
    again = put(ONE, a_profile(), status)

    assert word("L1-02", OVER, post(ENDPOINT, status=200), again) == "NOT-EXERCISED"


def test_product_and_version_are_named():
    story = [get(ONE, **NAMED), put(ONE, a_profile(), content_type=PROFILE, **NAMED)]

    assert word("L1-03", *story) == "PASS"


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(get(ONE, accept=PROFILE), id="no product"),
        pytest.param(get(ONE, accept=PROFILE, user_agent="python-httpx/0.28"), id="a library"),
        pytest.param(get(ONE, user_agent="CaseTrack/7.3"), id="no version of a read"),
        pytest.param(put(ONE, a_profile(), **NAMED), id="no version of a write"),
    ],
)
def test_a_request_that_does_not_say_who_asks_is_seen(one):
    assert word("L1-03", get(ONE, **NAMED), one) == "FAIL"


def test_a_deletion_names_the_version_like_a_read_for_it_has_no_body():
    assert word("L1-03", get(ONE, **NAMED), sent("DELETE", ONE, status=204, **NAMED)) == "PASS"


def test_what_was_refused_for_its_headers_may_be_corrected():
    assert word("L1-03", get(ONE, status=400), get(ONE, **NAMED)) == "PASS"


def test_people_are_sought_in_bodies():
    elvis = a_world()["people"]["elvis"]
    asked = {"parameter": [{"resource": {"lastName": elvis["lastName"]}}]}

    assert word("L1-04", match("p1", body=asked)) == "PASS"


@pytest.mark.parametrize("what", ["lastName", "birthDate", "ssn", "phone"])
def test_a_person_in_an_address_is_seen_and_not_told(what):
    value = a_world()["people"]["elvis"][what]

    found = the_verdict("L1-04", get(f"ParticipantProfile?q={value}"))

    assert found.word == "FAIL"
    assert value not in f"{found.expected}{found.observed}"


@pytest.mark.parametrize(
    "query",
    ["q=eq{birthDate}", "q={day}", "q={digits}", "q={lastName}_{firstName}", "last-name=Ab",
     "birth-date=ge1984", "telecom:exact=601"],
)  # fmt: skip
def test_a_person_in_an_address_is_seen_in_any_disguise(query):
    elvis = a_world()["people"]["elvis"]
    plain = {"day": elvis["birthDate"].replace("-", ""), "digits": elvis["phone"].replace("-", "")}
    target = f"ParticipantProfile?{query.format(**elvis, **plain)}"

    assert word("L1-04", get(target)) == "FAIL"


@pytest.mark.parametrize("query", ["participant.last-name=x", "participant:Any.birth-date=1984"])
def test_a_person_in_a_chain_is_in_an_address_too(query):
    assert word("L1-04", get(f"Referral?{query}")) == "FAIL"


def test_what_is_of_no_person_may_stand_in_an_address():
    elvis = a_world()["people"]["elvis"]
    asked = {"last-name": [elvis["lastName"].upper()]}
    plain = [get("Service?name=Tutoring"), get("Partner?telecom=x"), get("Referral?participant=x")]
    plain += [
        get("ParticipantProfile?address-city=Elm"),
        get("ParticipantProfile?ssn:missing=true"),
    ]

    assert word("L1-04", post("ParticipantProfile/_search", asked, 200), *plain) == "PASS"


def test_an_address_that_the_hub_wrote_is_not_held_against_a_system():
    elvis = a_world()["people"]["elvis"]
    link = f"ParticipantProfile?last-name={elvis['lastName']}&_cursor=x"
    page = {"link": [{"relation": "next", "url": f"https://hub.example/cf/k7/{link}"}]}
    search = post("ParticipantProfile/_search", f"last-name={elvis['lastName']}", 200, page)

    assert word("L1-04", search, get(link)) == "PASS"


def test_nothing_goes_to_the_decoy():
    broken_off = by("decoy", sent("", "", status=0))

    assert word("L1-05", broken_off, [get(ONE)]) == "PASS"
    assert word("L1-05", broken_off) == "NOT-EXERCISED"
    assert word("L1-05", by("decoy", post(ENDPOINT)), [get(ONE)]) == "FAIL"


def tried(*seconds, status=503):
    """Return tries of one request at these seconds; all but the last are sent away for 2 s."""
    away = [put(ONE, a_profile(), status, answer_retry_after="2") for _ in seconds[:-1]]
    return [
        replace(each, at=1000.0 + at)
        for each, at in zip([*away, put(ONE, a_profile())], seconds, strict=True)
    ]


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_hub_is_left_in_peace(status):
    assert word("L1-33", tried(0, 2.1, 4.3, status=status)) == "PASS"


@pytest.mark.parametrize("seconds", [(0, 0.2), (0, 2.1, 3.0), tuple(range(0, 20, 2))])
def test_impatience_is_seen(seconds):
    assert word("L1-33", tried(*seconds)) == "FAIL"


def meanwhile(*others, status=429, seconds=0.3):
    """Return a try that is sent away, other requests somewhat later, and the next try in time."""
    away, again = tried(0, 2.1, status=status)
    return [away, *(replace(each, at=away.at + seconds) for each in others), again]


def test_after_429_a_system_keeps_still_altogether():
    other = get("Referral/r1")

    assert word("L1-33", meanwhile(*[other] * 30)) == "FAIL"
    assert word("L1-33", meanwhile(put("Referral/r1"))) == "FAIL"


def test_what_was_on_its_way_before_429_and_a_lone_read_are_no_crowd():
    other = get("Referral/r1")

    assert word("L1-33", meanwhile(*[other] * 9, seconds=0.05)) == "PASS"
    assert word("L1-33", meanwhile(other)) == "PASS"
    assert word("L1-33", meanwhile(*[post(ENDPOINT)] * 3)) == "PASS"
    assert word("L1-33", meanwhile(*[put("Referral/r1")] * 9, status=503)) == "PASS"


def test_who_never_tries_again_shows_no_patience():
    assert word("L1-33", tried(0, 2.1)[:1]) == "NOT-EXERCISED"
