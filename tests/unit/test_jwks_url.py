"""The tokens of a whole hub, whose clients and identity provider publish their keys by HTTP."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import mongomock
import pytest

from app.composition import now, open_tokens
from app.interactions.identity.authentication import Assertion
from app.interactions.identity.clients import registration, with_keys
from app.interactions.identity.proof import NotProven
from app.keyring.keys import Keys
from app.model.errors import Unauthenticated
from app.settings import Settings
from app.store.clients import MongoClients
from assertions import EC, RSA, proven, public, said


class Publishing(BaseHTTPRequestHandler):
    """Answers every request with the same keys."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(public(RSA, EC).encode())

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def url():
    """Yield an address of this machine where the keys are."""
    with HTTPServer(("127.0.0.1", 0), Publishing) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/jwks"
        server.shutdown()
        thread.join()


def a_hub(folder, url, **settings):
    """Return the settings and the tokens of a hub with one client whose keys are at `url`."""
    chosen = Settings(data=folder, **settings)
    database = mongomock.MongoClient(tz_aware=True)
    client = registration("mdes", "system/*.rs", "Partner/mdes", None, now())
    MongoClients(database[chosen.database]).put(with_keys(client, jwks_url=url))
    return chosen, open_tokens(chosen, database, Keys.load_or_create(folder))


def an_assertion(settings, **header):
    at = int(now().timestamp())
    claims = said(aud=f"{settings.origin}/v1/oauth/token", iat=at, exp=at + 60)
    return Assertion(proven(claims, EC, alg="ES384", **header))


def test_a_client_proves_itself_by_the_keys_at_its_address(tmp_path, url):
    settings, tokens = a_hub(tmp_path, url, jwks_private_hosts="127.0.0.1")

    issued = tokens.issue(an_assertion(settings, jku=url))

    assert tokens.verify(issued.access_token).partner == "Partner/mdes"


def test_an_address_inside_is_not_asked_unless_the_operator_says_so(tmp_path, url):
    settings, tokens = a_hub(tmp_path, url)

    with pytest.raises(NotProven) as refusal:
        tokens.issue(an_assertion(settings))

    assert refusal.value.reason == "assertion-key"


def test_the_tokens_of_the_configured_issuer_open_the_door(tmp_path, url):
    at = int(now().timestamp())
    claims = {
        "iss": "https://idp.example",
        "aud": "wioa-hub",
        "client_id": "mdes",
        "scope": "system/Agency.rs",
        "iat": at,
        "exp": at + 60,
    }
    _, tokens = a_hub(
        tmp_path,
        url,
        jwks_private_hosts="127.0.0.1",
        issuer="https://idp.example",
        issuer_jwks=url,
        issuer_audience="wioa-hub",
    )

    client = tokens.verify(proven(claims, alg="RS256", typ="at+jwt"))

    assert (client.id, client.scopes) == ("mdes", {"system/Agency.rs"})
    with pytest.raises(Unauthenticated):
        tokens.verify(proven({**claims, "aud": "other"}, alg="RS256", typ="at+jwt"))
