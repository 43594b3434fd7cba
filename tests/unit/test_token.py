import base64
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import mongomock
import pytest
from joserfc import jwk, jwt
from joserfc.jws import serialize_compact

from app.interactions.clients import disable, registration, renew, secret_hash
from app.interactions.recent import RecentTokens, Verified
from app.interactions.token import Issuer, Tokens
from app.model.access import Client
from app.model.errors import InvalidClient, InvalidScope, Malformed, NotFound, Unauthenticated
from app.store.clients import MongoClients

URL = "https://hub.example/v1"
PEPPER = b"p" * 32
KEY = jwk.ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
OTHER_KEY = jwk.ECKey.generate_key("P-256", auto_kid=True)
START = datetime(2026, 1, 5, 12, tzinfo=UTC)
SECRET = "a-secret-only-tests-use"


class Clock:
    """A clock that a test moves by hand."""

    def __init__(self):
        self.time = START

    def __call__(self):
        return self.time

    def forward(self, **step):
        self.time += timedelta(**step)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def clients():
    found = MongoClients(mongomock.MongoClient(tz_aware=True)["hub"])
    found.put(a_client())
    return found


@pytest.fixture
def tokens(clients, clock):
    return a_hub(clients, clock)


def a_client(client_id="mdes", scopes="system/*.rs system/Referral.cruds"):
    hashed = secret_hash(PEPPER, SECRET)
    return registration(client_id, scopes, f"Partner/{client_id}", hashed, START)


def a_hub(clients, clock, url=URL, key=KEY):
    return Tokens(Issuer(url, key, minutes=5), PEPPER, clients, clock)


def claims(**changes):
    at = int(START.timestamp())
    whole = {
        "iss": URL,
        "aud": URL,
        "sub": "mdes",
        "client_id": "mdes",
        "scope": "system/*.rs",
        "iat": at,
        "exp": at + 300,
        "jti": "j",
        "cv": 1,
    }
    return {name: value for name, value in (whole | changes).items() if value is not None}


def signed(payload, key=KEY, **header):
    whole = {"alg": "ES256", "kid": key.kid, "typ": "at+jwt", **header}
    kept = {name: value for name, value in whole.items() if value is not None}
    text = payload if isinstance(payload, str) else json.dumps(payload)
    return serialize_compact(kept, text.encode(), key, algorithms=["ES256"])


def confused():
    """Return a token whose signature is an HMAC under our public key."""
    header = {"alg": "HS256", "kid": KEY.kid, "typ": "at+jwt"}
    content = pasted(header, claims()).rpartition(".")[0]
    return (
        f"{content}.{encoded(hmac.digest(KEY.as_pem(private=False), content.encode(), 'sha256'))}"
    )


def encoded(part):
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def pasted(header, payload):
    """Return a token that nobody signed."""
    return f"{encoded(json.dumps(header).encode())}.{encoded(json.dumps(payload).encode())}."


def test_a_token_names_the_client_its_partner_and_its_scopes(tokens):
    token = tokens.issue("mdes", SECRET).access_token

    assert tokens.verify(token) == Client(
        "mdes", frozenset({"system/*.rs", "system/Referral.cruds"}), "Partner/mdes"
    )


def test_a_token_is_what_rfc_9068_describes(tokens):
    answer = tokens.issue("mdes", SECRET, "system/Agency.r")

    token = jwt.decode(answer.access_token, jwk.KeySet.import_key_set(tokens.jwks()), ["ES256"])
    assert token.header == {"alg": "ES256", "kid": KEY.thumbprint(), "typ": "at+jwt"}
    assert token.claims["jti"]
    assert token.claims == claims(scope="system/Agency.r", jti=token.claims["jti"])
    assert (answer.expires_in, answer.scope) == (300, "system/Agency.r")


def test_two_tokens_are_never_the_same(tokens):
    assert tokens.issue("mdes", SECRET) != tokens.issue("mdes", SECRET)


