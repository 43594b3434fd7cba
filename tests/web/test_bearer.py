"""Who may enter: the bearer token of a request (RFC 6750)."""

import pytest

from app.interactions.identity.clients import disable
from registrations import GRANT, Clock, a_server, asked, basic, some_clients


@pytest.fixture
def clients():
    return some_clients()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def http(clients, clock):
    return a_server(clients, clock)


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"Authorization": "Bearer"}, id="no token"),
        pytest.param({"Authorization": "Bearer "}, id="an empty token"),
        pytest.param({"Authorization": "Bearer x.y.z"}, id="no token of ours"),
        pytest.param({"Authorization": "Bearer \xff.\xff.\xff"}, id="beyond ASCII"),
        pytest.param(basic(), id="Basic"),
    ],
)
def test_without_a_valid_bearer_token_nobody_enters(http, sent):
    assert http.get("/who", headers=sent).status_code == 401


def test_a_token_in_the_address_is_no_token(http):
    token = asked(http, GRANT, basic()).json["access_token"]

    assert http.get(f"/who?access_token={token}").status_code == 401


def test_the_scheme_of_a_bearer_token_may_have_any_case(http):
    token = asked(http, GRANT, basic()).json["access_token"]

    assert http.get("/who", headers={"Authorization": f"bearer  {token} "}).status_code == 200


def test_a_disabled_client_is_shut_out_within_five_seconds(http, clients, clock):
    token = asked(http, GRANT, basic()).json["access_token"]
    sent = {"Authorization": f"Bearer {token}"}
    assert http.get("/who", headers=sent).status_code == 200

    disable(clients, "mdes")
    clock.forward(seconds=5)

    assert http.get("/who", headers=sent).status_code == 401
