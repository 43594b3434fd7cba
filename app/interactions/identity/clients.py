"""Registered clients: who may ask for a token, for which scopes, and on whose behalf.

A client is a system, never a person (RFC 6749 section 2).
"""

import hmac
import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Protocol

from app.model.access import purpose as purposes
from app.model.access.client import parse_scopes
from app.model.errors import Malformed, NotFound

ID = re.compile(r"[A-Za-z0-9\-.]{1,64}\Z", re.ASCII)
PARTNER = re.compile(r"Partner/[A-Za-z0-9\-.]{1,64}\Z", re.ASCII)
MOST_URL = 500
SECRET_BYTES = 32


@dataclass(frozen=True)
class RegisteredClient:
    """One registration; `version` counts its changes, and a token is only good for one version.

    `partner` is the reference `Partner/id` that the client writes for, None for state staff.
    It proves who it is by a secret, by the keys in the JWK set `jwks`, or by those published at
    `jwks_url`; `secret_hash` is HMAC-SHA-256 of the secret, which itself is kept nowhere.
    `purpose` is its purpose of use where a request names none.
    """

    id: str
    scopes: frozenset[str]
    partner: str | None
    secret_hash: bytes | None
    created: datetime
    status: Literal["active", "disabled"] = "active"
    version: int = 1
    jwks: str | None = None
    jwks_url: str | None = None
    purpose: str | None = None

    @property
    def is_active(self) -> bool:
        """Whether the client may have tokens, and whether those it has still count."""
        return self.status == "active"


class ClientStore(Protocol):
    """Where registrations live; every method raises Unavailable when the database is away."""

    def get(self, client_id: str) -> RegisteredClient | None:
        """Return the registration as it is now."""

    def put(self, client: RegisteredClient) -> None:
        """Store version 1 of a new client or the version that follows the stored one.

        Raises Duplicate when the id is taken, LostRace when someone else changed the client first.
        """

    def all(self) -> Iterable[RegisteredClient]:
        """Return every registration, ordered by id."""


def new_secret() -> str:
    """Return a fresh client secret: 32 random bytes, URL-safe."""
    return secrets.token_urlsafe(SECRET_BYTES)


def secret_hash(pepper: bytes, secret: str) -> bytes:
    """Return what is stored of a secret; a fast hash is enough for one nobody can guess."""
    return hmac.digest(pepper, secret.encode(), "sha256")


def registration(  # noqa: PLR0913 - the words of one registration
    client_id: str,
    scopes: str,
    partner: str | None,
    hashed: bytes | None,
    now: datetime,
    *,
    purpose: str | None = None,
) -> RegisteredClient:
    """Return the first version of a client, to be `put`; raise Malformed for an ill-formed word.

    A client without a hashed secret gets its keys by `with_keys`.
    """
    if not ID.match(client_id):
        raise Malformed("A client id is 1 to 64 letters, digits, hyphens or dots.", "id")
    if partner is not None and not PARTNER.match(partner):
        raise Malformed("A partner is named as Partner/id.", "partner")
    allowed = parse_scopes(scopes)
    if not allowed:
        raise Malformed("A client needs at least one scope.", "scope")
    if purpose is not None:
        purposes.refuse_unknown(purpose)
    return RegisteredClient(client_id, allowed, partner, hashed, now, purpose=purpose)


def with_keys(
    client: RegisteredClient, *, jwks: str | None = None, jwks_url: str | None = None
) -> RegisteredClient:
    """Return a registration that proves who it is by keys alone: a checked JWK set or its address.

    Whoever fetches judges an address; Malformed is raised for an endless one.
    """
    if jwks_url is not None and len(jwks_url) > MOST_URL:
        raise Malformed("The address of a JWK set is too long.", "jwks_url")
    return replace(client, secret_hash=None, jwks=jwks, jwks_url=jwks_url)


def joined(client: RegisteredClient, jwks: str) -> str:
    """Return a JWK set of the new keys and those that the client has now, for a change of keys.

    Keys from before the last change go. Raises Malformed when a new key has the kid of an old one.
    """
    new = json.loads(jwks)["keys"]
    old = json.loads(client.jwks)["keys"][:1] if client.jwks else []
    if {each["kid"] for each in new} & {each["kid"] for each in old}:
        raise Malformed("A key of that kid is registered already.", "jwks")
    return json.dumps({"keys": [*new, *old]}, sort_keys=True)


def registered(clients: ClientStore, client_id: str) -> RegisteredClient:
    """Return a registration; raise NotFound for an unknown id."""
    client = clients.get(client_id)
    if client is None:
        raise NotFound("No client of that id is registered.")
    return client


def disable(clients: ClientStore, client_id: str) -> RegisteredClient:
    """Take a client's tokens away, those already issued too; raise NotFound for an unknown id."""
    client = registered(clients, client_id)
    if not client.is_active:
        return client
    following = replace(client, status="disabled", version=client.version + 1)
    clients.put(following)
    return following


def renew(clients: ClientStore, client: RegisteredClient, hashed: bytes) -> RegisteredClient:
    """Give a client a new secret; the old one and its tokens stop working."""
    return change(clients, replace(client, secret_hash=hashed))


def change(clients: ClientStore, client: RegisteredClient) -> RegisteredClient:
    """Store a changed registration as the version that follows; the tokens it has end."""
    following = replace(client, version=client.version + 1)
    clients.put(following)
    return following
