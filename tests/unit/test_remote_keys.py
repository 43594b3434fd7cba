"""Keys at an address: how often they are asked for, and how long the old ones count."""

import json
from threading import Thread

import pytest

from app.interactions.identity.remote_keys import RemoteKeys
from app.model.errors import Unavailable
from assertions import EC, JWKS_URL, RSA, public
from registrations import Clock


class Publisher:
    """An address whose answer a test changes; counts how often it is asked."""

    def __init__(self, text):
        self.text = text
        self.asked = 0

    def __call__(self, url):
        assert url == JWKS_URL
        self.asked += 1
        if self.text is None:
            raise Unavailable("Nobody answers.")
        return self.text.encode()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def publisher():
    return Publisher(public(RSA))


@pytest.fixture
def remote(publisher, clock):
    return RemoteKeys(publisher, clock)


def kids(remote, kid="rsa"):
    return [key["kid"] for key in remote.keys(JWKS_URL, kid)]


def test_keys_are_asked_for_once_in_five_minutes(remote, publisher, clock):
    found = [kids(remote)]
    clock.forward(seconds=299)
    found.append(kids(remote))
    assert publisher.asked == 1

    clock.forward(seconds=1)
    found.append(kids(remote))

    assert publisher.asked == 2
    assert found == [["rsa"]] * 3


def test_a_new_key_is_found_at_once_and_an_unknown_one_asked_for_twice_a_minute(
    remote, publisher, clock
):
    kids(remote)
    publisher.text = public(RSA, EC)
    clock.forward(seconds=30)

    assert kids(remote, "ec") == ["rsa", "ec"]
    for _ in range(20):
        kids(remote, "nowhere")

    assert publisher.asked == 2


@pytest.mark.parametrize("answer", [None, "no JSON", "[]", json.dumps({"keys": 7})])
def test_while_the_address_is_down_the_old_keys_count_for_an_hour(remote, publisher, clock, answer):
    kids(remote)
    publisher.text = answer

    clock.forward(minutes=59)
    assert kids(remote) == ["rsa"]
    clock.forward(minutes=1)
    assert kids(remote) == []


def test_an_address_that_is_down_is_asked_twice_a_minute(remote, publisher, clock):
    publisher.text = None
    for _ in range(60):
        assert kids(remote) == []
        clock.forward(seconds=1)

    assert publisher.asked == 2


def test_many_at_once_ask_once(remote, publisher):
    threads = [Thread(target=kids, args=(remote,)) for _ in range(16)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert publisher.asked == 1
