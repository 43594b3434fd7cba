"""Public keys that others publish at an address, remembered for a while.

A fetch happens at most every half minute for one address, however many tokens name a key that is
not there; while the address does not answer, what it said last counts for an hour.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock

from app.interactions.identity.public_keys import Jwk, listed
from app.model.errors import HubError, Malformed, Unavailable

FRESH = timedelta(minutes=5)
PAUSE = timedelta(seconds=30)
KEPT = timedelta(hours=1)
LONG_AGO = datetime.min.replace(tzinfo=UTC)

Fetch = Callable[[str], bytes]
"""Returns what an address answers; raises Unavailable or Malformed when there is no answer."""

_log = logging.getLogger("hub.keys")


@dataclass
class _Known:
    """What is known of one address; one thread asks it at a time."""

    keys: list[Jwk] = field(default_factory=list)
    read: datetime = LONG_AGO
    tried: datetime = LONG_AGO
    lock: Lock = field(default_factory=Lock)


class RemoteKeys:
    """The keys at the addresses of registered clients and of the external issuer."""

    def __init__(self, fetch: Fetch, now: Callable[[], datetime]) -> None:
        self._fetch = fetch
        self._now = now
        self._known: dict[str, _Known] = {}

    def keys(self, url: str, kid: str) -> list[Jwk]:
        """Return the keys at `url`, read anew when they are old or `kid` is not among them.

        Empty when the address has not answered for an hour.
        """
        known = self._known.setdefault(url, _Known())
        with known.lock:
            at = self._now()
            is_enough = at - known.read < FRESH and any(key.get("kid") == kid for key in known.keys)
            if not is_enough and at - known.tried >= PAUSE:
                known.tried = at
                self._refresh(known, url, at)
            return known.keys if at - known.read < KEPT else []

    def _refresh(self, known: _Known, url: str, at: datetime) -> None:
        try:
            known.keys = listed(self._fetch(url))
        except (Unavailable, Malformed) as error:
            _log.warning("A JWK set could not be read.", extra={"fields": _told(error)})
        else:
            known.read = at


def _told(error: HubError) -> dict[str, str]:
    return {"reason": str(error)}
