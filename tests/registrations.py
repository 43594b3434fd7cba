"""A registered client, the hub that knows it, its web routes, and tokens made by hand."""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import mongomock
from flask import Flask, g, jsonify
from joserfc import jwk
from joserfc.jws import serialize_compact

from app.interactions.identity.assertion import Assertions
from app.interactions.identity.authentication import Authentication
from app.interactions.identity.clients import registration, secret_hash
from app.interactions.identity.external_issuer import ExternalIssuer
from app.interactions.identity.rate import Rate
from app.interactions.identity.remote_keys import RemoteKeys
from app.interactions.identity.signing import SigningKeys, fixed
from app.interactions.identity.token import Issuer, Tokens
from app.model.audit.trail import Trail
from app.model.errors import Unauthenticated, Unavailable
from app.store.clients import MongoClients
from app.store.rate import MongoCounter
from app.store.replays import MongoReplays
from app.web import oauth
from app.web.bearer import bearer

ORIGIN = "https://hub.example"
URL = f"{ORIGIN}/v1"
PEPPER = b"p" * 32
SECRET = "s%+ecret"  # noqa: S105 - only tests use it; Basic carries these characters form-encoded
KEY = jwk.ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
OTHER_KEY = jwk.ECKey.generate_key("P-256", auto_kid=True)
START = datetime(2026, 1, 5, 12, tzinfo=UTC)
AT = int(START.timestamp())
GRANT = {"grant_type": "client_credentials"}


def nobody_answers(_url):
    """Stand for a network where nobody publishes keys."""
    raise Unavailable("Nobody answers.")


class Clock:
    """A clock that a test moves by hand."""

    def __init__(self):
        self.time = START

    def __call__(self):
        return self.time

    def forward(self, **step):
        self.time += timedelta(**step)


def a_client(client_id="mdes", scopes="system/*.rs system/Referral.cruds"):
    hashed = secret_hash(PEPPER, SECRET)
    return registration(client_id, scopes, f"Partner/{client_id}", hashed, START)


def some_clients(*wanted):
    found = MongoClients(mongomock.MongoClient(tz_aware=True)["hub"])
    for each in wanted or (a_client(),):
        found.put(each)
    return found


def a_hub(  # noqa: PLR0913 - each says how this hub differs from the usual one
    clients,
    clock,
    *,
    url=URL,
    pepper=PEPPER,
    keys=None,
    fetch=nobody_answers,
    limits=(1000, 1000),
    trust=None,
):
    """Return the tokens of a hub whose memory is its own, but for the registered clients."""
    database = mongomock.MongoClient(tz_aware=True)["hub"]
    remote = RemoteKeys(fetch, clock)
    assertions = Assertions(
        (f"{url}/oauth/token", url), clients, remote, MongoReplays(database), clock
    )
    return Tokens(
        Issuer(url, keys or fixed(SigningKeys(KEY)), minutes=5),
        Authentication(pepper, clients, assertions),
        Rate(MongoCounter(database), *limits, clock),
        clock,
        ExternalIssuer(trust, remote, clock) if trust else None,
    )


def a_server(clients, clock, **how):
    """Return a client of a server with the routes of this part and one that needs a token."""
    tokens = a_hub(clients, clock, **how)
    policies = SimpleNamespace(current=lambda: SimpleNamespace(parties={}))
    hub = SimpleNamespace(policies=policies)
    site = SimpleNamespace(tokens=tokens, origin=ORIGIN, base="/v1", url=URL, hub=hub)
    app = Flask(__name__)
    app.register_blueprint(oauth.blueprint(site))
    app.register_error_handler(Unauthenticated, lambda error: (str(error), 401))

    @app.before_request
    def begin():
        g.trail = Trail()

    @app.get("/who")
    def who():
        client = bearer(site)
        return jsonify(
            id=client.id,
            partner=client.partner,
            scopes=sorted(client.scopes),
            logged=g.client_id,
        )

    return app.test_client()


def basic(pair="mdes:s%25%2Becret", scheme="Basic"):
    return {"Authorization": f"{scheme} {base64.b64encode(pair.encode()).decode()}"}


def asked(http, form=None, headers=None, **more):
    return http.post("/v1/oauth/token", data=form or GRANT, headers=headers, **more)


def claims(**changes):
    """Return the claims of a good token; a change to None leaves the claim out."""
    whole = {
        "iss": URL,
        "aud": URL,
        "sub": "mdes",
        "client_id": "mdes",
        "scope": "system/*.rs",
        "iat": AT,
        "exp": AT + 300,
        "jti": "j",
        "cv": 1,
    }
    return {name: value for name, value in (whole | changes).items() if value is not None}


def signed(payload, key=KEY, **header):
    """Return a token that somebody signed; a header field of None is left out."""
    whole = {"alg": "ES256", "kid": key.kid, "typ": "at+jwt", **header}
    kept = {name: value for name, value in whole.items() if value is not None}
    content = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return serialize_compact(kept, content, key, algorithms=["ES256"])


def pasted(payload, **header):
    """Return a token that nobody signed."""
    whole = {"alg": "ES256", "kid": KEY.kid, "typ": "at+jwt", **header}
    return f"{encoded(json.dumps(whole).encode())}.{encoded(json.dumps(payload).encode())}."


def confused(payload):
    """Return a token whose signature is an HMAC under our public key."""
    content = pasted(payload, alg="HS256").rpartition(".")[0]
    digest = hmac.digest(KEY.as_pem(private=False), content.encode(), "sha256")
    return f"{content}.{encoded(digest)}"


def encoded(part):
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()
