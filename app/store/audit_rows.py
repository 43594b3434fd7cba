"""The rows of the audit trail, as they are stored and as they are sealed.

Ids are UUIDv7, so their order is that of time. `k` holds what an event can be found by, in one
array and one index with the id: agents, owners, participants, resources, purpose, what is not done
every day, and a key that all have, because the embedded database has no ranges on `_id` alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from pymongo import ASCENDING
from pymongo.database import Database

from app.model.audit.event import AuditEvent, plain, unversioned
from app.model.audit.query import action, outcome
from app.model.dates import LATEST, milliseconds, moment
from app.model.version import instant
from app.store.feed import Row, Session

NAME = "audit"
SEGMENTS = "audit_segments"
EVERY = "*"
"""The key of every row."""
USUAL = frozenset({"R", "E", "0"})
"""Actions and outcomes of most rows, which are found without a key of their own."""
_TUPLES = frozenset(each.name for each in fields(AuditEvent) if each.default == ())
_NAMES = frozenset(each.name for each in fields(AuditEvent)) - {"id"}


def ensure(database: Database[Row]) -> None:
    """Create the indexes of the trail and of its seals."""
    database[NAME].create_index([("k", ASCENDING), ("_id", ASCENDING)], name="k")
    database[SEGMENTS].create_index([("rows", ASCENDING)], name="rows")


def rows(events: Sequence[AuditEvent]) -> list[Row]:
    """Return the rows of some events."""
    return [_row(each) for each in events]


def insert(database: Database[Row], events: Sequence[AuditEvent], session: Session) -> None:
    """Insert events in the transaction of the write that they tell of."""
    if events:
        database[NAME].insert_many(rows(events), session=session)


def stored(row: Row) -> dict[str, Any]:
    """Return a row as JSON values: what is sealed, whatever else somebody put into it."""
    at = row.get("at")
    told = instant(at.replace(tzinfo=UTC)) if isinstance(at, datetime) else {"not-a-date": at}
    kept = {name: value for name, value in row.items() if name not in ("_id", "at")}
    return {**kept, "id": row["_id"], "at": told}


def event(row: Row) -> AuditEvent:
    """Return the event that a row holds."""
    kept = {name: value for name, value in row.items() if name in _NAMES}
    lists = {name: tuple(value) for name, value in kept.items() if name in _TUPLES}
    return AuditEvent(**{**kept, **lists, "id": row["_id"], "at": row["at"].replace(tzinfo=UTC)})


def id_at(at: datetime) -> str:
    """Return what the ids of that moment begin with; earlier ids are less than it."""
    digits = f"{max(milliseconds(at), 0):012x}"
    return f"{digits[:8]}-{digits[8:]}"


def time_of(id: str) -> datetime:
    """Return the moment in a UUIDv7; the end of time for what is none."""
    try:
        return moment(int(id[:8] + id[9:13], 16))
    except ValueError:
        return LATEST


def _row(each: AuditEvent) -> Row:
    body = plain(each)
    del body["id"]
    return {"_id": each.id, **body, "at": each.at, "k": list(dict.fromkeys(_keys(each)))}


def _keys(each: AuditEvent) -> Iterator[str]:
    yield EVERY
    did, ended = action(each.interaction), outcome(each)
    yield from [f"d:{did}"] if did not in USUAL else []
    yield from [f"x:{ended}"] if ended not in USUAL else []
    yield from [f"u:{each.purpose}"] if each.purpose else []
    yield from (f"a:{agent}" for agent in (each.client, each.partner) if agent)
    yield from (f"o:{owner}" for owner in each.owners)
    yield from (f"p:{participant}" for participant in each.participants)
    yield from (f"r:{unversioned(name)}" for name in each.resources)
