"""What a write would append; nothing is written here.

One write is one plan; a transaction bundle is many plans and one commit.
"""

from dataclasses import dataclass

from app.model.query import Query
from app.model.version import Key, Version

NEW = ("created", "updated", "deleted")
"""The outcomes that append a version."""


@dataclass(frozen=True)
class Plan:
    """The version that a write leaves, and what must hold when it is committed.

    `outcome` is one of NEW, or `unchanged`, `existing`, or `gone` for what was deleted before.
    `also` is what the same commit writes besides, as the rules say; `answer` is what an operation
    says of it all.
    """

    outcome: str
    version: Version
    held: frozenset[Key] = frozenset()
    absent: tuple[Query, ...] = ()
    also: tuple["Plan", ...] = ()
    answer: str = ""

    @property
    def is_new(self) -> bool:
        """Whether there is a version to append."""
        return self.outcome in NEW
