"""What a search asks of one parameter, in the terms the rows are kept in.

A query is a conjunction of clauses; the alternatives of a comma list are inside one clause.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from app.model.parameter import Parameter

ID = Parameter("_id", "token", (), many=False)
LAST_UPDATED = Parameter("_lastUpdated", "date", (), many=False)
ENDS = Parameter("_ends", "reference", (), many=True)
"""Whoever has a part in a resource; no client can ask for it, every decision does."""
COMMON: Mapping[str, Parameter] = {each.name: each for each in (ID, LAST_UPDATED)}
"""The search parameters that every type has without declaring them."""


AT_ONCE = 100
"""Most values that are looked up in one list."""


class Range(NamedTuple):
    """Values from `low` up to but not including `high`; None leaves a side open."""

    low: Any
    high: Any


EVERYTHING = Range(None, None)


@dataclass(frozen=True)
class OneOf:
    """Some value is one of these normalised values."""

    values: tuple[Any, ...]


@dataclass(frozen=True)
class Exact:
    """Some string is one of these, case and accents included."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Within:
    """Some value lies in one of these ranges, which are disjoint and in order."""

    ranges: tuple[Range, ...]


@dataclass(frozen=True)
class Contains:
    """Some string contains one of these folded texts."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Identified:
    """Some reference carries an identifier that has one of these token forms."""

    tokens: tuple[str, ...]


@dataclass(frozen=True)
class NoneOf:
    """No value is one of these; a resource without any value matches."""

    values: tuple[Any, ...]


@dataclass(frozen=True)
class Missing:
    """The resource has no value at all, or (`flag` false) it has one."""

    flag: bool


@dataclass(frozen=True)
class Reached:
    """The client has a part in it (`own`), or it belongs to `others` and nothing of it is `barred`.

    What belongs to `guarded` is for a closer look, row by row. With `strict` not even what is the
    client's own may be barred.
    """

    own: tuple[str, ...]
    others: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()
    guarded: tuple[str, ...] = ()
    strict: bool = False


Match = OneOf | Exact | Within | Contains | Identified | NoneOf | Missing | Reached


@dataclass(frozen=True)
class Clause:
    """One condition on one parameter."""

    parameter: Parameter
    match: Match

    @property
    def is_secret(self) -> bool:
        """Whether it says a value that may stand in no address."""
        return self.parameter.is_secret and not isinstance(self.match, Missing)


def ways(match: Match) -> int:
    """Return into how many separate look-ups a match is split."""
    if isinstance(match, Within):
        return len(match.ranges)
    return len(tuple(named(match.values))) if isinstance(match, OneOf) else 1


def named(values: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Yield the values in parts that are quick to look up at once.

    The embedded database compares every row it finds with every value of a list.
    """
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]


def union(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """Return the same set as disjoint ranges in order, with gaps between them and none empty."""
    found: list[Range] = []
    for each in sorted(filter(_is_filled, ranges), key=_low):
        if found and not _is_apart(found[-1], each):
            found[-1] = Range(found[-1].low, _later_end(found[-1].high, each.high))
        else:
            found.append(each)
    return tuple(found)


def overlap(one: Iterable[Range], other: Iterable[Range]) -> tuple[Range, ...]:
    """Return the ranges of what is in both of two sets of ranges."""
    rest = tuple(other)
    both = (Range(max(a, b, key=_low).low, _earlier_end(a.high, b.high)) for a in one for b in rest)
    return union(both)


def is_inside(value: Any, ranges: Iterable[Range]) -> bool:
    """Whether `value` lies in one of the ranges."""
    return any(
        (low is None or low <= value) and (high is None or value < high) for low, high in ranges
    )


def _is_filled(each: Range) -> bool:
    return each.low is None or each.high is None or bool(each.low < each.high)


def _low(each: Range) -> tuple[bool, Any]:
    return (False, 0) if each.low is None else (True, each.low)


def _is_apart(before: Range, after: Range) -> bool:
    return before.high is not None and after.low is not None and bool(before.high < after.low)


def _later_end(one: Any, other: Any) -> Any:
    return None if one is None or other is None else max(one, other)


def _earlier_end(one: Any, other: Any) -> Any:
    return min((each for each in (one, other) if each is not None), default=None)
