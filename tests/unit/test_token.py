from dataclasses import replace

import pytest
from joserfc import jwk, jwt

from app.interactions.identity.authentication import Secret
from app.interactions.identity.clients import disable, registration, renew, secret_hash
from app.interactions.identity.recent import RecentTokens, Verified
from app.model.access.client import Client
from app.model.errors import InvalidClient, InvalidScope, Malformed, NotFound, Unauthenticated
from registrations import (
    AT,
    KEY,
    PEPPER,
    SECRET,
    START,
    Clock,
    a_client,
    a_hub,
    claims,
    some_clients,
)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def clients():
    return some_clients()


@pytest.fixture
def tokens(clients, clock):
    return a_hub(clients, clock)


def test_a_token_names_the_client_its_partner_and_its_scopes(tokens):
    token = tokens.issue(Secret("mdes", SECRET)).access_token

    assert tokens.verify(token) == Client(
        "mdes", frozenset({"system/*.rs", "system/Referral.cruds"}), "Partner/mdes"
    )


def test_a_token_is_what_rfc_9068_describes(tokens):
    answer = tokens.issue(Secret("mdes", SECRET), "system/Agency.r")

    token = jwt.decode(answer.access_token, jwk.KeySet.import_key_set(tokens.jwks()), ["ES256"])
    assert token.header == {"alg": "ES256", "kid": KEY.thumbprint(), "typ": "at+jwt"}
    assert token.claims["jti"]
    assert token.claims == claims(scope="system/Agency.r", jti=token.claims["jti"])
    assert (answer.expires_in, answer.scope) == (300, "system/Agency.r")


def test_a_token_says_the_purpose_its_client_is_registered_with(clock):
    tokens = a_hub(some_clients(replace(a_client(), purpose="referral")), clock)

    token = tokens.issue(Secret("mdes", SECRET)).access_token

    found = jwt.decode(token, jwk.KeySet.import_key_set(tokens.jwks()), ["ES256"])
    assert found.claims["purpose"] == "referral"
    assert tokens.verify(token).purpose == "referral"


def test_two_tokens_are_never_the_same(tokens):
    assert tokens.issue(Secret("mdes", SECRET)) != tokens.issue(Secret("mdes", SECRET))


def test_the_published_keys_hold_nothing_private(tokens):
    assert [set(key) for key in tokens.jwks()["keys"]] == [
        {"kty", "crv", "x", "y", "use", "alg", "kid"}
    ]


def test_asked_scopes_are_narrowed_and_the_answer_says_so(tokens):
    answer = tokens.issue(
        Secret("mdes", SECRET), "system/Agency.cruds system/Referral.cu hub/staff"
    )

    assert answer.scope == "system/Agency.rs system/Referral.cu"
    assert tokens.verify(answer.access_token).scopes == set(answer.scope.split())


@pytest.mark.parametrize("scope", ["hub/staff", "system/Agency.d", "everything", "", " "])
def test_scopes_that_are_ill_formed_or_not_allowed_are_refused(tokens, scope):
    with pytest.raises(InvalidScope):
        tokens.issue(Secret("mdes", SECRET), scope)


def test_every_failed_authentication_is_told_alike(tokens, clients):
    clients.put(a_client("gone"))
    disable(clients, "gone")
    refusals = set()

    for client_id, secret in [
        ("mdes", "wrong"),
        ("mdes", ""),
        ("nobody", SECRET),
        ("gone", SECRET),
    ]:
        with pytest.raises(InvalidClient) as refusal:
            tokens.issue(Secret(client_id, secret))
        refusals.add(refusal.value.issues)

    assert len(refusals) == 1


def test_a_secret_under_another_pepper_is_worth_nothing(clients, clock):
    elsewhere = a_hub(clients, clock, pepper=b"q" * 32)

    with pytest.raises(InvalidClient):
        elsewhere.issue(Secret("mdes", SECRET))


def test_a_client_without_a_secret_is_opened_by_none(clients, tokens):
    clients.put(replace(a_client("zero"), secret_hash=None))

    with pytest.raises(InvalidClient):
        tokens.issue(Secret("zero", ""))


