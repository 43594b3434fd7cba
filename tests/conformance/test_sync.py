"""L1-27 to L1-31: one good story of each, and what breaks it."""

from dataclasses import replace

import pytest

from conformance.evaluators import verdict
from conformance.scenario import sync
from evidence import a_profile, a_world, during, get, met, post, put, seen, sent

BASE = "https://hub.example/cf/k7/"
FEED = "$changes"
ROLES = [*(role for each in sync.RESIDENTS.values() for role in each), *sync.MOVERS.values()]
PEOPLE = {role: f"ParticipantProfile/{role}" for role in ROLES}
WORLD = a_world(profiles=PEOPLE)


def word(id, *exchanges):
    return verdict(id, seen(*exchanges), WORLD).word


def bundle(*ids, more=""):
    link = [{"relation": "next", "url": BASE + more}] if more else []
    return {"link": link, "entry": [{"resource": a_profile(each, 2)} for each in ids]}


def completed(step, role, **more):
    home = {"city": sync.town(WORLD, step), "postalCode": sync.postal_code(step), **more}
    return put(PEOPLE[role], a_profile(role, address=[home]))


@pytest.mark.parametrize("id", [f"L1-{number}" for number in range(27, 32)])
def test_a_system_that_sends_nothing_shows_nothing(id):
    assert word(id) == "NOT-EXERCISED"


SECOND, THIRD = "ParticipantProfile?_cursor=b", "ParticipantProfile?_cursor=c"
FIRST_PAGE = post("ParticipantProfile/_search", "", 200, bundle("page1", "page2", more=SECOND))
MORE_PAGES = [get(SECOND, bundle("page3", more=THIRD)), get(THIRD, bundle("page4"))]
WRITTEN = [completed(sync.PAGES, role) for role in sync.RESIDENTS[sync.PAGES]]


def test_all_pages_are_read_and_everybody_is_dealt_with():
    assert word("L1-27", during(sync.PAGES, FIRST_PAGE, *MORE_PAGES, *WRITTEN)) == "PASS"


@pytest.mark.parametrize(
    "story",
    [
        pytest.param([FIRST_PAGE, *WRITTEN[:2]], id="the first page only"),
        pytest.param([FIRST_PAGE, *MORE_PAGES, *WRITTEN[:3]], id="one passed over"),
        pytest.param([FIRST_PAGE, *MORE_PAGES, MORE_PAGES[1], *WRITTEN], id="a page twice"),
        pytest.param(
            [FIRST_PAGE, get("ParticipantProfile?page=2", bundle("page3")), *WRITTEN], id="counted"
        ),
    ],
)
def test_pages_that_are_not_followed_are_seen(story):
    assert word("L1-27", during(sync.PAGES, *story)) == "FAIL"


START = during(sync.START, get(FEED, bundle("a", more=f"{FEED}?cursor=1")))
AWAY = met("F13", get(f"{FEED}?cursor=1", None, 503))
BACK = get(f"{FEED}?cursor=1", bundle("mover1", more=f"{FEED}?cursor=2"))
MISSED = completed(sync.OUTAGE, "mover1")


def outage(*story):
    return [START, during(sync.OUTAGE, *story)]


def test_after_an_outage_the_kept_cursor_is_used():
    assert word("L1-28", *outage(AWAY, BACK, MISSED)) == "PASS"


@pytest.mark.parametrize(
    "story",
    [
        pytest.param([AWAY], id="given up"),
        pytest.param([AWAY, get(FEED, bundle("mover1")), MISSED], id="from the beginning"),
        pytest.param([AWAY, get(f"{FEED}?cursor=latest", bundle())], id="from now on"),
        pytest.param([AWAY, BACK], id="not acted on"),
        pytest.param(
            [AWAY, post("ParticipantProfile/_search", "", 200, bundle(*"abcd")), BACK, MISSED],
            id="everything anew",
        ),
    ],
)
def test_who_does_not_catch_up_is_seen(story):
    assert word("L1-28", *outage(*story)) == "FAIL"


def test_each_follower_of_the_feed_goes_on_from_its_own_cursor():
    def page(kind, asked, given):
        return get(
            f"{FEED}?_type={kind}{asked}", bundle(more=f"{FEED}?_type={kind}&cursor={given}")
        )

    people, referrals = "ParticipantProfile", "Referral"
    start = during(sync.START, page(people, "", "P1"), page(referrals, "", "R1"))
    away = met("F13", get(f"{FEED}?_type={people}&cursor=P1", None, 503))
    others = page(referrals, "&cursor=R1", "R2")
    back, elsewhere = page(people, "&cursor=P1", "P2"), page(people, "&cursor=P0", "P2")

    assert word("L1-28", start, during(sync.OUTAGE, away, others, back, MISSED)) == "PASS"
    assert word("L1-28", start, during(sync.OUTAGE, away, others, elsewhere, MISSED)) == "FAIL"


def test_without_a_cursor_from_before_nothing_is_shown():
    assert word("L1-28", during(sync.OUTAGE, AWAY, BACK, MISSED)) == "NOT-EXERCISED"


