"""The sequencer: gives committed versions their numbers in the change feed.

Numbers are given after the commit, so a late commit only gets a later number and no writer touches
a shared document. Any number of sequencers may run: the unique `_id` of the next segment lets
exactly one of them append it, and whoever was too late or was frozen meanwhile starts again.
The `pending` flags are a work list only; a row is never appended twice, whatever they say.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from app.model.feed import predecessor, whole
from app.store import feed, history
from app.store.deadline import deadline
from app.store.feed import Newest, Row, Session, Sessions, slices

MOST_ROWS = 1000
READ_AHEAD = 10_000
PRUNED_AT_ONCE = 50
ROUND_SECONDS = 30.0


class Sequencer:
    """Numbers the committed versions of one tenant; `now` stamps segments, and orders nothing."""

    def __init__(
        self,
        database: Database[Row],
        sessions: Sessions,
        now: Callable[[], datetime],
        *,
        most: int = MOST_ROWS,
    ) -> None:
        self._database = database
        self._versions = database["versions"]
        self._segments = database["feed"]
        self._sessions = sessions
        self._newest = Newest(self._segments)
        self._now = now
        self._most = most

    def round(self) -> bool:
        """Append what is pending; return whether there was anything. Raises Unavailable."""
        with self._sessions() as session:
            with deadline(ROUND_SECONDS):
                pending = history.pending(self._versions, READ_AHEAD, session)
            rest: Sequence[Row] = pending
            while rest:
                size = whole([each.get("w") for each in rest], self._most)
                with deadline(ROUND_SECONDS):
                    if not self._append(rest[:size], session):
                        break
                rest = rest[size:]
        return bool(pending)

    def prune(self, before: datetime) -> int:
        """Delete segments of before that time, oldest first, and return how many.

        The newest always stays: the next number follows it.
        """
        deleted = 0
        while True:
            with deadline(ROUND_SECONDS), self._sessions() as session:
                old = self._old(before, session)
                if not old:
                    return deleted
                # A row whose flag was set again by a fail-over must not come back.
                self._settle([row["h"] for each in old for row in each["rows"]], session)
                kept = {"$max": {"oldest": old[-1]["_id"] + 1}}
                self._database["feed_state"].update_one({"_id": feed.STATE}, kept, session=session)
                gone = {"_id": {"$in": [each["_id"] for each in old]}}
                deleted += self._segments.delete_many(gone, session=session).deleted_count

    def _append(self, rows: Sequence[Row], session: Session) -> bool:
        """Append one segment of `rows`; return False when another sequencer was faster."""
        newest = self._newest(session) or {"_id": 0, "last": 0}
        names = [row["_id"] for row in rows]
        known = self._appended(names, session)
        fresh = self._ordered([row for row in rows if row["_id"] not in known], known, session)
        if fresh:
            segment = {
                "_id": newest["_id"] + 1,
                "first": newest["last"] + 1,
                "last": newest["last"] + len(fresh),
                "at": self._now(),
                "rows": [_row(each) for each in fresh],
            }
            try:
                self._segments.insert_one(segment, session=session)
            except DuplicateKeyError:
                return False
        self._settle([*known, *(row["_id"] for row in fresh)], session)
        return True

    def _appended(self, names: Sequence[str], session: Session) -> set[str]:
        """Return those of `names` that the feed holds."""
        found: set[str] = set()
        for each in slices(names):
            asked = {"rows.h": {"$in": each}}
            for segment in self._segments.find(asked, {"rows.h": 1}, session=session):
                found |= {row["h"] for row in segment["rows"]}
        return found & set(names)

    def _ordered(self, fresh: list[Row], known: set[str], session: Session) -> list[Row]:
        """Return the rows whose predecessors are in the feed or before them in the list.

        A cursor over an index may meet a version and have missed the one before it, when both were
        committed while it ran; such a row waits for the next round.
        """
        before = {row["_id"]: predecessor(row["_id"]) for row in fresh}
        outside = {name for name in before.values() if name and name not in before}
        done = known | self._settled(sorted(outside - known), session)
        kept: list[Row] = []
        for row in fresh:
            name = before[row["_id"]]
            if name is None or name in done:
                done.add(row["_id"])
                kept.append(row)
        return kept

    def _settled(self, names: Sequence[str], session: Session) -> set[str]:
        """Return those of `names` whose flag is unset, which is done once the feed holds them."""
        found: set[str] = set()
        for each in slices(names):
            rows = self._versions.find({"_id": {"$in": each}}, {"pending": 1}, session=session)
            found |= {row["_id"] for row in rows if "pending" not in row}
        return found

    def _settle(self, names: Sequence[str], session: Session) -> None:
        unset: Row = {"$unset": {"pending": ""}}
        for each in slices(names):
            self._versions.update_many({"_id": {"$in": each}}, unset, session=session)

    def _old(self, before: datetime, session: Session) -> list[Row]:
        oldest = feed.state(self._database, session)["oldest"]
        newest = self._newest(session)
        if newest is None:
            return []
        # From further back, because a crash may have left what was to be deleted.
        first = max(1, oldest - PRUNED_AT_ONCE)
        numbers = list(range(first, min(oldest + PRUNED_AT_ONCE, newest["_id"])))
        found = self._segments.find({"_id": {"$in": numbers}}, session=session)
        old: list[Row] = []
        for each in sorted(found, key=lambda each: int(each["_id"])):
            if each["at"].timestamp() >= before.timestamp():
                break
            old.append(each)
        return old


def _row(version: Row) -> dict[str, Any]:
    op = "delete" if version.get("gone") else "create" if version["n"] == 1 else "update"
    return {"h": version["_id"], "type": version["type"], "op": op, "by": version["by"]}
