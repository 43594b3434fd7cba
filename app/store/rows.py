"""The current row of a resource: its text as answered, beside the keys it is found by."""

from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import Any

from pymongo.collection import Collection
from pymongo.database import Database

from app.model.version import Key, Marks, Version

Row = dict[str, Any]
CURRENT = {"r": 1, "x": 1, "d": 1, "n": 1, "at": 1, "by": 1, "ends": 1, "who": 1, "v": 1}
"""What a read needs of a row; search keys stay in the database."""
PART = 50
"""Most values of one `$in`."""


def some(ids: Iterable[str]) -> Iterator[list[str]]:
    """Yield the ids in parts, for one `$in` each: the embedded database slows down beyond it."""
    rest = list(ids)
    for start in range(0, len(rest), PART):
        yield rest[start : start + PART]


def row(version: Version, held: Row, keys: Row) -> Row:
    """Return the row of a version: the fields that hold its resource, and its search keys."""
    return {
        "_id": version.key.id,
        "n": version.number,
        "at": version.at,
        "by": version.by,
        **held,
        **marked(version.marks),
        **keys,
    }


def marked(marks: Marks) -> Row:
    """Return the fields that say whose a row is and whom it is about."""
    return {"ends": list(marks.ends), "who": marks.participant}


def marks_of(found: Row) -> Marks:
    """Return the marks that a row holds."""
    return Marks(tuple(found.get("ends", ())), found.get("who"))


def version(kind: str, found: Row) -> Version:
    """Return the version that a current row of type `kind` holds, what is protected left out."""
    at = found["at"].replace(tzinfo=UTC)
    key, signed = Key(kind, found["_id"]), marks_of(found)
    return Version(key, found["n"], at, found["by"], found["r"], marks=signed)


def current(database: Database[Row], kind: str) -> Collection[Row]:
    """Return the collection of the current versions of a type."""
    return database[f"current.{kind}"]
