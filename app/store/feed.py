"""The change feed: segments under the numbers 1, 2, 3 …, read by cursor and never skipped.

A segment is `{_id, first, last, at, rows: [{h: "Type/id/n", type, op, by}]}`. Readers and
sequencers see only what a majority has, each in one causally consistent session: so nothing that
was read is ever undone, and no read is older than the one before it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any

from bson import ObjectId
from pymongo import ASCENDING, DESCENDING
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.database import Database

from app.model.errors import Unavailable
from app.model.feed import FeedRow, Place
from app.model.version import Version
from app.store import history
from app.store.deadline import deadline
from app.store.protection import Protection

Row = dict[str, Any]
Session = ClientSession | None
Sessions = Callable[[], AbstractContextManager[Session]]
STATE = "feed"
SLICE = 100
"""Most values of one `$in`: the embedded database compares each row with each of them."""
MOST_SEGMENTS = 64


def ensure(database: Database[Row]) -> None:
    """Create the index and the state of the feed; versions of before the feed get into it."""
    database["feed"].create_index([("rows.h", ASCENDING)], name="rows")
    if database["feed_state"].find_one({"_id": STATE}) is None:
        history.await_feed(database["versions"])
        fresh = {"epoch": str(ObjectId()), "oldest": 1}
        database["feed_state"].update_one({"_id": STATE}, {"$setOnInsert": fresh}, upsert=True)


def renew(database: Database[Row]) -> None:
    """Begin a new epoch after a restore, so that every reader is told to read everything anew."""
    with deadline(5):
        fresh = {"$set": {"epoch": str(ObjectId())}}
        database["feed_state"].update_one({"_id": STATE}, fresh)


def state(database: Database[Row], session: Session) -> Row:
    """Return the epoch and the number of the oldest segment that is kept."""
    found = database["feed_state"].find_one({"_id": STATE}, session=session)
    if found is None:
        raise Unavailable("The change feed has not been prepared yet.")
    return found


def slices(values: Sequence[str]) -> Iterator[list[str]]:
    """Yield `values` in parts that are short enough for one `$in`."""
    for start in range(0, len(values), SLICE):
        yield list(values[start : start + SLICE])


class Newest:
    """Finds the newest segment, from the one it found before on: their numbers are dense."""

    def __init__(self, segments: Collection[Row]) -> None:
        self._segments = segments
        self._seen = 0

    def __call__(self, session: Session) -> Row | None:
        """Return `_id` and `last` of the newest segment, None before the first."""
        newest, span = None, 2
        while self._seen and (found := self._from(self._seen, span, session)):
            newest = found
            if newest["_id"] < self._seen + span - 1:
                break
            self._seen, span = newest["_id"], min(2 * span, MOST_SEGMENTS)
        newest = newest or self._scan(session)
        self._seen = newest["_id"] if newest else 0
        return newest

    def _from(self, start: int, span: int, session: Session) -> Row | None:
        asked = {"_id": {"$in": list(range(start, start + span))}}
        found = self._segments.find(asked, {"last": 1}, session=session)
        return max(found, key=lambda each: each["_id"], default=None)

    def _scan(self, session: Session) -> Row | None:
        found = self._segments.find({}, {"last": 1}, session=session)
        return next(iter(found.sort([("_id", DESCENDING)]).limit(1)), None)


class MongoFeed:
    """Reads the feed of one tenant; see `app.interactions.changes.Feed` for the promises."""

    def __init__(
        self,
        database: Database[Row],
        sessions: Sessions,
        protection: Protection,
        *,
        read_seconds: float = 2.0,
    ) -> None:
        self._database = database
        self._segments = database["feed"]
        self._sessions = sessions
        self._protection = protection
        self._newest = Newest(self._segments)
        self._read_seconds = read_seconds

    def start(self) -> Place:
        """Return the place of the oldest row that is kept."""
        with deadline(self._read_seconds), self._sessions() as session:
            known = state(self._database, session)
        return Place(known["epoch"], known["oldest"], 0)

    def end(self) -> Place:
        """Return the place after the newest row."""
        with deadline(self._read_seconds), self._sessions() as session:
            newest = self._newest(session)
            epoch = state(self._database, session)["epoch"]
        return Place(epoch, newest["_id"] + 1 if newest else 1, 0)

    def read(self, place: Place, most: int) -> tuple[list[FeedRow], Place] | None:
        """Return at least `most` rows, or all there are; None for a place that is no more."""
        with deadline(self._read_seconds), self._sessions() as session:
            known = state(self._database, session)
            if place.epoch != known["epoch"] or place.segment < known["oldest"]:
                return None
            found: list[FeedRow] = []
            here, span = place, 2
            while len(found) < most:
                those = self._those(here.segment, span, session)
                for each in those:
                    found += _rows(each, here)
                    here = Place(place.epoch, each["_id"] + 1, 0)
                if len(those) < span:
                    break
                span = min(2 * span, MOST_SEGMENTS)
            if here == place and place.segment > 1 and not self._is_there(place, session):
                return None
        return found, here

    def has_grown(self, place: Place) -> bool:
        """Whether there is a row at `place`, the beginning of a segment."""
        asked = {"_id": place.segment}
        with deadline(self._read_seconds):
            return self._segments.find_one(asked, {"_id": 1}) is not None

    def versions(self, names: Sequence[str]) -> list[Version]:
        """Return the versions of these names, in this order."""
        found: dict[str, Version] = {}
        with self._sessions() as session:
            with deadline(self._read_seconds):
                # What the newest segment names is there for whoever has seen that segment.
                self._newest(session)
            for each in slices(names):
                # A long page may take long as a whole; each part of it has a deadline.
                with deadline(self._read_seconds):
                    asked = {"_id": {"$in": each}}
                    rows = self._database["versions"].find(asked, session=session)
                    pairs = [(history.version(row), row) for row in rows]
                    shown = self._protection.show(pairs, session)
                    found |= {each.name: each for each in shown}
        if len(found) < len(names):
            raise Unavailable("A change is not readable yet.")
        return [found[name] for name in names]

    def _those(self, start: int, span: int, session: Session) -> list[Row]:
        """Return the segments from `start` on that follow each other without a gap."""
        asked = {"_id": {"$in": list(range(start, start + span))}}
        found = {each["_id"]: each for each in self._segments.find(asked, session=session)}
        whole: list[Row] = []
        while start + len(whole) in found:
            whole.append(found[start + len(whole)])
        return whole

    def _is_there(self, place: Place, session: Session) -> bool:
        """Whether the segment before `place` exists; it does not after a restore of older data."""
        before = {"_id": place.segment - 1}
        return self._segments.find_one(before, {"_id": 1}, session=session) is not None


def _rows(segment: Row, here: Place) -> Iterator[FeedRow]:
    """Yield the rows of a segment; those before `here` are left out of the one it lies in."""
    start = here.row if segment["_id"] == here.segment else 0
    after_last = Place(here.epoch, segment["_id"] + 1, 0)
    for index, row in enumerate(segment["rows"][start:], start):
        is_last = index + 1 == len(segment["rows"])
        after = after_last if is_last else Place(here.epoch, segment["_id"], index + 1)
        yield FeedRow(segment["first"] + index, row["type"], row["h"], after)
