"""Clients that prove who they are by a key, their keys, and assertions made by hand."""

import json
from dataclasses import replace

from joserfc import jwk, jws
from joserfc.jws import JWSRegistry

from app.interactions.identity.assertion import TYPE
from app.interactions.identity.clients import with_keys
from registrations import AT, GRANT, URL, a_client

TOKEN_URL = f"{URL}/oauth/token"
JWKS_URL = "https://mdes.example/jwks.json"
RSA = jwk.RSAKey.generate_key(2048, {"kid": "rsa"})
EC = jwk.ECKey.generate_key("P-384", {"kid": "ec"})
OKP = jwk.OKPKey.generate_key("Ed25519", {"kid": "okp"})
STRANGER = jwk.RSAKey.generate_key(2048, {"kid": "rsa"})


def public(*keys):
    return json.dumps({"keys": [key.as_dict(private=False) for key in keys]})


def a_keyed_client(client_id="mdes", *keys, **how):
    """Return a client that proves who it is by these keys, three of them without a word."""
    return with_keys(a_client(client_id), jwks=public(*(keys or (RSA, EC, OKP))), **how)


def a_distant_client():
    """Return a client that publishes its keys at an address."""
    return with_keys(a_client(), jwks_url=JWKS_URL)


def said(**changes):
    """Return the claims of a good assertion; a change to None leaves the claim out."""
    whole = {
        "iss": "mdes",
        "sub": "mdes",
        "aud": TOKEN_URL,
        "iat": AT,
        "exp": AT + 240,
        "jti": "once",
    }
    return {name: value for name, value in (whole | changes).items() if value is not None}


class _Any(JWSRegistry):
    """Signs by any algorithm, also those that nobody should use."""

    def get_alg(self, name):
        return self.algorithms[name]


def proven(claims=None, key=RSA, **header):
    """Return an assertion; a header member of None is left out."""
    whole = {"alg": "RS384", "typ": "JWT", "kid": key.kid, **header}
    kept = {name: value for name, value in whole.items() if value is not None}
    content = claims if isinstance(claims, bytes) else json.dumps(claims or said()).encode()
    registry = _Any(strict_check_header=False, header_registry={})
    return jws.serialize_compact(kept, content, key, registry=registry)


def form(assertion, **more):
    """Return the form that sends an assertion."""
    return {**GRANT, "client_assertion_type": TYPE, "client_assertion": assertion, **more}


def disabled(client):
    return replace(client, status="disabled")
