"""SSNs are few enough to be guessed: a client tries so many in an hour, whatever way it asks."""

import pytest

from agencies import a_state
from builders import a_stranger
from bundles import ask, post, send

PROFILES = "/v1/ParticipantProfile"
LIMIT = 2
HOUR = 3600
SSN = "666987001"


@pytest.fixture(scope="module")
def state(embedded_uri, tmp_path_factory):
    folder = tmp_path_factory.mktemp("searches")
    with a_state(embedded_uri, folder, rows="lookups", secret_searches=LIMIT) as made:
        yield made


@pytest.fixture(scope="module")
def twins(state):
    """Return the ids of two people with one number."""
    staff = state.client("state-staff")
    made = [staff.post(PROFILES, json=a_stranger(ssn=SSN)) for _ in range(2)]
    return [reply.json["id"] for reply in made]


def tried(client, number, **more):
    return client.post(f"{PROFILES}/_search", data={"ssn": f"66698700{number % 10}", **more})


def counted(client, number):
    return tried(client, number, _summary="count")


def chained(client, number):
    return client.post("/v1/Referral/_search", data={"participant.ssn": f"66698700{number % 10}"})


def a_guesser(state, name):
    """Return a client of its own that may see everybody's SSN."""
    state.register(name, "system/*.cruds hub/staff hub/ssn")
    return state.client(name)


def refused(reply):
    assert reply.status_code == 429, reply.text
    assert 0 < int(reply.headers["Retry-After"]) <= HOUR
    assert reply.json["resourceType"] == "OperationOutcome"
    assert SSN not in reply.text


@pytest.mark.parametrize("search", [tried, counted, chained])
def test_ssns_are_tried_so_often_and_no_more(state, twins, search):
    client, other = (a_guesser(state, f"{search.__name__}-{name}") for name in ("one", "other"))

    assert [search(client, number).status_code for number in range(LIMIT)] == [200] * LIMIT
    refused(search(client, LIMIT))
    refused(search(client, LIMIT))
    for each in (tried, counted, chained):
        refused(each(client, 0))
    assert search(other, LIMIT).status_code == 200
    assert client.get(f"{PROFILES}?_id={twins[0]}&ssn:missing=false").status_code == 200


@pytest.mark.parametrize("kind", ["batch", "transaction"])
def test_the_pages_of_such_a_search_count_in_a_bundle_too(state, twins, kind):
    client = a_guesser(state, f"pages-{kind}")
    first = tried(client, 1, _count="1")
    links = {each["relation"]: each["url"] for each in first.json["link"]}
    following = ask("GET", links["next"].partition("/v1/")[2])

    replies = [send(client, following, kind=kind) for _ in range(LIMIT)]
    found = [each.json["entry"][0] for each in replies]

    assert [each["response"]["status"] for each in found] == ["200", "429"]
    assert [e["resource"]["id"] for e in found[0]["resource"]["entry"]] == [max(twins)]
    assert found[1]["response"]["outcome"]["resourceType"] == "OperationOutcome"
    refused(client.get(f"/v1/{following['request']['url']}"))


@pytest.mark.parametrize("kind", ["", "transaction"])
def test_a_guess_that_the_commit_refuses_for_another_reason_counts_too(state, kind):
    client = a_guesser(state, f"taken-{kind or 'plain'}")
    taken = client.post(PROFILES, json=a_stranger()).json["pirlUniqueId"]
    guesses = [a_stranger(ssn=f"66698770{n}", pirlUniqueId=taken) for n in range(LIMIT + 1)]

    if kind:
        replies = [send(client, post(each), kind=kind) for each in guesses]
    else:
        replies = [client.post(PROFILES, json=each) for each in guesses]

    assert [each.status_code for each in replies] == [*[409] * LIMIT, 429]
