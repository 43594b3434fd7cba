"""Tokens of a state's identity provider: who they let in, and for what."""

import json
from dataclasses import replace

import pytest
from joserfc import jwk

from app.interactions.identity.clients import change, disable
from app.interactions.identity.external_issuer import Trust
from app.model.capability import capability
from app.model.errors import Unauthenticated, Unavailable
from assertions import proven
from registrations import AT, KEY, Clock, a_client, a_hub, a_server, claims, signed, some_clients

IDP = "https://idp.example"
PROVIDER = jwk.RSAKey.generate_key(2048, {"kid": "idp"})
TRUST = Trust(IDP, f"{IDP}/jwks", audience="wioa-hub", client_claim="azp")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def clients():
    purpose = replace(a_client(), purpose="referral")
    return some_clients(purpose)


@pytest.fixture
def tokens(clients, clock):
    return a_hub(clients, clock, trust=TRUST, fetch=publishing)


def publishing(url):
    assert url == TRUST.jwks_url
    return json.dumps({"keys": [PROVIDER.as_dict(private=False)]}).encode()


def told(**changes):
    whole = {
        "iss": IDP,
        "aud": ["account", "wioa-hub"],
        "sub": "service-account-7",
        "azp": "mdes",
        "scope": "openid system/*.r https://idp.example/other",
        "iat": AT,
        "exp": AT + 3600,
    }
    return {name: value for name, value in (whole | changes).items() if value is not None}


def foreign(key=PROVIDER, header=None, **changes):
    return proven(told(**changes), key, **{"alg": "RS256", "typ": "at+jwt", **(header or {})})


def test_a_token_of_the_provider_is_bound_by_what_is_registered_here(tokens):
    client = tokens.verify(foreign(scope="openid system/*.cruds hub/staff"))

    assert (client.id, client.partner, client.purpose) == ("mdes", "Partner/mdes", "referral")
    assert client.scopes == {"system/*.rs", "system/Referral.cruds"}


def test_a_narrower_scope_stays_narrow_whatever_its_form(tokens):
    assert tokens.verify(foreign()).scopes == {"system/*.r", "system/Referral.r"}
    assert tokens.verify(foreign(scope=None, scp=["system/Agency.r"])).scopes == {"system/Agency.r"}


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(foreign(jwk.RSAKey.generate_key(2048, {"kid": "idp"})), id="another key"),
        pytest.param(foreign(header={"kid": "other"}), id="an unknown kid"),
        pytest.param(foreign(header={"kid": None}), id="no kid"),
        pytest.param(foreign(header={"alg": "RS512"}), id="an algorithm that is not configured"),
        pytest.param(foreign(header={"typ": "JWT"}), id="an ID token"),
        pytest.param(foreign(header={"typ": None}), id="no typ"),
        pytest.param(foreign(iss="https://evil.example"), id="another issuer"),
        pytest.param(foreign(aud="other"), id="another audience"),
        pytest.param(foreign(aud=None), id="no audience"),
        pytest.param(foreign(exp=AT), id="expired"),
        pytest.param(foreign(exp=None), id="no end"),
        pytest.param(foreign(exp="soon"), id="an end that is no number"),
        pytest.param(foreign(nbf=AT + 31), id="not yet valid"),
        pytest.param(foreign(iat=AT + 400), id="issued in the future"),
        pytest.param(foreign(azp="nobody"), id="an unknown client"),
        pytest.param(foreign(azp=None), id="no client"),
        pytest.param(foreign(azp={"$ne": None}), id="a client that looks like a query"),
        pytest.param(foreign(scope="openid"), id="no scope of ours"),
        pytest.param(foreign(scope="hub/staff"), id="no scope that is allowed"),
        pytest.param(foreign(scope=7), id="a scope that is no text"),
        pytest.param(signed(claims(iss=IDP), KEY, kid="other"), id="our key under its name"),
    ],
)
def test_any_other_token_is_refused(tokens, token):
    with pytest.raises(Unauthenticated):
        tokens.verify(token)


def test_without_a_configured_provider_its_tokens_are_nothing(clients, clock):
    with pytest.raises(Unauthenticated):
        a_hub(clients, clock).verify(foreign())


def test_a_provider_that_is_down_leaves_good_tokens_good_for_an_hour(clients, clock):
    is_up = True

    def fetch(url):
        if not is_up:
            raise Unavailable("Down.")
        return publishing(url)

    tokens = a_hub(clients, clock, trust=TRUST, fetch=fetch)
    tokens.verify(foreign())
    is_up = False
    clock.forward(minutes=59)

    assert tokens.verify(foreign(jti="unseen")).id == "mdes"

    clock.forward(minutes=1)
    with pytest.raises(Unauthenticated):
        tokens.verify(foreign(jti="late", exp=AT + 7200))


def test_a_disabled_client_is_out_within_five_seconds(tokens, clients, clock):
    token = foreign()
    tokens.verify(token)
    disable(clients, "mdes")

    clock.forward(seconds=5)

    with pytest.raises(Unauthenticated):
        tokens.verify(token)


def test_fewer_scopes_here_are_felt_within_five_seconds(tokens, clients, clock):
    token = foreign(scope="system/*.cruds")
    tokens.verify(token)
    change(clients, replace(clients.get("mdes"), scopes=frozenset({"system/Agency.r"})))

    clock.forward(seconds=5)

    assert tokens.verify(token).scopes == {"system/Agency.r"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"jwks_url": ""},
        {"audience": ""},
        {"client_claim": ""},
        {"algorithms": ()},
        {"algorithms": ("HS256",)},
        {"algorithms": ("none",)},
    ],
    ids=str,
)
def test_a_half_configured_provider_stops_the_start(wrong):
    with pytest.raises(ValueError, match=r"[Ii]ssuer"):
        replace(TRUST, **wrong)


def test_discovery_and_metadata_name_the_provider(clients, clock, registry):
    http = a_server(clients, clock, trust=TRUST, fetch=publishing)
    found = http.get("/v1/.well-known/smart-configuration").json
    statement = capability(
        registry, "u", max_body_bytes=1, max_count=1, max_bundle_entries=1, issuer=IDP
    )

    assert found["accepted_issuers"] == [IDP]
    assert IDP in statement["rest"][0]["security"]["description"]
