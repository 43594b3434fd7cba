"""How far scans of stored documents have come, one row for each."""

from typing import Any

from pymongo.database import Database

from app.store.deadline import deadline

Row = dict[str, Any]
SCANS = "scans"


class MongoScans:
    """The scans of one tenant; see `Scans`. Deadline in seconds."""

    def __init__(self, database: Database[Row], *, seconds: float = 5.0) -> None:
        self._rows = database[SCANS]
        self._seconds = seconds

    def get(self, name: str) -> Row | None:
        """Return what was kept under a name."""
        with deadline(self._seconds):
            row = self._rows.find_one({"_id": name})
        return row["state"] if row else None

    def put(self, name: str, state: Row) -> None:
        """Keep a state under a name, in the place of what was there."""
        with deadline(self._seconds):
            self._rows.replace_one({"_id": name}, {"_id": name, "state": state}, upsert=True)