def test_a_token_lives_five_minutes_and_not_a_second_longer(tokens, clock):
    token = tokens.issue(Secret("mdes", SECRET)).access_token

    clock.forward(seconds=299)
    assert tokens.verify(token).id == "mdes"
    clock.forward(seconds=1)
    with pytest.raises(Unauthenticated):
        tokens.verify(token)


def test_a_token_is_worth_nothing_at_another_tenant_with_the_same_key(tokens, clients, clock):
    sandbox = a_hub(clients, clock, url="https://hub.example/cf/abc")

    with pytest.raises(Unauthenticated):
        sandbox.verify(tokens.issue(Secret("mdes", SECRET)).access_token)


def test_a_token_survives_a_restart_and_other_workers(tokens, clients, clock):
    token = tokens.issue(Secret("mdes", SECRET)).access_token

    assert a_hub(clients, clock).verify(token).id == "mdes"


def test_a_disabled_client_is_felt_within_five_seconds(tokens, clients, clock):
    token = tokens.issue(Secret("mdes", SECRET)).access_token
    tokens.verify(token)

    disable(clients, "mdes")

    clock.forward(seconds=5)
    with pytest.raises(Unauthenticated):
        tokens.verify(token)


def test_a_disabled_client_gets_no_token_at_once(tokens, clients):
    disable(clients, "mdes")

    with pytest.raises(InvalidClient):
        tokens.issue(Secret("mdes", SECRET))


def test_a_new_secret_ends_the_old_tokens_and_works_at_once(tokens, clients):
    old = tokens.issue(Secret("mdes", SECRET)).access_token
    tokens.verify(old)
    renew(clients, clients.get("mdes"), secret_hash(PEPPER, "new"))

    new = tokens.issue(Secret("mdes", "new")).access_token

    assert tokens.verify(new).id == "mdes"
    with pytest.raises(Unauthenticated):
        tokens.verify(old)


def test_a_clock_set_back_does_not_prolong_what_is_remembered(tokens, clients, clock):
    token = tokens.issue(Secret("mdes", SECRET)).access_token
    tokens.verify(token)
    disable(clients, "mdes")

    clock.forward(seconds=-1)

    with pytest.raises(Unauthenticated):
        tokens.verify(token)


def test_the_least_recently_used_token_is_forgotten_first():
    recent = RecentTokens(most=2)
    verified = Verified(Client("mdes", frozenset()), 1, AT)
    recent.put(b"1", verified)
    recent.put(b"2", verified)
    recent.get(b"1")

    recent.put(b"3", verified)

    assert [recent.get(digest) for digest in (b"1", b"2", b"3")] == [verified, None, verified]


@pytest.mark.parametrize(
    ("client_id", "scopes", "partner"),
    [
        pytest.param("", "system/*.rs", None, id="empty id"),
        pytest.param("a b", "system/*.rs", None, id="blank in the id"),
        pytest.param("é", "system/*.rs", None, id="letter beyond ASCII"),
        pytest.param("a" * 65, "system/*.rs", None, id="long id"),
        pytest.param("a\n", "system/*.rs", None, id="line end in the id"),
        pytest.param("a", "", None, id="no scope"),
        pytest.param("a", "all", None, id="ill-formed scope"),
        pytest.param("a", "system/*.rs", "mdes", id="partner without its type"),
        pytest.param("a", "system/*.rs", "Agency/mdes", id="no partner"),
    ],
)
def test_an_ill_formed_registration_is_refused(client_id, scopes, partner):
    with pytest.raises(Malformed):
        registration(client_id, scopes, partner, b"", START)


def test_a_purpose_is_one_of_the_list():
    with pytest.raises(Malformed):
        registration("a", "system/*.rs", None, b"", START, purpose="curiosity")


def test_only_a_registered_client_can_be_disabled(clients):
    with pytest.raises(NotFound):
        disable(clients, "nobody")


def test_disabling_twice_changes_nothing_more(clients):
    first = disable(clients, "mdes")

    second = disable(clients, "mdes")

    assert first == second == clients.get("mdes")
    assert (second.status, second.version) == ("disabled", 2)
