"""The partner's own token of the hub, by its secret or its private key, renewed when it ends."""

import json
import secrets
import time
from collections.abc import Callable, Generator
from typing import Any
from urllib.parse import quote_plus

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey, import_key

from conformance.runner.config import Config, secret_in
from conformance.runner.problem import HubTrouble, Misconfigured

SECONDS = 60
"""How long an assertion is good; it is used at once."""
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = {"RSA": "RS384", "EC": "ES384", "OKP": "Ed25519"}
UNAUTHENTICATED = 401
BUSY = frozenset({429, 502, 503, 504})
TRIES, PAUSE = 4, 1.0
"""How often a busy hub is asked for a token, and the seconds between."""
REFUSALS = {
    "invalid_client": (
        "The hub does not accept this client: unknown, disabled, or its proof is wrong.",
        "Compare client and secret, or key, in wcf.yaml with what the hub's operator has for you.",
    ),
    "invalid_scope": (
        "The hub grants this client no scope at all.",
        "Ask the hub's operator for the scopes of your level.",
    ),
}
"""OAuth error → what it means here, and what to do (RFC 6749 section 5.2)."""


class Bearer(httpx.Auth):
    """Puts the partner's token on each request; gets a new one upon a 401, once."""

    requires_response_body = True

    def __init__(self, token_url: str, proof: Callable[[], httpx.Request]) -> None:
        self.token_url = token_url
        self.scope = ""
        self._proof = proof
        self._token = ""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Yield the request with a token; before it, what gets one."""
        if not self._token:
            yield from self._renewed()
        request.headers["Authorization"] = f"Bearer {self._token}"
        reply = yield request
        if reply.status_code == UNAUTHENTICATED:
            yield from self._renewed()
            request.headers["Authorization"] = f"Bearer {self._token}"
            yield request

    def _renewed(self) -> Generator[httpx.Request, httpx.Response, None]:
        """Yield what gets a token, again while the hub is busy."""
        for left in reversed(range(TRIES)):
            reply = yield self._proof()
            if reply.status_code not in BUSY or not left:
                self._keep(reply)
                return
            time.sleep(PAUSE)

    def _keep(self, reply: httpx.Response) -> None:
        try:
            found = reply.json()
            self._token, self.scope = str(found["access_token"]), str(found.get("scope", ""))
        except (ValueError, KeyError, TypeError):
            raise refusal(reply) from None


def refusal(reply: httpx.Response) -> Misconfigured | HubTrouble:
    """Return what it means that there is no token in an answer of the token endpoint."""
    try:
        code = str(reply.json()["error"])
    except (ValueError, KeyError, TypeError):
        code = ""
    if code in REFUSALS:
        return Misconfigured(*REFUSALS[code])
    return HubTrouble(f"The hub gives no token; it answered {reply.status_code}.")


def bearer(config: Config, token_url: str) -> Bearer:
    """Return what puts the configured client's token on requests.

    The first request raises Misconfigured when its secret or key is not there: what is wrong then
    is the proof, not the way to the hub.
    """

    def proof() -> httpx.Request:
        found = secret_in(config.key or config.secret, config.folder)
        if config.key:
            return _by_key(config.client, _key(found.encode()), token_url)
        return _by_secret(config.client, found, token_url)

    return Bearer(token_url, proof)


def _by_secret(client: str, secret: str, url: str) -> httpx.Request:
    # Both halves are form-encoded inside Basic (RFC 6749 section 2.3.1).
    basic = httpx.BasicAuth(quote_plus(client), quote_plus(secret))
    asked = httpx.Request("POST", url, data={"grant_type": "client_credentials"})
    return next(basic.auth_flow(asked))


def _by_key(client: str, key: Key, url: str) -> httpx.Request:
    issued = int(time.time())
    claims = {"iss": client, "sub": client, "aud": url, "iat": issued, "exp": issued + SECONDS}
    claims["jti"] = secrets.token_urlsafe(16)
    algorithm = str(key.get("alg") or ALGORITHMS[key.key_type])
    header = {"alg": algorithm, "kid": key.kid, "typ": "JWT"}
    text = jwt.encode(header, claims, key, algorithms=[algorithm])
    form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION}
    return httpx.Request("POST", url, data={**form, "client_assertion": text})


def _key(raw: bytes) -> Key:
    wrong = Misconfigured(
        "The key is no private key.",
        "key: file:PATH of a JWK, or a PEM without password; RSA, EC on P-384 or Ed25519.",
    )
    try:
        key = _from_pem(raw) if raw.startswith(b"-----BEGIN") else import_key(_jwk(raw))
    except (JoseError, ValueError, TypeError, KeyError):
        raise wrong from None
    if not key.is_private or key.key_type not in ALGORITHMS:
        raise wrong
    key.ensure_kid()
    return key


def _jwk(raw: bytes) -> dict[str, Any]:
    found = json.loads(raw)
    if not isinstance(found, dict):
        raise ValueError("no such key")  # noqa: TRY004 - as for any other text
    return found


def _from_pem(raw: bytes) -> Key:
    for kind in (OKPKey, ECKey, RSAKey):
        try:
            return kind.import_key(raw)
        except (JoseError, ValueError, TypeError):
            continue
    raise ValueError("no such key")
