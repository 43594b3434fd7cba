"""Marks rows that were written before rows said whose they are; without it partners miss them."""

from typing import Any

from pymongo.collection import Collection

from app.model.resource_type import ResourceType
from app.store import rows

Row = dict[str, Any]


def mark(current: Collection[Row], kind: ResourceType) -> int:
    """Give the current rows of a type their marks where they have none; return how many."""
    if kind.is_lookup:
        return 0
    marked = 0
    for row in current.find({"ends": None}, rows.CURRENT):
        version = rows.version(kind.name, row)
        fields = rows.marked(kind.marks(version.resource))
        guard = {"_id": row["_id"], "n": row["n"]}
        marked += current.update_one(guard, {"$set": fields}).modified_count
    return marked
