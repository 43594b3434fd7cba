"""The segments that seal the audit trail, under the numbers 1, 2, 3 and so on."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from typing import Any

from pymongo import ASCENDING
from pymongo.collection import Collection
from pymongo.database import Database

from app.interactions.audit_check import Sealed
from app.model.audit.seal import Segment, has_form
from app.store.audit_rows import EVERY, NAME, SEGMENTS, stored
from app.store.deadline import deadline
from app.store.feed import Row, Session, Sessions, slices

AT_ONCE = 20
MOST_IDS = 1000
ROUND_SECONDS = 30.0
WALK_SECONDS = 600.0
"""Longest a look at all rows may take, in seconds."""


class Damaged(Exception):
    """The newest segment cannot be followed; the text says what to do."""


def row_of(segment: Segment) -> Row:
    """Return the row of a segment."""
    found = asdict(segment)
    return {"_id": found.pop("k"), **found, "rows": list(segment.rows)}


def segment_of(row: Row) -> Segment | None:
    """Return the segment of a row; None when somebody made it something else."""
    body = {name: value for name, value in row.items() if name != "_id"}
    try:
        found = Segment(**{**body, "rows": tuple(body["rows"]), "k": row["_id"]})
        datetime.fromisoformat(found.at)
    except (TypeError, KeyError, ValueError):
        return None
    named = found.rows and all(isinstance(each, str) for each in found.rows)
    return found if named and has_form(found) else None


def bodies(database: Database[Row], ids: list[str], session: Session) -> dict[str, dict[str, Any]]:
    """Return the audit rows of these ids, as they are sealed; some may be missing."""
    found: dict[str, dict[str, Any]] = {}
    for part in slices(ids):
        asked = {"_id": {"$in": part}}
        found |= {row["_id"]: stored(row) for row in database[NAME].find(asked, session=session)}
    return found


def sealed(segments: Collection[Row], ids: list[str], session: Session) -> set[str]:
    """Return those of the ids that a segment holds."""
    found: set[str] = set()
    for part in slices(ids):
        for each in segments.find({"rows": {"$in": part}}, {"rows": 1}, session=session):
            found.update(each["rows"])
    return found.intersection(ids)


class MongoSegments:
    """Reads the whole trail of one tenant, for whoever checks it; raises Unavailable."""

    def __init__(self, database: Database[Row], sessions: Sessions) -> None:
        self._database = database
        self._segments = database[SEGMENTS]
        self._sessions = sessions

    def count(self) -> int:
        """Return about how many segments there are."""
        with deadline(ROUND_SECONDS):
            return self._segments.estimated_document_count()

    def walk(self) -> Iterator[Sealed]:
        """Yield the segments in the order of their numbers."""
        k = 0
        with self._sessions() as session:
            while page := self._after(k, session):
                for each in page:
                    segment = segment_of(each)
                    with deadline(ROUND_SECONDS):
                        ids = list(segment.rows) if segment else []
                        rows = bodies(self._database, ids, session)
                    yield Sealed(each["_id"], segment, rows)
                k = page[-1]["_id"]

    def _after(self, k: int, session: Session) -> list[Row]:
        """Return some segments after number k; the numbers are dense, unless one was taken out."""
        with deadline(WALK_SECONDS):
            asked = {"_id": {"$in": list(range(k + 1, k + 1 + AT_ONCE))}}
            found = list(self._segments.find(asked, session=session))
            if not found:
                found = list(self._segments.find({"_id": {"$gt": k}}, session=session).limit(1))
        return sorted(found, key=lambda each: int(each["_id"]))

    def unsealed(self, before: str) -> Iterator[str]:
        """Yield the ids less than `before` that no segment holds."""
        # All rows are looked at, because who forges one may leave out what it is found by.
        found = iter(self._database[NAME].find({}, {"_id": 1}))
        while True:
            with deadline(WALK_SECONDS):
                ids = [row["_id"] for row in islice(found, MOST_IDS)]
                young = [id for id in ids if id < before]
                held = sealed(self._segments, young, None)
            yield from (id for id in young if id not in held)
            if len(ids) < MOST_IDS:
                return

    def total(self, before: str) -> int:
        """Return how many rows have ids less than `before`."""
        with deadline(WALK_SECONDS):
            return self._database[NAME].count_documents({"_id": {"$lt": before}})


def pages(
    rows: Collection[Row], after: str, session: Session, most: int = MOST_IDS
) -> Iterator[list[str]]:
    """Yield the ids after one in ascending order, `most` at a time."""
    while True:
        asked = {"k": EVERY, "_id": {"$gt": after}}
        with deadline(ROUND_SECONDS):
            found = rows.find(asked, {"_id": 1}, session=session).sort([("_id", ASCENDING)])
            page = [row["_id"] for row in found.limit(most)]
        if page:
            yield page
        if len(page) < most:
            return
        after = page[-1]
