"""Pins and uses of schema versions: one row for each client and type, one for each version used."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pymongo import UpdateOne
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from app.interactions.publishing.usage import Name, Use
from app.store.deadline import deadline

Row = dict[str, Any]
PINS, USES = "pins", "uses"


class MongoUses:
    """The pins and uses of one tenant; see `Uses`. Deadlines in seconds."""

    def __init__(
        self, database: Database[Row], *, read_seconds: float = 2.0, write_seconds: float = 5.0
    ) -> None:
        self._pins = database[PINS]
        self._uses = database[USES]
        self._read_seconds = read_seconds
        self._write_seconds = write_seconds

    def pins(self, client: str) -> Mapping[str, str]:
        """Return the versions that a client is pinned to, by type."""
        with deadline(self._read_seconds):
            rows = list(self._pins.find({"client": client}))
        return {row["type"]: row["version"] for row in rows if row["version"]}

    def pin(self, client: str, kind: str, version: str, *, over: bool) -> None:
        """Pin a client to a version of a type; over a pin that is there only if told to."""
        self._put(client, kind, version, over=over)

    def unpin(self, client: str, kind: str) -> None:
        """Let a client follow the current version of a type, from now on."""
        self._put(client, kind, None, over=True)

    def count(self, uses: Mapping[Name, int], at: datetime) -> None:
        """Add to the counts."""
        changes = [
            UpdateOne(
                {"_id": " ".join(name)},
                {
                    "$inc": {"count": number},
                    "$max": {"last": at},
                    "$setOnInsert": dict(zip(("client", "type", "version"), name, strict=True)),
                },
                upsert=True,
            )
            for name, number in uses.items()
        ]
        if changes:
            with deadline(self._write_seconds):
                self._uses.bulk_write(changes, ordered=False)

    def of(self, kind: str | None = None, client: str | None = None) -> Sequence[Use]:
        """Return the uses of a type, or by a client."""
        asked = {name: value for name, value in (("type", kind), ("client", client)) if value}
        with deadline(self._read_seconds):
            return [_use(row) for row in self._uses.find(asked)]

    def _put(self, client: str, kind: str, version: str | None, *, over: bool) -> None:
        row = {"client": client, "type": kind, "version": version}
        change = {"$set" if over else "$setOnInsert": row}
        with deadline(self._write_seconds):
            try:
                self._pins.update_one({"_id": f"{client} {kind}"}, change, upsert=True)
            except DuplicateKeyError:
                # Another worker met the client at the same instant; its pin is as good.
                self._pins.update_one({"_id": f"{client} {kind}"}, change)


def ensure(database: Database[Row]) -> None:
    """Create the indexes that are missing."""
    database[PINS].create_index("client")
    database[USES].create_index("type")
    database[USES].create_index("client")


def _use(row: Row) -> Use:
    last = row["last"].replace(tzinfo=UTC)
    return Use(row["client"], row["type"], row["version"], row["count"], last)