def test_the_published_keys_hold_nothing_private(tokens):
    assert [set(key) for key in tokens.jwks()["keys"]] == [
        {"kty", "crv", "x", "y", "use", "alg", "kid"}
    ]


def test_asked_scopes_are_narrowed_and_the_answer_says_so(tokens):
    answer = tokens.issue("mdes", SECRET, "system/Agency.cruds system/Referral.cu hub/staff")

    assert answer.scope == "system/Agency.rs system/Referral.cu"
    assert tokens.verify(answer.access_token).scopes == set(answer.scope.split())


@pytest.mark.parametrize("scope", ["hub/staff", "system/Agency.d", "everything", "", " "])
def test_scopes_that_are_ill_formed_or_not_allowed_are_refused(tokens, scope):
    with pytest.raises(InvalidScope):
        tokens.issue("mdes", SECRET, scope)


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
            tokens.issue(client_id, secret)
        refusals.add(refusal.value.issues)

    assert len(refusals) == 1


def test_a_secret_under_another_pepper_is_worth_nothing(clients, clock):
    elsewhere = Tokens(Issuer(URL, KEY, 5), b"q" * 32, clients, clock)

    with pytest.raises(InvalidClient):
        elsewhere.issue("mdes", SECRET)


def test_a_hash_of_zeros_opens_no_client(clients, tokens):
    clients.put(replace(a_client("zero"), secret_hash=b"\0" * 32))

    with pytest.raises(InvalidClient):
        tokens.issue("zero", "")


def test_a_token_lives_five_minutes_and_not_a_second_longer(tokens, clock):
    token = tokens.issue("mdes", SECRET).access_token

    clock.forward(seconds=299)
    assert tokens.verify(token).id == "mdes"
    clock.forward(seconds=1)
    with pytest.raises(Unauthenticated):
        tokens.verify(token)


def test_a_token_is_worth_nothing_at_another_tenant_with_the_same_key(tokens, clients, clock):
    sandbox = a_hub(clients, clock, url="https://hub.example/cf/abc")

    with pytest.raises(Unauthenticated):
        sandbox.verify(tokens.issue("mdes", SECRET).access_token)


def test_a_token_survives_a_restart_and_other_workers(tokens, clients, clock):
    token = tokens.issue("mdes", SECRET).access_token

    assert a_hub(clients, clock).verify(token).id == "mdes"


def test_a_well_made_token_is_accepted_so_that_the_forgeries_below_mean_something(tokens):
    assert tokens.verify(signed(claims())).id == "mdes"


def test_a_small_difference_between_clocks_is_borne(tokens):
    at = int(START.timestamp())

    assert tokens.verify(signed(claims(iat=at + 25, exp=at + 325))).id == "mdes"


