"""The rows that publications are kept as, for commands that need no more of the hub."""

from typing import Any

from pymongo.database import Database

from app.model.codec import Resource, decode
from app.model.publication import SCHEMA_VERSION
from app.store import rows
from app.store.deadline import deadline

Row = dict[str, Any]


def schema_versions(database: Database[Row], *, seconds: float) -> list[Resource]:
    """Return the current SchemaVersion resources; nothing of them is encrypted.

    Raises Unavailable when the database does not answer within `seconds`.
    """
    with deadline(seconds):
        return [decode(each["r"]) for each in rows.current(database, SCHEMA_VERSION).find({})]
