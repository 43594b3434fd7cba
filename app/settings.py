"""Every setting of the hub, read once from the environment; nothing else reads it.

The docstring below each field is its row in the README's configuration table.
"""

import math
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal, Self, get_args

from app.fetch import accepted
from app.interactions.identity.external_issuer import Trust
from app.model.errors import Malformed

Seed = Literal["demo", "lookups", "none"]
PREFIX = "HUB_"
BASE = "/v1"
"""The production tenant's path below the origin."""


@dataclass(frozen=True)
class Settings:
    """The configuration of one hub; a wrong value stops the start with a sentence."""

    mongodb_uri: str = ""
    """Replica set or sharded cluster to use; empty starts the embedded database."""
    database: str = "hub"
    """Name of the MongoDB database that holds the production tenant."""
    data: Path = Path(".hub")
    """Folder for keys, demo secrets and, when it is embedded, the database."""
    schemas: Path = Path()
    """Folder of resource schemas to publish; empty means those that ship with the hub."""
    kms: Path = Path()
    """File that names the KMS for encryption, in pymongo's words; empty means local master keys
    in `kms.json` of the data folder."""
    host: str = "127.0.0.1"
    """Address to listen on."""
    port: int = 8080
    """Port to listen on; 0 takes a free one."""
    public_url: str = ""
    """Origin that clients use, such as https://hub.example.gov; empty means http://host:port."""
    workers: int = 2
    """Worker processes."""
    threads: int = 8
    """Threads in each worker."""
    waiting_per_thread: int = 16
    """Requests of a kind (reads, writes, searches) that may wait in a worker for each of its
    threads; beyond them the answer is 503."""
    waiting_seconds: float = 5.0
    """Longest a request should wait for a thread, in seconds; who would wait longer gets 503."""
    seed: Seed = "demo"
    """Rows made at the start when missing: `lookups` (Mississippi's tables), `demo` (also demo
    clients and participants) or `none`; with HUB_MONGODB_URI set the default is `lookups`."""
    token_minutes: int = 5
    """How long an access token lives, in minutes."""
    token_requests: int = 60
    """Most access tokens that one client gets in a minute, from all workers together."""
    token_requests_per_address: int = 600
    """Most token requests in a minute from one address; behind a proxy all have the proxy's."""
    secret_searches: int = 1000
    """Most searches by SSN that one client may do in an hour, from all workers together; further
    pages and totals count too."""
    jwks_private_hosts: str = ""
    """Hosts, comma-separated, whose key sets may be fetched from private addresses and by plain
    http; empty means public addresses and https only."""
    issuer: str = ""
    """Another issuer whose access tokens are accepted too, such as https://idp.example.gov; empty
    means none."""
    issuer_jwks: str = ""
    """Address of that issuer's JWK set."""
    issuer_audience: str = ""
    """What that issuer's tokens for this hub have as `aud`."""
    issuer_client_claim: str = "client_id"
    """The claim that holds the id of a client registered here."""
    issuer_algorithms: str = "RS256,ES256"
    """Signature algorithms of that issuer, comma-separated."""
    issuer_token_type: str = "at+jwt"  # noqa: S105, a media type
    """The `typ` of that issuer's access tokens; JWT for one that does not follow RFC 9068."""
    max_body_bytes: int = 8 * 1024 * 1024
    """Largest request body that is read, in bytes."""
    max_bundle_entries: int = 1000
    """Most entries in a batch or transaction."""
    max_count: int = 200
    """Most entries on one page of a search or history."""
    schema_grace_days: int = 180
    """How long, at least, a deprecated version of a schema is still served, in days."""
    schema_unused_days: int = 30
    """How long no client may have used a version of a schema before it is retired, in days."""
    feed_days: int = 90
    """How long the change feed is kept, in days; a reader away for longer reads everything anew."""
    audit_checkpoints: Path = Path()
    """File outside the database that checkpoints of the audit trail are added to, best on a disk
    that is written once; empty means audit-checkpoints.jsonl in the data folder."""
    read_seconds: float = 2.0
    """Longest a read may keep the database busy, in seconds; then the answer is 503."""
    write_seconds: float = 5.0
    """Longest a write may keep the database busy, in seconds; then the answer is 503."""
    bundle_seconds: float = 30.0
    """Longest the commit of a large transaction may keep the database busy, in seconds."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ, **given: Any) -> Self:
        """Return the settings of `environ`, `given` on top; raise ValueError naming the bad one."""
        found = {
            field.name: _read(field.name, field.type, environ[PREFIX + field.name.upper()])
            for field in fields(cls)
            if environ.get(PREFIX + field.name.upper())
        }
        asked = {**found, **{name: value for name, value in given.items() if value is not None}}
        if asked.get("mongodb_uri"):
            # Demo clients and invented participants never get into a real database unasked.
            asked.setdefault("seed", "lookups")
        made = cls(**asked)
        _refuse_half_an_issuer(made)
        return made

    def to_env(self, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
        """Return `environ` with these settings in it, for a child process that reads them back."""
        own = {PREFIX + name.upper(): str(value) for name, value in asdict(self).items()}
        return {**environ, **own}

    @property
    def grace_seconds(self) -> int:
        """Seconds that requests in flight have after SIGTERM: more than any database deadline."""
        return int(max(self.read_seconds, self.write_seconds, self.bundle_seconds)) + 5

    @property
    def private_hosts(self) -> frozenset[str]:
        """The hosts whose key sets may come from private addresses."""
        return frozenset(words(self.jwks_private_hosts))

    @property
    def trust(self) -> Trust | None:
        """The external issuer, if there is one; raise ValueError when it is configured by half."""
        if not self.issuer:
            return None
        return Trust(
            url=self.issuer,
            jwks_url=self.issuer_jwks,
            audience=self.issuer_audience,
            client_claim=self.issuer_client_claim,
            algorithms=words(self.issuer_algorithms),
            type=self.issuer_token_type,
        )

    @property
    def origin(self) -> str:
        """The scheme, host and port that links are built from, never a request's Host header."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"


def _refuse_half_an_issuer(settings: Settings) -> None:
    """Raise ValueError with a sentence when tokens of another issuer could not be judged."""
    if settings.trust is None:
        return
    try:
        accepted(settings.issuer_jwks, settings.private_hosts)
    except Malformed:
        raise ValueError("HUB_ISSUER_JWKS must be an address that begins with https://.") from None


def words(text: str) -> tuple[str, ...]:
    """Return the words of a comma-separated setting."""
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _read(name: str, kind: Any, text: str) -> Any:
    if kind == Seed and text not in get_args(Seed):
        raise ValueError(f"{PREFIX}{name.upper()} must be one of {', '.join(get_args(Seed))}.")
    if kind == Seed:
        return text
    try:
        value = kind(text)
    except ValueError:
        raise ValueError(f"{PREFIX}{name.upper()} must be a number.") from None
    least = 0 if name == "port" else 1e-3
    if isinstance(value, int | float) and not least <= value < math.inf:
        raise ValueError(f"{PREFIX}{name.upper()} is too small or too large.")
    return value
