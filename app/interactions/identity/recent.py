"""What a worker remembers for a while, so that most requests verify and read nothing anew."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from app.interactions.identity.clients import ClientStore, RegisteredClient
from app.model.access.client import Client

FRESH = timedelta(seconds=4)
"""How long a registration is believed; with the request under way, less than five seconds."""
MOST_TOKENS = 4096


@dataclass(frozen=True)
class Verified:
    """What a verified token said; `expires` is in seconds since 1970.

    `is_bound` says that the token is worth nothing once the client has another version; a token of
    an external issuer knows no versions and is read again then.
    """

    client: Client
    version: int
    expires: int
    is_bound: bool = True


class RecentTokens:
    """Verified tokens by their SHA-256; the least recently used goes first."""

    def __init__(self, most: int = MOST_TOKENS) -> None:
        self._most = most
        self._lock = Lock()
        self._found: OrderedDict[bytes, Verified] = OrderedDict()

    def get(self, digest: bytes) -> Verified | None:
        """Return what the token said, if it was verified here and is still remembered."""
        with self._lock:
            found = self._found.get(digest)
            if found is not None:
                self._found.move_to_end(digest)
            return found

    def put(self, digest: bytes, verified: Verified) -> None:
        """Remember a token that was verified."""
        with self._lock:
            self._found[digest] = verified
            if len(self._found) > self._most:
                self._found.popitem(last=False)

    def clear(self) -> None:
        """Forget all, since other keys count now."""
        with self._lock:
            self._found.clear()


class RecentClients:
    """Registrations as they were at most FRESH ago."""

    def __init__(self, clients: ClientStore, now: Callable[[], datetime]) -> None:
        self._clients = clients
        self._now = now
        self._found: dict[str, tuple[datetime, RegisteredClient | None]] = {}

    def get(self, client_id: str, version: int) -> RegisteredClient | None:
        """Return the registration, read again when it is stale or older than `version`.

        A signed token with a higher version proves that the client has changed since.
        """
        at = self._now()
        found = self._found.get(client_id)
        if found is not None:
            read_at, client = found
            is_fresh = timedelta(0) <= at - read_at < FRESH
            if is_fresh and client is not None and client.version >= version:
                return client
        client = self._clients.get(client_id)
        self._found[client_id] = at, client
        return client
