"""How many requests the token endpoint takes in a minute.

Anybody counts against the address that asks; a client counts only once it has proven who it is,
so that nobody can lock another out by using its name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.interactions.limit import Counter, Limit

MINUTE = 60
TEXT = "Too many token requests; a token can be used again until it expires."


@dataclass(frozen=True)
class Rate:
    """The two limits, in requests a minute."""

    counter: Counter
    client: int
    address: int
    now: Callable[[], datetime]

    def refuse_address(self, address: str) -> None:
        """Count one request from an address; raise TooManyRequests beyond the limit."""
        self._limit(self.address).refuse(f"address {address}")

    def refuse_client(self, client_id: str) -> None:
        """Count one proof by a client; raise TooManyRequests beyond the limit."""
        self._limit(self.client).refuse(f"client {client_id}")

    def _limit(self, most: int) -> Limit:
        return Limit(self.counter, self.now, most, MINUTE, TEXT)
