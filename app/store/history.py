"""The `versions` collection: every version of everything, newest first in one scalar order.

`t` joins lastUpdated and `_id`, so it is unique, grows with each version of a resource, and lets
every history page be one range on one key.
"""

from datetime import UTC
from typing import Any

from bson import ObjectId
from pymongo import ASCENDING, DESCENDING
from pymongo.client_session import ClientSession
from pymongo.collection import Collection

from app.model.history import HistoryQuery, position
from app.model.version import Key, Version, instant
from app.store import rows

Row = dict[str, Any]
FIELDS = ("type", "key", "n", "at", "by", "r", "x", "d", "t", "ends", "who", "v")
READ = dict.fromkeys(FIELDS, 1)


def ensure(versions: Collection[Row]) -> None:
    """Create the indexes of the three histories and of the work list of the change feed."""
    versions.create_index([("key", ASCENDING), ("t", ASCENDING)], name="instance")
    versions.create_index([("type", ASCENDING), ("t", ASCENDING)], name="type")
    versions.create_index([("t", ASCENDING)], name="system")
    versions.create_index([("pending", ASCENDING)], name="pending", sparse=True)


def row(version: Version, held: Row, stamp: ObjectId) -> Row:
    """Return the row of a version: the fields that hold its resource, and where it stands.

    `stamp` tells one commit's rows from any other's.

    `pending` says that the change feed does not hold it yet, and orders what is to be done.
    """
    name = f"{version.key}/{version.number}"
    t = position(version)
    return {
        "_id": name,
        "key": str(version.key),
        "type": version.key.type,
        "n": version.number,
        "at": version.at,
        "by": version.by,
        **held,
        "t": t,
        "w": stamp,
        "pending": t,
        **rows.marked(version.marks),
        **({"gone": True} if version.is_deleted else {}),
    }


def pending(versions: Collection[Row], most: int, session: ClientSession | None) -> list[Row]:
    """Return up to `most` rows that the change feed may not hold yet, in the order of `t`."""
    wanted = {"type": 1, "n": 1, "by": 1, "w": 1, "gone": 1}
    found = versions.find({"pending": {"$gt": ""}}, wanted, session=session)
    return list(found.sort([("pending", ASCENDING)]).limit(most))


def await_feed(versions: Collection[Row]) -> None:
    """Put every version on the work list of the change feed, where there was no feed before."""
    if versions.find_one({}, {"_id": 1}) is not None:
        versions.update_many({}, [{"$set": {"pending": "$t"}}])


def version(found: Row) -> Version:
    """Return the version that a row holds, what is protected left out."""
    at = found["at"].replace(tzinfo=UTC)
    key, signed = Key.parse(found["key"]), rows.marks_of(found)
    return Version(key, found["n"], at, found["by"], found["r"], marks=signed)


def is_written(versions: Collection[Row], inserts: list[Row]) -> bool:
    """Whether exactly these rows are stored, by the commit that made them."""
    parts = rows.some(each["_id"] for each in inserts)
    found = (row for ids in parts for row in versions.find({"_id": {"$in": ids}}, {"w": 1}))
    return {each["_id"]: each["w"] for each in found} == {
        each["_id"]: each["w"] for each in inserts
    }


def latest(versions: Collection[Row], key: Key) -> list[Row]:
    """Return the row of the newest version of a resource, a deletion included; none without."""
    return list(versions.find({"key": str(key)}, READ).sort([("t", DESCENDING)]).limit(1))


def page(versions: Collection[Row], asked: HistoryQuery) -> tuple[list[Row], str | None]:
    """Return the rows of one page, newest first, and the position to go on from, None at the end.

    One row more is read to know whether another page follows.
    """
    found = list(
        versions.find(_filter(asked), READ).sort([("t", DESCENDING)]).limit(asked.count + 1)
    )
    kept = found[: asked.count]
    more = len(found) > len(kept)
    return kept, kept[-1]["t"] if more and kept else None


def _filter(asked: HistoryQuery) -> Row:
    scope: Row = {}
    if asked.id is not None:
        scope["key"] = f"{asked.type}/{asked.id}"
    elif asked.type is not None:
        scope["type"] = asked.type
    bounds: Row = {}
    if asked.since is not None:
        bounds["$gte"] = instant(asked.since)
    if asked.before is not None:
        bounds["$lt"] = asked.before
    return {**scope, "t": bounds} if bounds else scope
