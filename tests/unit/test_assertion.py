"""The table of assertions: the good ones open the door, all others are refused alike."""

import hmac
import json
import logging
from dataclasses import replace

import pytest
from joserfc import jwk

from app.interactions.identity.authentication import Assertion
from app.interactions.identity.clients import change, disable
from app.interactions.identity.jws_check import ASSERTION_ALGORITHMS
from app.interactions.identity.proof import NotProven
from app.model.errors import Unauthenticated
from assertions import (
    EC,
    JWKS_URL,
    OKP,
    RSA,
    STRANGER,
    TOKEN_URL,
    a_distant_client,
    a_keyed_client,
    form,
    proven,
    public,
    said,
)
from registrations import (
    AT,
    GRANT,
    SECRET,
    URL,
    Clock,
    a_client,
    a_hub,
    a_server,
    asked,
    encoded,
    some_clients,
)

HMAC_KEY = RSA.as_pem(private=False)


def unsigned(claims, **header):
    """Return an assertion that nobody signed."""
    whole = {"alg": "RS384", "typ": "JWT", "kid": "rsa", **header}
    return f"{encoded(json.dumps(whole).encode())}.{encoded(json.dumps(claims).encode())}."


def confused(claims):
    """Return an assertion whose signature is an HMAC under the client's public key."""
    content = unsigned(claims, alg="HS384").removesuffix(".")
    return f"{content}.{encoded(hmac.digest(HMAC_KEY, content.encode(), 'sha384'))}"


def swapped():
    """Return an assertion whose payload was exchanged under the signature."""
    head, _, signature = proven().split(".")
    return f"{head}.{encoded(json.dumps(said(jti='other')).encode())}.{signature}"


GOOD = {
    "RS384, SMART's first": proven(),
    "ES384, SMART's second": proven(key=EC, alg="ES384"),
    "the issuer as audience, among others": proven(said(aud=["https://else.example", URL])),
    "no iat, and all of five minutes": proven(said(iat=None, exp=AT + 300)),
    "PS384": proven(alg="PS384"),
    "EdDSA as libraries call it": proven(key=OKP, alg="EdDSA"),
    "Ed25519 as RFC 9864 calls it": proven(key=OKP, alg="Ed25519"),
    "the type of the revised RFC 7523": proven(typ="client-authentication+jwt"),
    "a clock 25 s ahead": proven(said(iat=AT + 25, exp=AT + 325)),
    "a clock 25 s behind": proven(said(iat=AT - 325, exp=AT - 25)),
}
BAD = {
    "signed by another key under the same kid": proven(key=STRANGER),
    "no kid": proven(kid=None),
    "an unknown kid": proven(kid="other"),
    "a kid of another type": unsigned(said(), kid=7),
    "the kid of a key of another type": proven(key=RSA, kid="ec"),
    "alg none": unsigned(said(), alg="none"),
    "HS384 with the public key": confused(said()),
    "RS256, which SMART does not list": proven(alg="RS256"),
    "ES256 under a key for ES384": unsigned(said(), alg="ES256", kid="ec"),
    "alg of another type": unsigned(said(), alg=["RS384"]),
    "an algorithm of another key type": unsigned(said(), alg="ES384"),
    "typ of an access token": proven(typ="at+jwt"),
    "no typ": proven(typ=None),
    "an embedded key": proven(key=STRANGER, jwk=STRANGER.as_dict(private=False)),
    "a jku that was not registered": proven(jku="https://evil.example/jwks"),
    "an unknown crit": unsigned(said(), crit=["x"], x=1),
    "an unencoded payload": unsigned(said(), b64=False),
    "the signature cut off": proven().rpartition(".")[0] + ".",
    "the payload swapped": swapped(),
    "another issuer": proven(said(iss="mdhs")),
    "no issuer": proven(said(iss=None)),
    "another subject": proven(said(iss="mdhs", sub="mdhs")),
    "an unknown client": proven(said(iss="nobody", sub="nobody")),
    "a subject that looks like a query": proven(said(sub={"$ne": None}, iss={"$ne": None})),
    "no subject": proven(said(sub=None)),
    "another audience": proven(said(aud="https://evil.example/token")),
    "an audience that only begins alike": proven(said(aud=TOKEN_URL + ".evil.example")),
    "no audience": proven(said(aud=None)),
    "no exp": proven(said(exp=None)),
    "expired": proven(said(exp=AT - 31)),
    "a year to live": proven(said(exp=AT + 31_536_000)),
    "exp infinite": proven(json.dumps(said(exp=0)).replace('"exp": 0', '"exp": 1e999').encode()),
    "exp NaN": proven(said(exp=float("nan"))),
    "exp text": proven(said(exp=str(AT + 240))),
    "exp true": proven(said(exp=True)),
    "issued later than it ends": proven(said(iat=AT + 20, exp=AT + 10)),
    "issued in the future": proven(said(iat=AT + 31)),
    "not yet valid": proven(said(nbf=AT + 31)),
    "a clock 400 s ahead": proven(said(iat=AT + 400, exp=AT + 700)),
    "a clock 400 s behind": proven(said(iat=AT - 400, exp=AT - 160)),
    "no jti": proven(said(jti=None)),
    "an empty jti": proven(said(jti="")),
    "jti a number": proven(said(jti=7)),
    "an endless jti": proven(said(jti="x" * 501)),
    "a name twice": proven(json.dumps(said()).replace("{", '{"sub": "mdhs", ', 1).encode()),
    "deep payload": proven(b"[" * 3_000),
    "deep value": proven(b'{"sub":' + b"[" * 2_000 + b"]" * 2_000 + b"}"),
    "huge number": proven(b'{"exp":' + b"9" * 5_000 + b"}"),
    "payload no object": proven(b"[1]"),
    "payload no UTF-8": proven(b"\xff\xfe"),
    "nothing but dots": "..",
    "five parts": "a.b.c.d.e",
    "not base64": "ü.ü.ü",
    "a lone surrogate": "\ud800.a.b",
}
FAILED = {"error": "invalid_client", "error_description": "Client authentication failed."}


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def clients():
    return some_clients(a_keyed_client(), a_keyed_client("mdhs", STRANGER))


