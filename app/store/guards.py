"""What else must hold for a commit: nothing matches some criteria, an idempotency key is new."""

from collections.abc import Iterable, Sequence
from datetime import UTC, timedelta
from hashlib import sha256
from typing import Any

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from app.model.conflicts import AlreadyDone, Matched
from app.model.query import Query
from app.model.receipt import Once, Receipt
from app.store import rows
from app.store.filters import filters

Row = dict[str, Any]
Session = ClientSession | None
DUPLICATE_KEY = 11000
RECEIPT_HOURS = 72
"""How long an idempotency key is remembered, in hours."""
LOCK_SECONDS = 3600
"""How long a lock row stays after its last use; only two uses at once need it."""


def ensure(database: Database[Row]) -> None:
    """Create the indexes that let old receipts and locks go."""
    database["idempotency"].create_index([("until", ASCENDING)], name="until", expireAfterSeconds=0)
    database["locks"].create_index([("at", ASCENDING)], name="at", expireAfterSeconds=LOCK_SECONDS)


def sign(database: Database[Row], receipts: Sequence[Receipt], session: Session) -> None:
    """Store the receipts; raise AlreadyDone when one of the keys was used."""
    made = [_receipt_row(each) for each in receipts]
    if made and first_taken(database["idempotency"], made, session) is not None:
        raise AlreadyDone("A request with this idempotency key was sent before.")


def receipt(database: Database[Row], name: str) -> Receipt | None:
    """Return the receipt of that name, None when the key is new or forgotten."""
    row = database["idempotency"].find_one({"_id": name})
    if row is None:
        return None
    once = Once(row["client"], row["key"], row["fingerprint"])
    at = row["at"].replace(tzinfo=UTC)
    return Receipt(once, row["outcome"], at, row["reference"], row["number"], row["answer"])


def refuse_matched(
    database: Database[Row], absent: Iterable[tuple[Query, ObjectId]], session: Session
) -> None:
    """Raise Matched when a search finds something, or another commit asks the same right now.

    Writing the lock row of the criteria makes two transactions that ask the same conflict, so
    that the second one sees what the first one created.
    """
    taken: set[str] = set()
    for query, stamp in absent:
        name = _lock_name(query)
        mark = {"$set": {"by": stamp}, "$currentDate": {"at": True}}
        database["locks"].update_one({"_id": name}, mark, upsert=True, session=session)
        if name in taken or _is_found(database, query, session):
            raise Matched("A resource that matches the criteria exists.")
        taken.add(name)


def _lock_name(query: Query) -> str:
    """Return one name for all spellings of the same criteria; it tells nobody what they say."""
    asked = sorted(repr(each) for each in filters(query.clauses))
    return f"{query.type}|{sha256(repr(asked).encode(errors='surrogatepass')).hexdigest()}"


def _is_found(database: Database[Row], query: Query, session: Session) -> bool:
    current = rows.current(database, query.type)
    asked = filters(query.clauses)
    return any(current.find_one(each, {"_id": 1}, session=session) for each in asked)


def first_taken(collection: Collection[Row], found: list[Row], session: Session) -> int | None:
    """Insert rows; return the index of the first whose `_id` was taken, None when all went in."""
    try:
        collection.insert_many(found, session=session)
    except BulkWriteError as clash:
        error = clash.details["writeErrors"][0] if clash.details else {}
        if error.get("code") != DUPLICATE_KEY:
            raise
        return int(error["index"])
    return None


def _receipt_row(each: Receipt) -> Row:
    return {
        "_id": each.once.id,
        "client": each.once.client_id,
        "key": each.once.key,
        "fingerprint": each.once.fingerprint,
        "outcome": each.outcome,
        "reference": each.reference,
        "number": each.number,
        "answer": each.answer,
        "at": each.at,
        "until": each.at + timedelta(hours=RECEIPT_HOURS),
    }
