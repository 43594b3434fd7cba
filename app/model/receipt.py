"""Idempotency keys: the same request sent twice is done once and answered twice.

After the IETF draft "The Idempotency-Key HTTP Header Field". The receipt is stored in the
transaction of the write itself, so a crash leaves either both or neither.
"""

from dataclasses import dataclass
from datetime import datetime

from app.model.conflicts import KeyReused


@dataclass(frozen=True)
class Once:
    """A request under an idempotency key of one client; `fingerprint` tells it from any other."""

    client_id: str
    key: str
    fingerprint: str

    @property
    def id(self) -> str:
        """The name of the receipt: keys of different clients never meet."""
        return f"{self.client_id}|{self.key}"


@dataclass(frozen=True)
class Receipt:
    """What was done under a key: `outcome`, and the version it left or the text it was answered.

    `reference` is `Type/id` and `number` its version; both are empty when only `answer` counts.
    """

    once: Once
    outcome: str
    at: datetime
    reference: str = ""
    number: int = 0
    answer: str = ""

    def refuse_other(self, once: Once) -> None:
        """Raise KeyReused when `once` is another request under the same key."""
        if once.fingerprint != self.once.fingerprint:
            raise KeyReused("This key was used for another request.", "Idempotency-Key")