@pytest.fixture
def tokens(clients, clock):
    return a_hub(clients, clock)


def reason(tokens, assertion, client_id=None):
    """Return why an assertion is refused, as the log learns it."""
    with pytest.raises(NotProven) as refusal:
        tokens.issue(Assertion(assertion, client_id))
    return refusal.value.reason


@pytest.mark.parametrize("assertion", GOOD.values(), ids=GOOD.keys())
def test_a_good_assertion_gets_a_token_that_opens_the_door(tokens, assertion):
    issued = tokens.issue(Assertion(assertion))

    client = tokens.verify(issued.access_token)
    assert (client.id, client.partner) == ("mdes", "Partner/mdes")


@pytest.mark.parametrize("assertion", BAD.values(), ids=BAD.keys())
def test_any_other_assertion_is_refused_and_the_answer_does_not_say_why(clients, assertion):
    http = a_server(clients, Clock())

    reply = asked(http, form(assertion.encode("utf-8", "replace").decode()))

    assert (reply.status_code, reply.json) == (401, FAILED)
    assert reply.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("assertion", BAD.values(), ids=BAD.keys())
def test_a_refused_assertion_leaves_its_number_unused(tokens, assertion):
    with pytest.raises(NotProven):
        tokens.issue(Assertion(assertion))

    assert tokens.issue(Assertion(proven())).client_id == "mdes"


def test_a_replayed_assertion_is_refused(tokens):
    tokens.issue(Assertion(proven()))

    assert reason(tokens, proven()) == "assertion-replay"


def test_a_replay_under_another_signature_is_refused_too(tokens):
    tokens.issue(Assertion(proven()))

    assert reason(tokens, proven(said(exp=AT + 250), key=EC, alg="ES384")) == "assertion-replay"


def test_two_clients_may_use_the_same_number(tokens):
    tokens.issue(Assertion(proven()))

    other = proven(said(iss="mdhs", sub="mdhs"), key=STRANGER)

    assert tokens.issue(Assertion(other)).client_id == "mdhs"


def test_the_client_id_beside_an_assertion_may_not_contradict_it(tokens):
    assert reason(tokens, proven(), "mdhs") == "assertion-client-id"
    assert tokens.issue(Assertion(proven(), "mdes")).client_id == "mdes"


