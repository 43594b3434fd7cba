"""The limits of the token endpoint: who is held up, for how long, and who is not."""

import pytest

from app.interactions.identity.authentication import Secret
from app.model.errors import TooManyRequests
from registrations import (
    GRANT,
    SECRET,
    Clock,
    a_client,
    a_hub,
    a_server,
    asked,
    basic,
    some_clients,
)


@pytest.fixture
def clock():
    return Clock()


def statuses(http, times, headers):
    return [asked(http, GRANT, headers).status_code for _ in range(times)]


def test_beyond_the_limit_a_client_waits_for_the_next_minute(clock):
    http = a_server(some_clients(), clock, limits=(3, 100))
    clock.forward(seconds=20)

    found = statuses(http, 4, basic())
    last = asked(http, GRANT, basic())
    clock.forward(seconds=int(last.headers["Retry-After"]))

    assert found == [200, 200, 200, 429]
    assert last.headers["Retry-After"] == "40"
    assert last.headers["Cache-Control"] == "no-store"
    assert last.json["error"] == "temporarily_unavailable"
    assert statuses(http, 1, basic()) == [200]


def test_one_client_does_not_use_up_the_limit_of_another(clock):
    tokens = a_hub(some_clients(a_client(), a_client("mdhs")), clock, limits=(1, 100))
    tokens.issue(Secret("mdes", SECRET))

    assert tokens.issue(Secret("mdhs", SECRET)).client_id == "mdhs"
    with pytest.raises(TooManyRequests):
        tokens.issue(Secret("mdes", SECRET))


def test_nobody_locks_a_client_out_by_using_its_name(clock):
    http = a_server(some_clients(), clock, limits=(3, 100))

    wrong = statuses(http, 20, basic("mdes:wrong"))

    assert set(wrong) == {401}
    assert statuses(http, 1, basic()) == [200]


def test_an_address_is_held_up_whatever_it_sends(clock):
    http = a_server(some_clients(), clock, limits=(100, 5))

    found = statuses(http, 5, basic("nobody:x"))

    assert found == [401] * 5
    assert statuses(http, 1, basic()) == [429]
    elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
    assert asked(http, GRANT, basic(), environ_base=elsewhere).status_code == 200
