"""The audit trail in MongoDB: rows that are only ever inserted, and never changed or deleted.

The rows of a write are inserted in the write's own transaction, all others before the answer.
"""

from collections.abc import Sequence
from time import monotonic

from pymongo import DESCENDING
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from app.model.audit.event import AuditEvent
from app.model.audit.query import AuditFound, AuditQuery
from app.store.audit_filter import filter_of, windows
from app.store.audit_rows import NAME, event, rows
from app.store.deadline import deadline
from app.store.feed import Row
from app.store.group import Group
from app.store.guards import DUPLICATE_KEY

PATIENCE = 6
"""A search ends within this part of its time: the next look takes four times the last at most."""


class MongoAudit:
    """The audit trail of one tenant; see `app.interactions.audit.AuditTrail` for the promises."""

    def __init__(
        self, database: Database[Row], *, write_seconds: float = 5.0, read_seconds: float = 2.0
    ) -> None:
        self._database = database
        self._rows = database[NAME]
        self._read_seconds = read_seconds
        self._inserts: Group[Sequence[AuditEvent]] = Group(self._insert, write_seconds)

    def record(self, events: Sequence[AuditEvent]) -> None:
        """Store events for good; raise Unavailable when that cannot be said."""
        if events:
            self._inserts.submit(events)

    def read(self, id: str) -> AuditEvent | None:
        """Return the event of that id."""
        with deadline(self._read_seconds):
            found = self._rows.find_one({"_id": id})
        return event(found) if found else None

    def search(self, query: AuditQuery) -> AuditFound:
        """Return one page, newest first; it is short when finding more would take long."""
        found: list[Row] = []
        asked, bottom, ended = filter_of(query), None, monotonic() + self._read_seconds / PATIENCE
        with deadline(self._read_seconds):
            for window in windows(query):
                # One row more than the page holds tells whether another page follows.
                page = self._rows.find({**asked, "_id": window}).sort([("_id", DESCENDING)])
                found += page.limit(query.count + 1 - len(found))
                bottom = window["$gte"]
                if len(found) > query.count or monotonic() > ended:
                    break
            else:
                bottom = None
        kept = [event(each) for each in found[: query.count]]
        return AuditFound(kept, kept[-1].id if len(found) > len(kept) else bottom)

    def _insert(self, works: Sequence[Sequence[AuditEvent]], seconds: float) -> None:
        made = rows([each for events in works for each in events])
        with deadline(seconds):
            try:
                self._rows.insert_many(made, ordered=False)
            except BulkWriteError as clash:
                # Ids are never given twice: a row that is there was put there by a lost attempt.
                told = clash.details or {}
                codes = {error.get("code") for error in told.get("writeErrors", ())}
                if codes != {DUPLICATE_KEY} or told.get("writeConcernErrors"):
                    raise
