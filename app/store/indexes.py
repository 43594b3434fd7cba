"""The indexes of current rows, made from the annotations: one for every search parameter.

All ascending, each with `_id` last, so that an equality also gives the order of pages.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from pymongo import ASCENDING, IndexModel
from pymongo.database import Database

from app.model.resource_type import ResourceType
from app.store.filters import field_of

MOST = 64
"""Indexes that MongoDB allows on one collection, the one on `_id` included."""


class Index(NamedTuple):
    """A name and the fields, ascending."""

    name: str
    fields: tuple[str, ...]


def indexes(kind: ResourceType) -> list[Index]:
    """Return the indexes of a type; raise ValueError when MongoDB would not take so many."""
    found = [
        Index("guard", ("_id", "n")),
        *(Index(name, (name, "_id")) for name in ("at", "refs", "ends")),
        *(Index(field, (field, "_id")) for field in map(field_of, kind.parameters.values())),
    ]
    if len(found) >= MOST:
        most = MOST - 1 - len(found) + len(kind.parameters)
        raise ValueError(
            f"{kind.name} {kind.version} declares {len(kind.parameters)} search parameters; "
            f"a collection has room for the indexes of {most}."
        )
    return found


def collection_name(kind: str) -> str:
    """Return the name of the collection that holds the current rows of a type."""
    return f"current.{kind}"


def ensure(database: Database[dict[str, Any]], kinds: Iterable[ResourceType]) -> None:
    """Create the indexes that are missing; best while collections are empty."""
    wanted = {kind.name: indexes(kind) for kind in kinds}
    for name, each in wanted.items():
        collection = database[collection_name(name)]
        present = collection.index_information()
        missing = [
            IndexModel([(field, ASCENDING) for field in fields], name=index)
            for index, fields in each
            if index not in present
        ]
        if missing:
            collection.create_indexes(missing)
