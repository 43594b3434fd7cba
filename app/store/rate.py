"""Counters that all workers share, one row for each name, which the database forgets by itself."""

from datetime import datetime
from typing import Any

from pymongo import ReturnDocument
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError
from pymongo.write_concern import WriteConcern

from app.store.deadline import deadline

Row = dict[str, Any]
COLLECTION = "rate"


class MongoCounter:
    """The counters of one tenant; see `app.interactions.limit.Counter`. Deadline in seconds.

    A count may be lost when the primary is; that is cheaper than a journal write for each.
    """

    def __init__(self, database: Database[Row], *, seconds: float = 2.0) -> None:
        self._rows = database[COLLECTION].with_options(write_concern=WriteConcern(w=1))
        self._seconds = seconds

    def count(self, name: str, until: datetime) -> int:
        """Return how often `name` was counted, this time included; forget it after `until`."""
        with deadline(self._seconds):
            # Two first counts at once: one of the upserts comes back empty-handed and is sent anew.
            return self._counted(name, until) or self._counted(name, until) or 1

    def _counted(self, name: str, until: datetime) -> int:
        try:
            row = self._rows.find_one_and_update(
                {"_id": name},
                {"$inc": {"count": 1}, "$setOnInsert": {"until": until}},
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
        except DuplicateKeyError:
            return 0
        return int(row["count"]) if row else 0


def ensure(database: Database[Row]) -> None:
    """Let the database delete what is over."""
    database[COLLECTION].create_index("until", expireAfterSeconds=0)
