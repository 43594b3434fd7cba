"""How a client proves who it is: by its secret or by an assertion, and by nothing else.

Every failure looks alike to the client (RFC 6749 section 5.2); the log alone learns the reason.
"""

import hmac
from dataclasses import dataclass

from app.interactions.identity.assertion import Assertions
from app.interactions.identity.clients import ID, ClientStore, RegisteredClient, secret_hash
from app.interactions.identity.proof import NotProven

NOBODY = b"\0" * 32
"""Stands in for the hash of an unknown client, so that it costs the same time."""


@dataclass(frozen=True, repr=False)
class Secret:
    """A client id with its secret (RFC 6749 section 2.3.1)."""

    client_id: str
    secret: str


@dataclass(frozen=True, repr=False)
class Assertion:
    """A signed JWT (RFC 7523 section 2.2) and the client id beside it, if one was sent."""

    token: str
    client_id: str | None = None


@dataclass(frozen=True)
class Authentication:
    """The door of one tenant's token endpoint; secrets are hashed under `pepper`."""

    pepper: bytes
    clients: ClientStore
    assertions: Assertions

    def client(self, proof: Secret | Assertion) -> RegisteredClient:
        """Return the active client that sent the proof; raise NotProven for whatever reason."""
        if isinstance(proof, Assertion):
            return self.assertions.client(proof.token, proof.client_id)
        return self._by_secret(proof)

    def _by_secret(self, proof: Secret) -> RegisteredClient:
        client = self.clients.get(proof.client_id) if ID.match(proof.client_id) else None
        kept = (client.secret_hash if client else None) or NOBODY
        is_right = hmac.compare_digest(secret_hash(self.pepper, proof.secret), kept)
        if client is None:
            raise NotProven("unknown-client")
        if not is_right:
            raise NotProven("wrong-secret" if client.secret_hash else "no-secret", client.id)
        if not client.is_active:
            raise NotProven("disabled", client.id)
        return client
