"""What the store promises of client registrations, on each backend."""

from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier, Thread
from uuid import uuid4

import mongomock
import pytest

from app.interactions.identity.clients import registration, with_keys
from app.model.conflicts import Duplicate, LostRace
from app.model.errors import Unavailable
from app.store.clients import MongoClients
from app.store.connection import connect

NOW = datetime(2026, 1, 5, 12, 0, 0, 123_000, tzinfo=UTC)
NOBODY_LISTENS = "mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=50"


@pytest.fixture(params=["mongomock", "wire"])
def clients(request):
    """Yield an empty registry of clients on each backend."""
    if request.param == "mongomock":
        yield MongoClients(mongomock.MongoClient(tz_aware=True)["hub"])
        return
    with connect(request.getfixturevalue("embedded_uri"), pool=20) as connection:
        name = f"t{uuid4().hex[:12]}"
        yield MongoClients(connection[name])
        connection.drop_database(name)


def a_client(client_id="mdes", partner="Partner/mdes"):
    return registration(client_id, "system/*.rs hub/staff", partner, b"\0\xff" * 16, NOW)


def test_a_client_is_read_back_as_it_was_put(clients):
    clients.put(a_client())

    assert clients.get("mdes") == a_client()


def test_a_client_with_keys_is_read_back_as_it_was_put(clients):
    keyed = with_keys(replace(a_client(), purpose="referral"), jwks='{"keys": []}')
    distant = with_keys(a_client("mdhs"), jwks_url="https://mdhs.example/jwks")

    clients.put(keyed)
    clients.put(distant)

    assert clients.get("mdes") == keyed
    assert clients.get("mdhs") == distant
    assert (keyed.secret_hash, distant.secret_hash) == (None, None)


def test_a_client_that_was_stored_before_there_were_keys_is_read():
    database = mongomock.MongoClient(tz_aware=True)["hub"]
    MongoClients(database).put(a_client())
    database["clients"].update_one({}, {"$unset": {"jwks": 1, "jwks_url": 1, "purpose": 1}})

    assert MongoClients(database).get("mdes") == a_client()


def test_an_unknown_client_is_none(clients):
    assert clients.get("nobody") is None


def test_an_id_that_looks_like_a_query_is_only_text(clients):
    clients.put(a_client())

    assert clients.get("$ne") is None


def test_all_clients_come_ordered_by_id(clients):
    for client_id in ("b", "a", "c"):
        clients.put(a_client(client_id, partner=None))

    assert [each.id for each in clients.all()] == ["a", "b", "c"]


def test_an_id_is_taken_once(clients):
    clients.put(a_client())

    with pytest.raises(Duplicate):
        clients.put(a_client(partner="Partner/other"))

    assert clients.get("mdes") == a_client()


def test_the_following_version_replaces_the_stored_one(clients):
    clients.put(a_client())
    second = replace(a_client(), status="disabled", version=2)

    clients.put(second)

    assert clients.get("mdes") == second


@pytest.mark.parametrize("number", [2, 3, 5])
def test_a_version_that_does_not_follow_the_stored_one_is_refused(clients, number):
    clients.put(a_client())
    clients.put(replace(a_client(), version=2))
    clients.put(replace(a_client(), version=3))

    with pytest.raises(LostRace):
        clients.put(replace(a_client(), version=number, status="disabled"))

    assert clients.get("mdes").status == "active"


def test_a_change_of_an_unknown_client_is_refused(clients):
    with pytest.raises(LostRace):
        clients.put(replace(a_client(), version=2))

    assert clients.get("mdes") is None


@pytest.mark.parametrize("number", [1, 2])
def test_the_same_write_sent_twice_is_one_write(clients, number):
    for version in range(1, number + 1):
        clients.put(replace(a_client(), version=version))

    clients.put(replace(a_client(), version=number))

    assert clients.get("mdes").version == number


def test_of_several_who_change_a_client_at_once_one_wins(clients):
    clients.put(a_client())
    barrier, outcomes = Barrier(8), []

    def change(number):
        barrier.wait()
        try:
            clients.put(replace(a_client(), version=2, secret_hash=bytes([number]) * 32))
        except LostRace:
            outcomes.append(None)
        else:
            outcomes.append(number)

    threads = [Thread(target=change, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    winners = [each for each in outcomes if each is not None]
    assert len(outcomes) == 8
    assert [clients.get("mdes").secret_hash] == [bytes([each]) * 32 for each in winners]


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda clients: clients.get("mdes"), id="get"),
        pytest.param(lambda clients: clients.put(a_client()), id="put"),
        pytest.param(lambda clients: clients.all(), id="all"),
    ],
)
def test_a_database_that_is_away_is_unavailable(ask):
    with connect(NOBODY_LISTENS, pool=1) as connection:
        clients = MongoClients(connection["hub"], read_seconds=0.2, write_seconds=0.2)

        with pytest.raises(Unavailable):
            ask(clients)
