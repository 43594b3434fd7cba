"""Nothing tells of a row that may not be seen: no link, no look-up, no status, no lock, no feed."""

import pytest

from agencies import a_state
from app.composition import new_id, now, open_hub
from app.keyring.keys import Keys
from app.model.version import Key, following
from app.store.connection import connect
from app.store.mongo import MongoStore
from builders import a_profile, an_example
from bundles import ask, patch, send, statuses

UNKNOWN = "01920000-0000-7000-8000-0000000fffff"
VR = {"reference": "Partner/mdrs-vr"}
TO_VR = {
    "targetAgency": {"reference": "Agency/mdrs"},
    "targetPartner": VR,
    "targetPrograms": [{"reference": "Program/title4-vr"}],
}
TO_MDHS = {
    "targetAgency": {"reference": "Agency/mdhs"},
    "targetPartner": {"reference": "Partner/mdhs-eligibility"},
    "targetPrograms": [{"reference": "Program/snap"}],
}
UNLIKE = {"Date", "X-Request-Id", "X-Correlation-Id", "Content-Length"}
FEW = 8
"""Look-ups that one search may take while all that it looks at fits one page."""


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    with a_state(embedded_uri, tmp_path_factory.mktemp("oracles")) as made:
        yield made


@pytest.fixture(scope="module")
def http(state):
    """Return the clients by short name; the partners ask to coordinate services."""
    return state.clients()


@pytest.fixture(scope="module")
def store(state):
    """Yield the store below the rules, which allow one open referral to a program only."""
    settings = state.settings
    with connect(settings.mongodb_uri, pool=4) as client:
        yield open_hub(settings, client, Keys.load_or_create(settings.data)).store


def made(http, kind, body):
    reply = http["staff"].post(f"/v1/{kind}", json=body)
    assert reply.status_code == 201, reply.text
    return reply.json


def person(http, **changes):
    """Return a reference to a new participant."""
    found = made(http, "ParticipantProfile", a_profile(**changes))
    return {"reference": f"ParticipantProfile/{found['id']}"}


def a_referral(store, whose, target):
    """Store a referral and return it."""
    body = an_example("Referral") | {"participant": whose} | target
    version = following(None, Key("Referral", new_id()), now(), "test", body)
    store.commit([version])
    return version.resource


def ids(reply):
    assert reply.status_code == 200, reply.text
    return [each["resource"]["id"] for each in reply.json.get("entry", ()) if "resource" in each]


def goes_on(reply):
    assert reply.status_code == 200, reply.text
    return any(each["relation"] == "next" for each in reply.json["link"])


def whole(reply):
    """Return all that an answer says but what no two answers share."""
    body = {name: value for name, value in reply.json.items() if name != "id"}
    headers = {name: value for name, value in reply.headers if name not in UNLIKE}
    return reply.status_code, body, headers


@pytest.mark.parametrize("match", [{}, {"If-Match": 'W/"1"'}, {"If-Match": "*"}])
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_a_hidden_id_answers_as_an_unknown_one(http, store, method, match):
    hidden = a_referral(store, person(http), TO_VR)
    hidden.pop("meta")
    answers = []
    for id in (hidden["id"], UNKNOWN):
        body = {"PUT": hidden | {"id": id}, "PATCH": {"note": "Seen?"}}.get(method)
        reply = http["mdhs"].open(f"/v1/Referral/{id}", method=method, json=body, headers=match)
        answers.append(whole(reply))

    assert answers[0] == answers[1]
    assert answers[0][0] in {404, 405, 412}


@pytest.mark.parametrize("query", ["_count=1", "_count=1&_sort=-_id", "_count=1&_total=accurate"])
def test_no_page_is_announced_when_only_hidden_rows_follow(http, store, query):
    alone, both = person(http), person(http)
    for whose in (alone, both):
        a_referral(store, whose, TO_VR)
        a_referral(store, whose, TO_MDHS)
        a_referral(store, whose, TO_VR)
    a_referral(store, both, TO_MDHS)
    one, more = (
        http["mdhs"].get(f"/v1/Referral?participant={each['reference']}&{query}")
        for each in (alone, both)
    )

    assert len(ids(one)) == len(ids(more)) == 1
    assert not goes_on(one)
    assert goes_on(more)
    assert one.json.get("total") == (1 if "_total" in query else None)


def test_no_page_of_history_is_announced_when_only_hidden_versions_follow(http, store):
    whose = person(http)
    since = a_referral(store, whose, TO_VR)["meta"]["lastUpdated"]
    first = a_referral(store, whose, TO_MDHS)
    path = f"/v1/Referral/_history?_count=1&_since={since}"
    before = http["mdhs"].get(path)
    second = a_referral(store, whose, TO_MDHS)
    after = http["mdhs"].get(path)

    assert (ids(before), goes_on(before)) == ([first["id"]], False)
    assert (ids(after), goes_on(after)) == ([second["id"]], True)


