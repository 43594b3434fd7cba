"""A search of the audit trail as filters and ranges of the database."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from app.model.audit.event import SUCCESS
from app.model.audit.query import ACTIONS, EXECUTE, FAILED, AuditQuery
from app.model.dates import LATEST, moment
from app.store.audit_rows import EVERY, USUAL, id_at, time_of
from app.store.feed import Row

DRIFT = timedelta(minutes=5)
"""How far the time in an id may lie from the `at` of its event."""
FIRST_WINDOW, WIDENING = timedelta(seconds=5), 4
_ORIGIN = datetime(2020, 1, 1, tzinfo=UTC)


def filter_of(query: AuditQuery) -> Row:
    """Return the filter apart from the order: the most selective key, and plain fields besides."""
    asked: list[tuple[str, Row]] = []
    if query.entity is not None:
        asked.append((f"r:{query.entity}", {}))
    if query.participant is not None:
        asked.append((f"p:{query.participant}", {"participants": query.participant}))
    if query.outcome is not None:
        asked.append((f"x:{query.outcome}", _of_outcome(query.outcome)))
    if query.action is not None:
        asked.append((f"d:{query.action}", _of_action(query.action)))
    if query.agent is not None:
        name = "partner" if "/" in query.agent else "client"
        asked.append((f"a:{query.agent}", {name: query.agent}))
    if query.purpose is not None:
        asked.append((f"u:{query.purpose}", {"purpose": query.purpose}))
    if query.owner is not None:
        asked.append((f"o:{query.owner}", {"owners": query.owner}))
    key = next((key for key, _ in asked if key[2:] not in USUAL), EVERY)
    found: Row = {"k": key}
    for name, plain in asked:
        found |= {} if name == key else plain
    return {**found, **_of_time(query)}


def _of_action(code: str) -> Row:
    if code == EXECUTE:
        return {"interaction": {"$nin": sorted(ACTIONS)}}
    return {"interaction": {"$in": sorted(name for name, each in ACTIONS.items() if each == code)}}


def _of_outcome(code: str) -> Row:
    if code == "0":
        return {"outcome": SUCCESS, "status": {"$lt": FAILED}}
    if code == "8":
        return {"status": {"$gte": FAILED}}
    return {"outcome": {"$ne": SUCCESS}, "status": {"$lt": FAILED}}


def _of_time(query: AuditQuery) -> Row:
    bounds: Row = {}
    if query.start is not None:
        bounds["$gte"] = moment(query.start)
    if query.end is not None:
        bounds["$lt"] = moment(query.end)
    return {"at": bounds} if bounds else {}


def windows(query: AuditQuery) -> Iterator[Row]:
    """Yield ranges of `_id` from the newest back, ever wider.

    The embedded database sorts all that a range holds, however few are asked for.
    """
    end = LATEST if query.end is None else min(moment(query.end), LATEST - DRIFT) + DRIFT
    asked = LATEST if query.at is None else query.at + DRIFT
    top = query.before or id_at(min(end, asked))
    low = _ORIGIN if query.start is None else max(_ORIGIN + DRIFT, moment(query.start)) - DRIFT
    edges = [top]
    step, edge = FIRST_WINDOW, min(time_of(top), query.at or low) - FIRST_WINDOW
    while edge > low:
        edges.append(id_at(edge))
        step *= WIDENING
        edge -= min(step, edge - _ORIGIN)
    for high, bottom in pairwise([*edges, id_at(low)]):
        if bottom < high:
            yield {"$gte": bottom, "$lt": high}
