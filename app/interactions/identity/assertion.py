"""Clients that prove who they are by a signed JWT: `private_key_jwt` as SMART tells it.

https://hl7.org/fhir/smart-app-launch/client-confidential-asymmetric.html, RFC 7523 section 3.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Protocol

from app.interactions.identity.clients import ID, ClientStore, RegisteredClient
from app.interactions.identity.jws_check import (
    ASSERTION_ALGORITHMS,
    BadToken,
    Unverified,
    audiences,
    number,
    taken_apart,
)
from app.interactions.identity.proof import NotProven
from app.interactions.identity.public_keys import Jwk, listed, signer
from app.interactions.identity.remote_keys import RemoteKeys

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TYPES = ("JWT", "client-authentication+jwt")
"""What `typ` may be: SMART's value, or that of the revised RFC 7523."""
LONGEST = 300
"""Most seconds that `exp` may lie ahead."""
SKEW = 30
"""Seconds by which a client's clock may differ from ours."""
MOST_JTI = 500
REMEMBERED = timedelta(minutes=5)
"""How long after its end an assertion is known to be used; database clocks differ as well."""


class Replays(Protocol):
    """The assertions that were used, known to all workers."""

    def claim(self, digest: bytes, until: datetime) -> bool:
        """Whether nobody used `digest` before; from now on somebody has, at least until then."""


@dataclass(frozen=True)
class Assertions:
    """Judges assertions; `audiences` are the names by which a client may address this tenant."""

    audiences: tuple[str, ...]
    clients: ClientStore
    remote: RemoteKeys
    replays: Replays
    now: Callable[[], datetime]

    def client(self, token: str, client_id: str | None = None) -> RegisteredClient:
        """Return the active client that signed `token`; raise NotProven for whatever reason.

        `client_id` is what the request says beside the assertion; it may not contradict it.
        """
        known: RegisteredClient | None = None
        try:
            assertion = taken_apart(token, frozenset(ASSERTION_ALGORITHMS))
            known = self._named(assertion, client_id)
            _refuse_header(assertion.header, known)
            assertion.verify(signer(self._keys(known, assertion.kid), assertion))
            until = self._refuse_claims(assertion.claims, known.id)
            self._refuse_replay(assertion.claims, known.id, until)
        except BadToken as fault:
            raise NotProven(f"assertion-{fault}", known.id if known else None) from None
        if not known.is_active:
            raise NotProven("disabled", known.id)
        return known

    def _named(self, assertion: Unverified, client_id: str | None) -> RegisteredClient:
        subject = assertion.claims.get("sub")
        if not (isinstance(subject, str) and ID.match(subject)):
            raise BadToken("sub")
        if client_id not in (None, subject):
            raise BadToken("client-id")
        known = self.clients.get(subject)
        if known is None:
            raise BadToken("unknown-client")
        return known

    def _keys(self, client: RegisteredClient, kid: str) -> Iterable[Jwk]:
        if client.jwks_url is not None:
            return self.remote.keys(client.jwks_url, kid)
        return listed(client.jwks.encode()) if client.jwks else ()

    def _refuse_claims(self, claims: dict[str, Any], client_id: str) -> datetime:
        """Return when an assertion ends; raise BadToken when its claims do not hold now."""
        at = self.now().timestamp()
        if not claims.get("iss") == claims.get("sub") == client_id:
            raise BadToken("iss")
        if not any(name in self.audiences for name in audiences(claims)):
            raise BadToken("aud")
        expires = number(claims, "exp")
        if expires is None or not at - SKEW < expires <= at + LONGEST + SKEW:
            raise BadToken("exp")
        begins = number(claims, "nbf")
        issued = number(claims, "iat")
        if any(each is not None and each > at + SKEW for each in (begins, issued)):
            raise BadToken("too-early")
        if issued is not None and issued > expires:
            raise BadToken("iat")
        return datetime.fromtimestamp(expires, UTC) + REMEMBERED

    def _refuse_replay(self, claims: dict[str, Any], client_id: str, until: datetime) -> None:
        jti = claims.get("jti")
        if not (isinstance(jti, str) and 0 < len(jti) <= MOST_JTI):
            raise BadToken("jti")
        spoken = f"{client_id}\0{jti}".encode("utf-8", "surrogatepass")
        if not self.replays.claim(sha256(spoken).digest(), until):
            raise BadToken("replay")


def _refuse_header(header: dict[str, Any], client: RegisteredClient) -> None:
    if header.get("typ") not in TYPES:
        raise BadToken("typ")
    if "jku" in header and (client.jwks_url is None or header["jku"] != client.jwks_url):
        raise BadToken("jku")