FORGED = met("F14", post("ParticipantProfile/p1", status=401))


def test_a_forged_notification_is_refused():
    assert word("L1-29", FORGED, get("metadata")) == "PASS"
    assert word("L1-29", replace(FORGED, status=200), get("metadata")) == "FAIL"
    assert word("L1-29", FORGED, get("ParticipantProfile/p1")) == "FAIL"
    assert word("L1-29", FORGED) == "NOT-EXERCISED"


TOLD_THRICE = met("F11", get(f"{FEED}?cursor=2", bundle("mover2", "mover2", "mover2")))
ONCE = completed(sync.DOUBLE, "mover2")


@pytest.mark.parametrize(("acts", "expected"), [(0, "FAIL"), (1, "PASS"), (2, "FAIL")])
def test_what_is_told_three_times_is_done_once(acts, expected):
    assert word("L1-30", during(sync.DOUBLE, TOLD_THRICE, *[ONCE] * acts)) == expected


def test_a_write_that_the_hub_was_too_busy_for_is_no_second_act():
    busy = replace(ONCE, status=503)

    assert word("L1-30", during(sync.DOUBLE, TOLD_THRICE, busy, ONCE)) == "PASS"


def test_a_write_that_the_hub_refused_is_no_act():
    lost = [replace(ONCE, status=412), get(PEOPLE["mover2"], a_profile("mover2", 3))]

    assert word("L1-30", during(sync.DOUBLE, TOLD_THRICE, *lost, ONCE)) == "PASS"
    assert word("L1-30", during(sync.DOUBLE, TOLD_THRICE, *lost)) == "FAIL"


def test_the_same_write_under_its_one_key_is_one_act():
    twice = [{"request": {"method": "PUT", "url": PEOPLE["mover2"]}, "resource": ONCE.body}] * 2
    batch = post("", {"type": "batch", "entry": twice}, 200, {})
    lost = replace(met("F3", ONCE), status=503, headers={"idempotency-key": "k1"})
    again = replace(ONCE, headers={"idempotency-key": "k1"})

    assert word("L1-30", during(sync.DOUBLE, TOLD_THRICE, lost, again)) == "PASS"
    assert word("L1-30", during(sync.DOUBLE, TOLD_THRICE, lost, ONCE)) == "FAIL"
    assert word("L1-30", during(sync.DOUBLE, TOLD_THRICE, batch)) == "FAIL"


def test_other_work_on_the_person_is_no_second_act():
    later = during(sync.LATE, ONCE)
    other = put(PEOPLE["mover2"], a_profile("mover2", preferredLanguage="es"))

    assert word("L1-30", during(sync.DOUBLE, TOLD_THRICE, other, ONCE), later) == "PASS"


LATE = met("F12", get(f"{FEED}?cursor=3", bundle("mover3", "mover3")))
NEWEST = completed(sync.LATE, "mover3", line=[sync.street(WORLD)])
OLDER = completed(sync.LATE, "mover3")


def test_a_late_older_version_rolls_nothing_back():
    assert word("L1-31", during(sync.LATE, LATE, NEWEST)) == "PASS"


@pytest.mark.parametrize(
    "writes",
    [pytest.param([OLDER], id="older"), pytest.param([NEWEST, OLDER], id="then older"), []],
)
def test_a_write_that_rolls_back_is_seen(writes):
    assert word("L1-31", during(sync.LATE, LATE, *writes)) == "FAIL"


def patched(body, status=200):
    return sent("PATCH", PEOPLE["mover3"], body, status)


CODE = {"op": "add", "path": "/address/0/postalCode", "value": "38907"}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param([CODE], id="the code alone"),
        pytest.param([{"op": "test", "path": "/address/0/line", "value": ["x"]}, CODE], id="test"),
        pytest.param([CODE | {"path": "/address/-"}], id="one more"),
        pytest.param({"localWorkforceArea": "delta"}, id="another element"),
        pytest.param({"address": [{"line": [sync.street(WORLD)]}]}, id="with the street"),
    ],
)
def test_a_patch_that_leaves_the_street_alone_rolls_nothing_back(body):
    refused = patched(body, 412)

    assert word("L1-31", during(sync.LATE, LATE, refused, patched(body))) == "PASS"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"address": [{"city": "x"}]}, id="a merge"),
        pytest.param({"address": None}, id="a removal"),
        pytest.param([{"op": "replace", "path": "", "value": {}}], id="the whole"),
        pytest.param([{"op": "add", "path": "/address", "value": []}], id="all addresses"),
        pytest.param([{"op": "replace", "path": "/address/0", "value": {}}], id="one address"),
        pytest.param([{"op": "remove", "path": "/address/0/line"}], id="the line"),
        pytest.param([{"op": "move", "from": "/address/0/line", "path": "/x"}], id="away"),
    ],
)
def test_a_patch_that_takes_the_street_back_is_seen(body):
    assert word("L1-31", during(sync.LATE, LATE, patched(body))) == "FAIL"
