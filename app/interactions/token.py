"""Access tokens: issued to a client that proves who it is, and verified on every request.

OAuth 2.0 client credentials (RFC 6749 section 4.4), JWT access tokens (RFC 9068), ES256 only.
"""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from app.interactions.clients import ClientStore, RegisteredClient, secret_hash
from app.interactions.recent import RecentClients, RecentTokens, Verified
from app.model.access import Client, granted, parse_scopes
from app.model.errors import InvalidClient, InvalidScope, Malformed, Unauthenticated

ALGORITHM = "ES256"
TYPE = "at+jwt"
SKEW = 30
"""Seconds by which the clocks of two hub machines may differ."""
NOBODY = b"\0" * 32
"""Stands in for the hash of an unknown client, so that it costs the same time."""
CLAIMS = {
    "iss": str, "aud": str, "sub": str, "client_id": str, "scope": str,
    "jti": str, "iat": int, "exp": int, "cv": int,
}  # fmt: skip
"""The claims of an access token; `cv` is the version of the client it was issued to."""


@dataclass(frozen=True)
class TokenResponse:
    """A successful answer of the token endpoint; `expires_in` is in seconds."""

    access_token: str
    expires_in: int
    scope: str


@dataclass(frozen=True)
class Issuer:
    """The authorization server of one tenant.

    `url` is the tenant's base URL: issuer and audience at once, so that a token of one tenant is
    worth nothing at another. `minutes` is how long a token lives.
    """

    url: str
    key: ECKey
    minutes: int


class Tokens:
    """Issues and verifies one tenant's access tokens; client secrets are hashed under `pepper`."""

    def __init__(
        self,
        issuer: Issuer,
        pepper: bytes,
        clients: ClientStore,
        now: Callable[[], datetime],
    ) -> None:
        self._issuer = issuer.url
        self._key = issuer.key
        self._seconds = issuer.minutes * 60
        self._pepper = pepper
        self._clients = clients
        self._now = now
        self._recent = RecentClients(clients, now)
        self._verified = RecentTokens()
        self._header = self._signed({}).partition(".")[0]

    def issue(self, client_id: str, secret: str, scope: str | None = None) -> TokenResponse:
        """Return a token with the asked scopes, as far as the client is allowed them.

        Without `scope`, all that the client is allowed. Raises InvalidClient, for whatever reason
        alike, and InvalidScope when a scope is ill-formed or nothing asked for is allowed.
        """
        client = self._authenticated(client_id, secret)
        scopes = " ".join(sorted(_narrowed(scope, client)))
        at = int(self._now().timestamp())
        claims = {
            "iss": self._issuer,
            "aud": self._issuer,
            "sub": client.id,
            "client_id": client.id,
            "scope": scopes,
            "iat": at,
            "exp": at + self._seconds,
            "jti": secrets.token_urlsafe(16),
            "cv": client.version,
        }
        return TokenResponse(self._signed(claims), self._seconds, scopes)

    def verify(self, token: str) -> Client:
        """Return the client that a token was issued to; raise Unauthenticated for any other text.

        A client disabled or changed since then is noticed within seconds.
        """
        digest = sha256(token.encode("utf-8", "surrogatepass")).digest()
        at = self._now().timestamp()
        found = self._verified.get(digest)
        if found is None:
            found = self._checked(token, at)
            self._verified.put(digest, found)
        if found.expires <= at:
            raise _refusal()
        self._current(found.client.id, found.version)
        return found.client

    def jwks(self) -> dict[str, Any]:
        """Return the public keys that verify this hub's tokens (RFC 7517)."""
        return {"keys": [self._key.as_dict(private=False)]}

    def _authenticated(self, client_id: str, secret: str) -> RegisteredClient:
        client = self._clients.get(client_id)
        kept = client.secret_hash if client else NOBODY
        is_right = hmac.compare_digest(secret_hash(self._pepper, secret), kept)
        if client is None or not client.is_active or not is_right:
            raise InvalidClient("Client authentication failed.")
        return client

    def _signed(self, claims: dict[str, Any]) -> str:
        header = {"alg": ALGORITHM, "kid": self._key.kid, "typ": TYPE}
        return jwt.encode(header, claims, self._key, algorithms=[ALGORITHM], default_type=None)

    def _checked(self, token: str, at: float) -> Verified:
        # Our tokens share one header byte for byte: comparing it pins alg, typ, kid and crit, and
        # nothing a stranger wrote is parsed before its signature is known to be ours.
        if token.partition(".")[0] != self._header:
            raise _refusal()
        try:
            claims = jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError, RecursionError):
            raise _refusal() from None
        if not self._are_ours(claims, at):
            raise _refusal()
        partner = self._current(claims["sub"], claims["cv"]).partner
        client = Client(claims["sub"], frozenset(claims["scope"].split()), partner)
        return Verified(client, claims["cv"], claims["exp"])

    def _current(self, client_id: str, version: int) -> RegisteredClient:
        known = self._recent.get(client_id, version)
        if known is None or not known.is_active or known.version != version:
            raise _refusal()
        return known

    def _are_ours(self, claims: dict[str, Any], at: float) -> bool:
        # `type(...) is`, because a bool is an int to isinstance.
        return (
            all(type(claims.get(name)) is kind for name, kind in CLAIMS.items())
            and claims["iss"] == claims["aud"] == self._issuer
            and claims["sub"] == claims["client_id"]
            and claims["iat"] <= at + SKEW
            and at < claims["exp"] <= at + self._seconds + SKEW
        )


def _narrowed(scope: str | None, client: RegisteredClient) -> frozenset[str]:
    if scope is None:
        return client.scopes
    try:
        found = granted(parse_scopes(scope), client.scopes)
    except Malformed as error:
        raise InvalidScope(str(error), "scope") from None
    if not found:
        raise InvalidScope("None of the scopes asked for is allowed to this client.", "scope")
    return found


def _refusal() -> Unauthenticated:
    return Unauthenticated("The access token is not valid, or not valid any more.")
