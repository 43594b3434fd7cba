"""Facts for rules without a hub: rows in a dictionary, a fixed moment, counted ids."""

from datetime import UTC, datetime
from functools import cache
from itertools import count

from app import seed
from app.model.version import Key
from app.reference import load

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""A Monday, nine in the morning in Mississippi."""


class RuleFacts:
    """The seeded lookup rows, and the rows given."""

    def __init__(self, *rows, now=NOW):
        self.now = now
        self.reference = load()
        self._rows = {
            **lookups(),
            **{f"{each['resourceType']}/{each['id']}": each for each in rows},
        }
        self._ids = count(1)

    def add(self, reference, body):
        kind, _, id = reference.partition("/")
        self._rows[reference] = {**body, "resourceType": kind, "id": id}

    def row(self, reference):
        return self._rows.get(reference)

    def seen(self, reference):
        return self.row(reference)

    def about(self, kind, participant):
        return [
            each
            for each in self._rows.values()
            if each["resourceType"] == kind
            and each.get("participant", {}).get("reference") == participant
        ]

    def matches(self, criteria):
        raise AssertionError(f"No search is known for {criteria}.")

    def agency(self, party):
        row = self._rows.get(party or "")
        if row is None:
            return None
        if row["resourceType"] == "Agency":
            return party
        return row.get("agency", {}).get("reference")

    def guard(self, name):
        return "Agency/mdrs" if self.agency(name) == "Agency/mdrs" else None

    def new_id(self):
        return f"01985a2e-7c00-7000-8000-{next(self._ids):012}"


@cache
def lookups():
    """Return the seeded lookup rows by reference."""
    return {str(Key(key.type, key.id)): body for key, body in seed.rows("lookups").items()}