def test_the_kid_of_two_fitting_keys_is_refused(clock):
    tokens = a_hub(some_clients(a_keyed_client("mdes", RSA, STRANGER)), clock)

    assert reason(tokens, proven()) == "assertion-key"


def test_a_key_is_only_good_for_its_own_algorithm(clock):
    key = jwk.RSAKey.import_key({**RSA.as_dict(private=True), "alg": "PS384"})
    tokens = a_hub(some_clients(a_keyed_client("mdes", key)), clock)

    assert reason(tokens, proven()) == "assertion-key"
    assert tokens.issue(Assertion(proven(alg="PS384"))).client_id == "mdes"


def test_a_client_with_a_secret_has_no_assertions(clock):
    tokens = a_hub(some_clients(a_client()), clock)

    assert reason(tokens, proven()) == "assertion-key"


def test_a_disabled_client_gets_no_token_and_those_it_has_end_within_five_seconds(
    tokens, clients, clock
):
    token = tokens.issue(Assertion(proven())).access_token
    tokens.verify(token)

    disable(clients, "mdes")

    assert reason(tokens, proven(said(jti="two"))) == "disabled"
    clock.forward(seconds=5)
    with pytest.raises(Unauthenticated):
        tokens.verify(token)


def test_another_key_ends_what_the_old_one_opened(tokens, clients):
    client = clients.get("mdes")
    change(clients, replace(client, jwks=public(EC)))

    assert reason(tokens, proven()) == "assertion-key"
    assert tokens.issue(Assertion(proven(key=EC, alg="ES384"))).client_id == "mdes"


def test_keys_at_an_address_open_the_door_and_the_address_may_be_named(clock):
    tokens = a_hub(some_clients(a_distant_client()), clock, fetch=lambda _: public(RSA).encode())

    assert tokens.issue(Assertion(proven(jku=JWKS_URL))).client_id == "mdes"
    assert reason(tokens, proven(said(jti="2"), jku=JWKS_URL + "?")) == "assertion-jku"


def test_an_address_that_does_not_answer_is_no_proof(clock):
    tokens = a_hub(some_clients(a_distant_client()), clock)

    assert reason(tokens, proven()) == "assertion-key"


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"client_assertion_type": "x"}, id="another type"),
        pytest.param({"client_assertion_type": ""}, id="no type"),
        pytest.param({"client_assertion": ""}, id="a type alone"),
    ],
)
def test_an_assertion_goes_with_its_type(clients, more):
    reply = asked(a_server(clients, Clock()), {**form(proven()), **more})

    assert (reply.status_code, reply.json) == (401, FAILED)


@pytest.mark.parametrize(
    ("more", "headers"),
    [
        pytest.param({"client_id": "mdes", "client_secret": SECRET}, {}, id="a secret in the form"),
        pytest.param({}, {"Authorization": "Basic bWRlczp4"}, id="Basic"),
    ],
)
def test_an_assertion_beside_another_proof_is_ambiguous(clients, more, headers):
    reply = asked(a_server(clients, Clock()), form(proven(), **more), headers)

    assert (reply.status_code, reply.json["error"]) == (400, "invalid_request")


def test_the_log_alone_learns_the_reason_and_nothing_that_was_sent(clients, caplog):
    http = a_server(clients, Clock())
    replayed = proven()
    asked(http, form(replayed))

    with caplog.at_level(logging.WARNING, "hub.token"):
        asked(http, form(replayed))
        asked(http, form(proven(said(iss="evil-1", sub="evil-1"))))
        asked(http, {**GRANT, "client_id": "evil-2", "client_secret": "evil-3"})

    assert [(line.fields["reason"], line.fields["client"]) for line in caplog.records] == [
        ("assertion-replay", "mdes"),
        ("assertion-unknown-client", None),
        ("unknown-client", None),
    ]
    assert "evil" not in str([vars(line) for line in caplog.records])


def test_discovery_says_what_assertions_are_read(clients):
    found = a_server(clients, Clock()).get("/v1/.well-known/smart-configuration").json

    assert "private_key_jwt" in found["token_endpoint_auth_methods_supported"]
    assert found["token_endpoint_auth_signing_alg_values_supported"] == list(ASSERTION_ALGORITHMS)
    assert {"RS384", "ES384"} <= set(ASSERTION_ALGORITHMS)
    assert "client-confidential-asymmetric" in found["capabilities"]