AT = int(START.timestamp())
FORGED = {
    "signed by another key": signed(claims(), OTHER_KEY),
    "another key under our kid": signed(claims(), OTHER_KEY, kid=KEY.kid),
    "another kid": signed(claims(), kid="other"),
    "no kid": signed(claims(), kid=None),
    "kid of another type": pasted({"alg": "ES256", "kid": 7, "typ": "at+jwt"}, claims()),
    "alg none": pasted({"alg": "none", "kid": KEY.kid, "typ": "at+jwt"}, claims()),
    "alg of another type": pasted({"alg": ["ES256"], "kid": KEY.kid, "typ": "at+jwt"}, claims()),
    "HS256 with the public key": confused(),
    "typ JWT": signed(claims(), typ="JWT"),
    "no typ": signed(claims(), typ=None),
    "an embedded key": signed(claims(), OTHER_KEY, jwk=OTHER_KEY.as_dict(private=False)),
    "an unknown crit": pasted(
        {"alg": "ES256", "kid": KEY.kid, "typ": "at+jwt", "crit": ["x"], "x": 1}, claims()
    ),
    "signature cut off": signed(claims()).rpartition(".")[0] + ".",
    "payload swapped": ".".join(
        [
            signed(claims()).split(".")[0],
            signed(claims(sub="x")).split(".")[1],
            signed(claims()).split(".")[2],
        ]
    ),
    "expired": signed(claims(iat=AT - 301, exp=AT - 1)),
    "expires now": signed(claims(exp=AT)),
    "expires too late": signed(claims(exp=AT + 3600)),
    "issued in the future": signed(claims(iat=AT + 400)),
    "another issuer": signed(claims(iss="https://evil.example")),
    "another audience": signed(claims(aud="https://evil.example")),
    "a list of audiences": signed(claims(aud=[URL])),
    "sub and client differ": signed(claims(client_id="state-staff")),
    "an unknown client": signed(claims(sub="nobody", client_id="nobody")),
    "an older client version": signed(claims(cv=0)),
    "a later client version": signed(claims(cv=2)),
    "deep payload": signed("[" * 5_000),
    "deep value": signed('{"iss":' + "[" * 2_000 + "]" * 2_000 + "}"),
    "huge number": signed('{"exp":' + "9" * 5000 + "}"),
    "payload no object": signed("[1]"),
    "payload no JSON": signed("{"),
    "payload no UTF-8": serialize_compact(
        {"alg": "ES256", "kid": KEY.kid, "typ": "at+jwt"}, b"\xff\xfe", KEY
    ),
    "exp NaN": signed(json.dumps(claims(exp=float("nan")))),
    "exp infinite": signed(json.dumps(claims(exp=float("inf")))),
    "exp text": signed(claims(exp=str(AT + 300))),
    "exp true": signed(claims(exp=True)),
    "exp a fraction": signed(claims(exp=AT + 299.5)),
    "scope a list": signed(claims(scope=["system/*.rs"])),
    "sub a number": signed(claims(sub=1, client_id=1)),
    "sub an object": signed(claims(sub={"$ne": None}, client_id={"$ne": None})),
    "cv true": signed(claims(cv=True)),
    **{f"without {name}": signed(claims(**{name: None})) for name in claims()},
    "nothing": "",
    "dots": "..",
    "five parts": "a.b.c.d.e",
    "not base64": "ü.ü.ü",
    "a lone surrogate": "\ud800.a.b",
    "our header and garbage": signed(claims()).split(".")[0] + ".ü.\ud800",
    "our header alone": signed(claims()).split(".")[0],
    "a deep header": encoded(b"[" * 100_000) + ".e30.e30",
}


@pytest.mark.parametrize("token", FORGED.values(), ids=FORGED.keys())
def test_a_token_we_did_not_issue_is_refused(tokens, token):
    with pytest.raises(Unauthenticated):
        tokens.verify(token)


def test_a_disabled_client_is_felt_within_five_seconds(tokens, clients, clock):
    token = tokens.issue("mdes", SECRET).access_token
    tokens.verify(token)

    disable(clients, "mdes")

    clock.forward(seconds=5)
    with pytest.raises(Unauthenticated):
        tokens.verify(token)


def test_a_disabled_client_gets_no_token_at_once(tokens, clients):
    disable(clients, "mdes")

    with pytest.raises(InvalidClient):
        tokens.issue("mdes", SECRET)


def test_a_new_secret_ends_the_old_tokens_and_its_own_work_at_once(tokens, clients, clock):
    old = tokens.issue("mdes", SECRET).access_token
    tokens.verify(old)
    renew(clients, clients.get("mdes"), secret_hash(PEPPER, "new"))

    new = tokens.issue("mdes", "new").access_token

    assert tokens.verify(new).id == "mdes"
    with pytest.raises(Unauthenticated):
        tokens.verify(old)


def test_a_clock_set_back_does_not_prolong_what_is_remembered(tokens, clients, clock):
    token = tokens.issue("mdes", SECRET).access_token
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


def test_only_a_registered_client_can_be_disabled(clients):
    with pytest.raises(NotFound):
        disable(clients, "nobody")


def test_disabling_twice_changes_nothing_more(clients):
    first = disable(clients, "mdes")

    second = disable(clients, "mdes")

    assert first == second == clients.get("mdes")
    assert (second.status, second.version) == ("disabled", 2)
