"""Runs a Query on a collection of current rows: one page by key-set, or a count.

A page goes on after the (sort values, id) of the last row before it, so rows that come or go
between pages are neither repeated nor skipped.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from pymongo.collection import Collection

from app.model.clause import COMMON, ID, Clause, Missing, OneOf, Range, Within, ways
from app.model.dates import milliseconds
from app.model.number import following
from app.model.parameter import Parameter
from app.model.query import Position, Query
from app.store import rows
from app.store.filters import field_of, filters

Row = dict[str, Any]
MAX_TIME_MS = 5000
"""Longest one look-up may run on the server when the caller sets no deadline, in milliseconds."""


class Page(NamedTuple):
    """The rows of a page in the order asked, and the position to go on from; None at the end."""

    rows: list[Row]
    next: Position | None


def find(collection: Collection[Row], query: Query, *, max_time_ms: int = MAX_TIME_MS) -> Page:
    """Return the page of rows that follows `query.position`."""
    keys = _keys(query)
    found: dict[str, Row] = {}
    for phase in phases(query):
        # One row more than the page holds tells whether another page follows.
        missing = query.count + 1 - len(found)
        if missing <= 0:
            break
        for row in _merged(collection, [*query.clauses, *phase], query, missing, max_time_ms):
            found.setdefault(row["_id"], row)
    page = list(found.values())[: query.count]
    ended = len(found) <= query.count or not page
    return Page(page, None if ended else [_value(page[-1], key) for key in keys])


def count(collection: Collection[Row], query: Query, *, max_time_ms: int = MAX_TIME_MS) -> int:
    """Return how many rows match, pages aside."""
    alternatives = filters(query.clauses)
    if len(alternatives) > 1 and any(_may_overlap(each) for each in query.clauses):
        ids = {
            row["_id"]
            for each in alternatives
            for row in collection.find(each, {"_id": 1}, max_time_ms=max_time_ms)
        }
        return len(ids)
    return sum(collection.count_documents(each, maxTimeMS=max_time_ms) for each in alternatives)


def values(
    collection: Collection[Row], query: Query, parameter: Parameter, max_time_ms: int = MAX_TIME_MS
) -> list[tuple[Any, ...]]:
    """Return what the first `query.count` matching rows hold of a parameter, rows without it too.

    They come in no particular order.
    """
    field, found = field_of(parameter), dict[str, Row]()
    for each in filters(query.clauses):
        limit = query.count - len(found)
        if limit <= 0:
            break
        rows_found = collection.find(each, {field: 1}, limit=limit, max_time_ms=max_time_ms)
        found.update((row["_id"], row) for row in rows_found)
    return [_held(row, parameter) for row in found.values()]


def phases(query: Query) -> Iterator[tuple[Clause, ...]]:
    """Yield what comes after the position, in order: each phase is one range on one sort key."""
    if query.position is None:
        yield ()
        return
    keys, position = _keys(query), query.position
    for depth in range(len(keys) - 1, -1, -1):
        pairs = zip(keys[:depth], position, strict=False)
        same = tuple(_equal(key, value) for key, value in pairs)
        for beyond in _beyond(keys[depth], position[depth], descending=query.descending):
            yield (*same, beyond)


def sort_of(query: Query) -> list[tuple[str, int]]:
    """Return the sort of a query as MongoDB takes it, all keys in one direction."""
    direction = -1 if query.descending else 1
    return [(field_of(key), direction) for key in _keys(query)]


def _keys(query: Query) -> list[Parameter]:
    keys = [*query.sort, ID]
    return keys[: keys.index(ID) + 1]


def _equal(key: Parameter, value: Any) -> Clause:
    return Clause(key, Missing(flag=True) if value is None else OneOf((value,)))


def _beyond(key: Parameter, value: Any, *, descending: bool) -> Iterator[Clause]:
    """Yield what sorts after `value`; a missing value sorts before all others."""
    if not descending:
        after = Missing(flag=False) if value is None else Within((Range(_next(value), None),))
        yield Clause(key, after)
    elif value is not None:
        yield Clause(key, Within((Range(None, value),)))
        if key.name not in COMMON:
            yield Clause(key, Missing(flag=True))


def _next(value: Any) -> Any:
    if isinstance(value, str):
        return value + "\0"
    return following(value) if isinstance(value, float) else value + 1


def _merged(
    collection: Collection[Row], clauses: list[Clause], query: Query, limit: int, max_time_ms: int
) -> list[Row]:
    """Return the first rows of all alternatives together, in order, each once."""
    keys = _keys(query)
    projection = {**rows.CURRENT, **{field_of(key): 1 for key in keys}}
    found: dict[str, Row] = {}
    alternatives = filters(clauses)
    for each in alternatives:
        cursor = collection.find(
            each, projection, sort=sort_of(query), limit=limit, max_time_ms=max_time_ms
        )
        found.update((row["_id"], row) for row in cursor)
    if len(alternatives) < 2:  # noqa: PLR2004 - already in order
        return list(found.values())

    def order(row: Row) -> list[tuple[bool, Any]]:
        values = (_value(row, key) for key in keys)
        return [(value is not None, value) for value in values]

    return sorted(found.values(), key=order, reverse=query.descending)[:limit]


def _value(row: Row, key: Parameter) -> Any:
    """Return the sort value of a row; None when it has none."""
    if key.name not in COMMON:
        return row.get("k", {}).get(key.name)
    value = row[field_of(key)]
    return milliseconds(value) if isinstance(value, datetime) else value


def _held(row: Row, parameter: Parameter) -> tuple[Any, ...]:
    """Return all values of a parameter that a row holds."""
    value = _value(row, parameter)
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list) else (value,)


def _may_overlap(clause: Clause) -> bool:
    return clause.parameter.many and ways(clause.match) > 1
