"""What is past due becomes a fact of the referral, on the feed and on both worklists."""

from datetime import timedelta

import pytest

from agencies import a_state
from app.composition import now, open_hub
from app.interactions.overdue import sweep
from app.keyring.keys import Keys
from app.model.version import instant
from app.store.connection import connect
from referring import REHABILITATION, a_referral, clients, move, url

WORKLIST = "/v1/Referral/$worklist"
STEPS = ["acknowledge", "accept", "first-contact", "close"]


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("overdue")) as made:
        yield made


@pytest.fixture(scope="module")
def http(state):
    return clients(state)


@pytest.fixture(scope="module")
def hub(state):
    """Yield the hub as the worker opens it."""
    settings = state.settings
    with connect(settings.mongodb_uri, pool=4) as client:
        yield open_hub(settings, client, Keys.load_or_create(settings.data))


@pytest.fixture
def past(http, hub):
    """Return a referral that nobody ever looked at, once it was swept."""
    made = a_referral(http)
    sweep(hub)
    return made


def today():
    return instant(now())


def ids(reply):
    assert reply.status_code == 200, reply.text
    return [each["resource"]["id"] for each in reply.json.get("entry", ())]


def everything(http, path):
    """Return the ids on all pages of a worklist."""
    found = []
    while path:
        reply = http.get(path)
        found += ids(reply)
        links = {each["relation"]: each["url"] for each in reply.json["link"]}
        path = links.get("next")
    return found


def test_a_step_that_passed_unseen_becomes_a_fact(http, past):
    body = http["mccb"].get(url(past)).json

    assert body["overdue"] == STEPS
    assert body["meta"]["source"] == "hub:worker"
    assert body["meta"]["versionId"] == "2"


@pytest.mark.usefixtures("past")
def test_a_sweep_says_the_same_only_once(hub):
    assert sweep(hub) == 0


def test_what_is_in_time_is_left_alone(http, hub):
    body = a_referral(http, authoredOn=today())

    sweep(hub)

    assert "overdue" not in http["mccb"].get(url(body)).json


def test_a_sweep_that_is_over_marks_nothing(http, hub):
    body = a_referral(http)

    assert sweep(hub, lambda: True) == 0
    assert "overdue" not in http["mccb"].get(url(body)).json


def test_a_referral_that_is_written_in_between_is_left_to_the_next_sweep(http, hub):
    body = a_referral(http)
    moved = []

    def late():
        if not moved:
            moved.append(move(http["mccb"], body, status="received"))
        return False

    sweep(hub, late)
    sweep(hub)

    assert http["mccb"].get(url(body)).json["overdue"] == STEPS[1:]


def test_the_feed_and_the_audit_tell_of_what_is_past_due(state, http, past):
    state.sequence()
    path, told = "/v1/$changes?_type=Referral&_count=100", []

    while "entry" in (page := http["mdes"].get(path).json):
        told += [each["resource"] for each in page["entry"]]
        path = next(each["url"] for each in page["link"] if each["relation"] == "next")

    assert [each.get("overdue") for each in told if each["id"] == past["id"]] == [None, STEPS]
    rows = state.database["audit"].find({"client": "hub:worker"})
    assert any(f"Referral/{past['id']}/2" in each["resources"] for each in rows)


def test_a_step_that_is_done_late_is_no_longer_overdue(http, past):
    move(http["mccb"], past, status="accepted")

    found = http["mdes"].get(url(past)).json

    assert found["overdue"] == STEPS[2:]


def test_an_overdue_referral_is_on_the_worklists_of_both_agencies(http, past):
    asked = everything(http["mccb"], WORKLIST)
    told = everything(http["mdes"], f"{WORKLIST}?role=source")

    assert past["id"] in asked
    assert past["id"] in told
    assert past["id"] not in everything(http["mdes"], f"{WORKLIST}?role=target")
    assert past["id"] not in everything(http["mdhs"], f"{WORKLIST}?role=target")


def test_a_worklist_begins_with_what_must_be_closed_first(http):
    new = a_referral(http, authoredOn=today())
    old = a_referral(http, authoredOn=instant(now() - timedelta(days=400)))

    found = everything(http["mccb"], f"{WORKLIST}?_count=2")

    assert found.index(old["id"]) < found.index(new["id"])
    assert len(found) == len(set(found))


def test_what_ended_is_on_no_worklist_but_what_was_rejected_waits_for_its_source(http):
    ended, rejected = a_referral(http), a_referral(http)
    move(http["mdes"], ended, status="cancelled", statusReason="moved")
    move(http["mccb"], rejected, status="rejected", statusReason="no-capacity")

    source = everything(http["mdes"], f"{WORKLIST}?role=source")
    assert rejected["id"] in source
    assert ended["id"] not in source
    assert not {rejected["id"], ended["id"]} & set(everything(http["mccb"], WORKLIST))
    move(http["mdes"], rejected, followUpReason="The person found a place elsewhere.")
    assert rejected["id"] not in everything(http["mdes"], f"{WORKLIST}?role=source")


def test_a_worklist_tells_no_more_than_consent_reaches(http, hub):
    body = a_referral(http, **REHABILITATION)
    sweep(hub)

    assert {"overdue", "movedOn"} <= http["mdrs"].get(url(body)).json.keys()
    assert not {"overdue", "movedOn", "status"} & http["mdes"].get(url(body)).json.keys()
    assert body["id"] in everything(http["mdrs"], WORKLIST)
    assert body["id"] not in everything(http["mdes"], f"{WORKLIST}?role=source")
    assert body["id"] not in everything(http["mdhs"], f"{WORKLIST}?role=source")


def test_staff_sees_the_worklists_of_all(http):
    body = a_referral(http)

    assert body["id"] in everything(http["staff"], WORKLIST)


@pytest.mark.parametrize(
    "query",
    ["role=both", "status=closed", "_count=x", "_count=0", "_cursor=x", "role=source&role=target"],
)
def test_a_worklist_refuses_what_it_does_not_understand(http, query):
    reply = http["mccb"].get(f"{WORKLIST}?{query}")

    assert reply.status_code == 400, reply.text


def test_a_worklist_is_not_asked_by_post(http):
    assert http["mccb"].post(WORKLIST, json={}).status_code == 405
