"""The assertions that were used, one row each, which the database forgets by itself."""

from datetime import datetime
from typing import Any

from bson import Binary
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from app.store.deadline import deadline

Row = dict[str, Any]
COLLECTION = "replays"


class MongoReplays:
    """The used assertions of one tenant; see `app.interactions.identity.assertion.Replays`.

    The connection writes with `w: majority`, so that a use survives the loss of a primary.
    """

    def __init__(self, database: Database[Row], *, seconds: float = 5.0) -> None:
        self._rows = database[COLLECTION]
        self._seconds = seconds

    def claim(self, digest: bytes, until: datetime) -> bool:
        """Whether nobody used `digest` before; from now on somebody has, at least until then."""
        try:
            with deadline(self._seconds):
                self._rows.insert_one({"_id": Binary(digest), "until": until})
        except DuplicateKeyError:
            return False
        return True


def ensure(database: Database[Row]) -> None:
    """Let the database delete what is over."""
    database[COLLECTION].create_index("until", expireAfterSeconds=0)
