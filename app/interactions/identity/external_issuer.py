"""Access tokens of another issuer, such as a state's identity provider (RFC 9068).

Its signature says who asks; what they may do is only ever what the client is registered for here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.interactions.identity.clients import ID
from app.interactions.identity.jws_check import (
    KEY_FORMS,
    BadToken,
    Unverified,
    audiences,
    number,
    taken_apart,
)
from app.interactions.identity.public_keys import signer
from app.interactions.identity.remote_keys import RemoteKeys
from app.model.access.client import granted, parse_scopes
from app.model.errors import Malformed

SKEW = 30
"""Seconds by which the issuer's clock may differ from ours."""


@dataclass(frozen=True)
class Trust:
    """What is configured of an issuer.

    `url` is what its tokens say as `iss`, `jwks_url` where its keys are, `client_claim` the claim
    that holds the id of a client registered here, `type` the `typ` that its tokens have.
    """

    url: str
    jwks_url: str
    audience: str
    client_claim: str = "client_id"
    algorithms: tuple[str, ...] = ("RS256", "ES256")
    type: str = "at+jwt"

    def __post_init__(self) -> None:
        """Raise ValueError for a configuration that would let anybody in, or nobody."""
        if not (self.jwks_url and self.audience and self.client_claim):
            raise ValueError("An external issuer needs its JWK set, an audience and a claim.")
        if not self.algorithms or not KEY_FORMS.keys() >= set(self.algorithms):
            raise ValueError(f"The issuer's algorithms are some of {', '.join(KEY_FORMS)}.")


@dataclass(frozen=True)
class Foreign:
    """What a good token of the issuer says: the client's id, the scopes it names, its end."""

    client_id: str
    scopes: frozenset[str]
    expires: int


@dataclass(frozen=True)
class ExternalIssuer:
    """Judges the tokens of one trusted issuer; its keys are kept an hour while it is down."""

    trust: Trust
    remote: RemoteKeys
    now: Callable[[], datetime]

    def read(self, token: str) -> Foreign:
        """Return what a token says; raise BadToken unless the issuer signed it for us, for now."""
        found = taken_apart(token, frozenset(self.trust.algorithms))
        # RFC 9068 section 4 allows both forms, in any case.
        kind = str(found.header.get("typ", "")).lower().removeprefix("application/")
        if kind != self.trust.type.lower():
            raise BadToken("typ")
        if found.claims.get("iss") != self.trust.url:
            raise BadToken("iss")
        found.verify(signer(self.remote.keys(self.trust.jwks_url, found.kid), found))
        return self._judged(found)

    def _judged(self, token: Unverified) -> Foreign:
        claims, at = token.claims, self.now().timestamp()
        if self.trust.audience not in audiences(claims):
            raise BadToken("aud")
        expires = number(claims, "exp")
        if expires is None or expires <= at:
            raise BadToken("exp")
        early = [number(claims, name) for name in ("nbf", "iat")]
        if any(each is not None and each > at + SKEW for each in early):
            raise BadToken("too-early")
        client_id = claims.get(self.trust.client_claim)
        if not (isinstance(client_id, str) and ID.match(client_id)):
            raise BadToken("client-claim")
        return Foreign(client_id, _scopes(claims), int(expires))

    def bounded(self, found: Foreign, allowed: frozenset[str]) -> frozenset[str]:
        """Return the scopes of a token as far as the registration covers them; BadToken if none."""
        scopes = granted(found.scopes, allowed)
        if not scopes:
            raise BadToken("scope")
        return scopes


def _scopes(claims: dict[str, Any]) -> frozenset[str]:
    """Return those scopes of a token that are ours; issuers add words such as `openid`."""
    named = claims.get("scope", claims.get("scp"))
    words = named.split() if isinstance(named, str) else named
    if not isinstance(words, list):
        return frozenset()
    return frozenset(word for word in words if isinstance(word, str) and _is_ours(word))


def _is_ours(word: str) -> bool:
    try:
        return parse_scopes(word) == {word}
    except Malformed:
        return False
