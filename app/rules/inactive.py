"""Lookup rows are never deleted, only made inactive: new records may not point at those."""

from collections.abc import Collection

from app.model.errors import Issue
from app.model.resource_type import ResourceType
from app.rules.issues import fault
from app.rules.workflow import Facts, Move

DATED = "Assessment"
"""A lookup whose retirement has a day: the rule of scores says until when it may be named."""
TEXT = "This row is inactive; only records that named it before may go on naming it."


def faults(kind: ResourceType, move: Move, facts: Facts, lookups: Collection[str]) -> list[Issue]:
    """Return a fault for each inactive lookup row that a record did not name before.

    `lookups` are the types whose rows the state keeps.
    """
    if kind.is_lookup:
        return []
    before = {key for key, _ in kind.referred(move.former or {})}
    asked = set(lookups) - {DATED}
    gained = [each for each in kind.referred(move.body) if each[0] not in before]
    return [
        fault("inactive", TEXT, at)
        for key, at in gained
        if key.type in asked and (facts.row(str(key)) or {}).get("status") == "inactive"
    ]
