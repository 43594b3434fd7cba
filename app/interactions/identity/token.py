"""Access tokens: issued to a client that proves who it is, and verified on every request.

OAuth 2.0 client credentials (RFC 6749 section 4.4), JWT access tokens (RFC 9068), ES256 only.
"""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError

from app.interactions.identity.authentication import Assertion, Authentication, Secret
from app.interactions.identity.clients import RegisteredClient
from app.interactions.identity.external_issuer import ExternalIssuer
from app.interactions.identity.jws_check import BadToken
from app.interactions.identity.rate import Rate
from app.interactions.identity.recent import RecentClients, RecentTokens, Verified
from app.interactions.identity.signing import ALGORITHM, SigningKeySource
from app.model.access.client import Client, granted, parse_scopes
from app.model.errors import InvalidScope, Malformed, Unauthenticated

_log = logging.getLogger("hub.token")
SKEW = 30
"""Seconds by which the clocks of two hub machines may differ."""
CLAIMS = {
    "iss": str, "aud": str, "sub": str, "client_id": str, "scope": str,
    "jti": str, "iat": int, "exp": int, "cv": int,
}  # fmt: skip
"""The claims of every access token; `cv` is the version of the client it was issued to."""


@dataclass(frozen=True)
class TokenResponse:
    """A successful answer of the token endpoint; `expires_in` is in seconds."""

    client_id: str
    access_token: str
    expires_in: int
    scope: str


@dataclass(frozen=True)
class Issuer:
    """The authorization server of one tenant.

    `url` is the tenant's base URL: issuer and audience at once, so that a token of one tenant is
    worth nothing at another. `keys` sign; `minutes` is how long a token lives.
    """

    url: str
    keys: SigningKeySource
    minutes: int


class Tokens:
    """Issues and verifies one tenant's access tokens.

    Those of an `external` issuer are verified too, when there is one.
    """

    def __init__(
        self,
        issuer: Issuer,
        door: Authentication,
        rate: Rate,
        now: Callable[[], datetime],
        external: ExternalIssuer | None = None,
    ) -> None:
        self._issuer = issuer.url
        self._keys = issuer.keys
        self._seconds = issuer.minutes * 60
        self._door = door
        self._rate = rate
        self._now = now
        self._external = external
        self._recent = RecentClients(door.clients, now)
        self._verified = RecentTokens()
        self._seen = issuer.keys()

    @property
    def external_issuer(self) -> str | None:
        """The other issuer whose tokens are accepted, if there is one."""
        return self._external.trust.url if self._external else None

    def admit(self, address: str) -> None:
        """Count a token request from an address; raise TooManyRequests beyond its limit."""
        self._rate.refuse_address(address)

    def issue(self, proof: Secret | Assertion, scope: str | None = None) -> TokenResponse:
        """Return a token with the asked scopes, as far as the client is allowed them.

        Without `scope`, all that the client is allowed. Raises InvalidClient, for whatever reason
        alike, TooManyRequests beyond the client's limit, and InvalidScope when a scope is
        ill-formed or nothing asked for is allowed.
        """
        client = self._door.client(proof)
        self._rate.refuse_client(client.id)
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
        purpose = {"purpose": client.purpose} if client.purpose else {}
        text = self._keys().signed(claims | purpose)
        return TokenResponse(client.id, text, self._seconds, scopes)

    def verify(self, token: str) -> Client:
        """Return the client that a token was issued to; raise Unauthenticated for any other text.

        A client disabled or changed since then is noticed within seconds.
        """
        self._forget_if_rotated()
        digest = sha256(token.encode("utf-8", "surrogatepass")).digest()
        at = self._now().timestamp()
        found = self._verified.get(digest)
        if found is not None and not found.is_bound:
            known = self._recent.get(found.client.id, found.version)
            found = found if known is not None and known.version == found.version else None
        if found is None:
            found = self._checked(token, at)
            self._verified.put(digest, found)
        if found.expires <= at:
            raise _refusal()
        self._current(found.client.id, found.version)
        return found.client

    def jwks(self) -> dict[str, Any]:
        """Return the public keys that verify this hub's tokens (RFC 7517)."""
        return self._keys().published()

    def _forget_if_rotated(self) -> None:
        keys = self._keys()
        if keys is not self._seen:
            # A key that is gone, perhaps because it leaked, vouches for nothing any more.
            self._seen = keys
            self._verified.clear()

    def _checked(self, token: str, at: float) -> Verified:
        # Another worker may sign with a key that was rotated in a moment ago.
        key = self._keys().key_of(token) or self._keys(at_once=True).key_of(token)
        if key is None:
            return self._foreign(token)
        try:
            claims = jwt.decode(token, key, algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError, RecursionError):
            raise _refusal() from None
        if not self._are_ours(claims, at):
            raise _refusal()
        known = self._current(claims["sub"], claims["cv"])
        scopes = frozenset(claims["scope"].split())
        client = Client(known.id, scopes, known.partner, claims.get("purpose"))
        return Verified(client, claims["cv"], claims["exp"])

    def _foreign(self, token: str) -> Verified:
        """Return what a token of the external issuer says; without one nobody is believed."""
        if self._external is None:
            raise _refusal()
        try:
            found = self._external.read(token)
            known = self._recent.get(found.client_id, 0)
            if known is None:
                raise _refusal()
            scopes = self._external.bounded(found, known.scopes)
        except BadToken as fault:
            _log.warning("access token refused", extra={"fields": {"reason": str(fault)}})
            raise _refusal() from None
        client = Client(known.id, scopes, known.partner, known.purpose)
        return Verified(client, known.version, found.expires, is_bound=False)

    def _current(self, client_id: str, version: int) -> RegisteredClient:
        known = self._recent.get(client_id, version)
        if known is None or not known.is_active or known.version != version:
            raise _refusal()
        return known

    def _are_ours(self, claims: dict[str, Any], at: float) -> bool:
        # `type(...) is`, because a bool is an int to isinstance.
        return (
            all(type(claims.get(name)) is kind for name, kind in CLAIMS.items())
            and isinstance(claims.get("purpose", ""), str)
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