def test_many_hidden_rows_take_few_look_ups(http, store, monkeypatch):
    whose = person(http)
    for _ in range(40):
        a_referral(store, whose, TO_VR)
    shown = a_referral(store, whose, TO_MDHS)
    path = f"/v1/Referral?participant={whose['reference']}&_count=1"
    http["mdhs"].get(path)
    looked, search = [], MongoStore.search
    monkeypatch.setattr(MongoStore, "search", lambda *it: looked.append(it) or search(*it))

    assert ids(http["mdhs"].get(path)) == [shown["id"]]
    assert len(looked) <= FEW


def test_the_past_of_a_row_goes_with_its_present(state, http, store):
    referral = a_referral(store, person(http), TO_MDHS)
    path = f"/v1/Referral/{referral['id']}"
    client = http["mdhs"]
    past = (f"{path}/_history", f"{path}/_history/1", "/v1/Referral/_history?_count=200",
            "/v1/_history?_count=200", "/v1/$changes?_type=Referral&_count=200")  # fmt: skip
    state.sequence()
    assert all(referral["id"] in client.get(each).text for each in past)

    former = store.read(Key("Referral", referral["id"]))
    store.commit([following(former, former.key, now(), "test", former.resource | TO_VR)])
    state.sequence()

    assert [client.get(each).status_code for each in past] == [404, 404, 200, 200, 200]
    assert not [each for each in past[2:] if referral["id"] in client.get(each).text]


def rows(state, request):
    """Return what the audit tells of a request: what was seen first, refusals last."""
    found = state.database["audit"].find({"request": request})
    told = [(each["interaction"], each["outcome"], each.get("resources", [])) for each in found]
    return sorted(told, key=lambda each: not each[2])


def named(reply):
    """Return what a searchset answered, as the audit names it."""
    those = [each["resource"] for each in reply.json["entry"]]
    return [f"{e['resourceType']}/{e['id']}/{e['meta']['versionId']}" for e in those]


@pytest.mark.parametrize("bad", [
    pytest.param(ask("GET", "a/b/c/d/e"), id="no such address"),
    pytest.param(ask("GET", "Nothing/1"), id="no such type"),
    pytest.param(patch("Referral/1", {}, media="x/y"), id="no such patch"),
    pytest.param({"request": {"method": "LINK", "url": "Referral/1"}}, id="no such method"),
])  # fmt: skip
def test_a_batch_entry_that_cannot_begin_leaves_the_audit_of_the_one_before(state, http, bad):
    whose, request = person(http)["reference"], a_profile()["pirlUniqueId"]

    reply = send(http["mdhs"], ask("GET", whose), bad, ask("GET", whose), kind="batch",
                 headers={"X-Request-Id": request})  # fmt: skip
    one, other, refusal = rows(state, request)

    assert statuses(reply)[::2] == ["200", "200"]
    assert one == other == ("read", "success", [f"{whose}/1"])
    assert refusal[1] in {"not-found", "unknown-type", "malformed"}
    assert not refusal[2]


def test_a_transaction_read_that_cannot_begin_leaves_the_audit_of_the_one_before(state, http):
    whose, request = person(http)["reference"], a_profile()["pirlUniqueId"]

    reply = send(http["mdhs"], ask("GET", whose), ask("GET", "a/b/c/d/e"),
                 headers={"X-Request-Id": request})  # fmt: skip

    assert statuses(reply) == ["200", "404"]
    assert [each for each in rows(state, request) if each[2]] == [
        ("read", "success", [f"{whose}/1"])
    ]
    assert ("transaction", "not-found", []) in rows(state, request)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_the_audit_of_a_search_of_all_types_names_what_was_answered(state, http, store, count):
    for _ in range(3):
        a_referral(store, person(http), TO_MDHS)
    request = a_profile()["pirlUniqueId"]
    types = "Referral,ParticipantServiceEnrollment,ParticipantProfile"

    reply = http["mdhs"].get(f"/v1?_type={types}&_count={count}&_sort=-_id",
                             headers={"X-Request-Id": request})  # fmt: skip
    (told,) = rows(state, request)

    assert len(named(reply)) == count
    assert sorted(told[2]) == sorted(named(reply))


def test_the_audit_of_a_search_names_what_its_page_answered(state, http, store):
    whose, request = person(http), a_profile()["pirlUniqueId"]
    for target in (TO_MDHS, TO_VR, TO_MDHS, TO_MDHS):
        a_referral(store, whose, target)

    reply = http["mdhs"].get(f"/v1/Referral?participant={whose['reference']}&_count=2",
                             headers={"X-Request-Id": request})  # fmt: skip

    assert rows(state, request) == [("search-type", "success", named(reply))]
