"""Clauses as flat MongoDB filters, phrased so that every supported server answers them right.

No `$lte`, no compiled regular expression, no logical operator, no two-sided range on an array but
inside `$elemMatch`. Alternatives that one flat filter cannot say become filters of their own.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import product
from typing import Any

from app.model.clause import (
    EVERYTHING,
    ID,
    LAST_UPDATED,
    Clause,
    Contains,
    Exact,
    Identified,
    Match,
    Missing,
    NoneOf,
    OneOf,
    Range,
    Reached,
    Within,
    is_inside,
    named,
    overlap,
)
from app.model.dates import moment
from app.model.parameter import Parameter
from app.model.search_keys import has_system
from app.model.search_token import identified
from app.model.text import fold
from app.store.filter_order import FIELDS, Placed, rank

Filter = dict[str, Any]
_AFTER = "\0"
"""The least that can follow a string: `x + _AFTER` is the next string after `x`."""


def filters(clauses: Iterable[Clause]) -> list[Filter]:
    """Return filters that together find what all clauses match; none when nothing can match."""
    fields: dict[str, list[Placed]] = {}
    for clause in clauses:
        for placed in _placed(clause):
            fields.setdefault(placed.field, []).append(placed)
    choices = [
        [(rank(placed[0], choice), field, choice) for choice in _choices(placed)]
        for field, placed in fields.items()
    ]
    return [
        {field: choice for _, field, choice in sorted(each, key=lambda part: part[:2])}
        for each in product(*choices)
    ]


def field_of(parameter: Parameter) -> str:
    """Return the field of a row that holds a parameter's normalised value."""
    return FIELDS.get(parameter, f"k.{parameter.name}")


def _placed(clause: Clause) -> list[Placed]:
    parameter, match = clause.parameter, clause.match
    if isinstance(match, Within) and match.ranges == (EVERYTHING,):
        match = Missing(flag=False)
    if isinstance(match, Missing):
        return _presence(parameter, match)
    telling = parameter.type != "token" or has_system(parameter) or parameter is ID
    field = field_of(parameter)
    if isinstance(match, Exact):
        folded = OneOf(tuple(dict.fromkeys(fold(text) for text in match.texts)))
        written = Placed(f"e.{parameter.name}", parameter.many, telling, OneOf(match.texts))
        return [Placed(field, parameter.many, telling, folded), written]
    if isinstance(match, Identified):
        tokens = OneOf(tuple(identified(parameter.name, each) for each in match.tokens))
        return [Placed("refs", many=True, is_telling=True, match=tokens)]
    if parameter is LAST_UPDATED:
        match = _in_moments(match)
    return [Placed(field, parameter.many, telling, match)]


def _presence(parameter: Parameter, match: Missing) -> list[Placed]:
    if parameter in FIELDS:
        return [Placed("_id", many=False, is_telling=True, match=OneOf(()))] if match.flag else []
    absent = OneOf((None,)) if match.flag else NoneOf((None,))
    return [Placed(field_of(parameter), parameter.many, is_telling=False, match=absent)]


def _in_moments(match: Match) -> Match:
    if isinstance(match, OneOf):
        return OneOf(tuple(moment(each) for each in match.values))
    if isinstance(match, Within):
        pairs = ((low, high) for low, high in match.ranges)
        return Within(tuple(Range(_optional(a), _optional(b)) for a, b in pairs))
    return match


def _optional(bound: int | None) -> datetime | None:
    return None if bound is None else moment(bound)


def _choices(placed: Sequence[Placed]) -> list[Any]:
    matches = [each.match for each in placed]
    if isinstance(matches[0], Reached):
        return list(_reached(matches[0]))
    return _array_choices(matches) if placed[0].many else _scalar_choices(matches)


def _scalar_choices(matches: Sequence[Match]) -> list[Any]:
    """Return the ways one value can meet all matches; they never overlap."""
    ranges: tuple[Range, ...] = (EVERYTHING,)
    for each in matches:
        if isinstance(each, Within):
            ranges = overlap(ranges, each.ranges)
    texts = [each.texts for each in matches if isinstance(each, Contains)]
    barred = {value for each in matches if isinstance(each, NoneOf) for value in each.values}
    lists = [each.values for each in matches if isinstance(each, OneOf)]
    if lists:
        rest = [frozenset(each) for each in lists[1:]]
        left = [
            value
            for value in dict.fromkeys(lists[0])
            if all(value in values for values in rest)
            and value not in barred
            and _is_met(value, ranges, texts)
        ]
        return [_among(each) for each in named(tuple(left))]
    # What is in a range or holds a text is there, so it need not be said.
    is_there = bool(texts) or ranges != (EVERYTHING,)
    left_out = [value for value in _ordered(barred) if value is not None or not is_there]
    extra = {**({"$regex": _pattern(texts)} if texts else {}), **_none(left_out)}
    return [{**_between(each), **extra} for each in ranges]


def _is_met(value: Any, ranges: tuple[Range, ...], texts: list[tuple[str, ...]]) -> bool:
    """Whether a value, None for a missing one, lies in the ranges and holds the texts."""
    if value is None:
        return ranges == (EVERYTHING,) and not texts
    return is_inside(value, ranges) and all(any(t in value for t in group) for group in texts)


def _ordered(barred: set[Any]) -> list[Any]:
    return sorted(barred, key=lambda value: (value is not None, value))


def _array_choices(matches: Sequence[Match]) -> list[Any]:
    """Return the ways some elements can meet each match; one row may meet several."""
    barred = _ordered(
        {value for each in matches if isinstance(each, NoneOf) for value in each.values}
    )
    wanted = [each for each in dict.fromkeys(matches) if not isinstance(each, NoneOf)]
    ways = product(*(_element_choices(each) for each in wanted))
    return [_joined(way, barred) for way in ways]


def _element_choices(match: Match) -> list[Any]:
    if isinstance(match, OneOf):
        return [_among(each) for each in named(match.values)]
    if isinstance(match, Within):
        return [_between(each) for each in match.ranges]
    if isinstance(match, Contains):
        return [{"$regex": _pattern([match.texts])}]
    raise AssertionError(match)


def _joined(way: Sequence[Any], barred: list[Any]) -> Any:
    if not way:
        return _none(barred)
    if len(way) > 1:
        plain = not any(isinstance(each, dict) for each in way)
        parts = way if plain else [{"$elemMatch": _operator(each)} for each in way]
        return {"$all": list(parts), **_none(barred)}
    only = way[0]
    if isinstance(only, dict) and "$lt" in only and len(only) > 1:
        only = {"$elemMatch": only}
    return {**_operator(only), **_none(barred)} if barred else only


def _reached(match: Reached) -> Iterator[Filter]:
    """Yield the ways to be within reach of a client; they never overlap."""
    own = list(match.own)
    if own:
        yield {"$in": own, **({"$nin": list(match.barred)} if match.strict else {})}
    if match.others:
        yield {"$in": list(match.others), "$nin": [*own, *match.barred]}
    if match.guarded:
        yield {"$in": list(match.guarded), **({"$nin": own} if own else {})}


def _operator(choice: Any) -> Filter:
    return choice if isinstance(choice, dict) else {"$in": [choice]}


def _among(values: Sequence[Any]) -> Any:
    return values[0] if len(values) == 1 else {"$in": list(values)}


def _none(values: list[Any]) -> Filter:
    if len(values) == 1:
        return {"$ne": values[0]}
    return {"$nin": values} if values else {}


def _between(each: Range) -> Filter:
    found: Filter = {}
    if isinstance(each.low, str) and each.low.endswith(_AFTER):
        found["$gt"] = each.low[:-1]
    elif each.low is not None:
        found["$gte"] = each.low
    if each.high is not None:
        found["$lt"] = each.high
    return found


def _pattern(groups: Sequence[Sequence[str]]) -> str:
    """Return the expression for texts that contain one of each group."""
    either = ["|".join(re.escape(text) for text in group) for group in groups]
    if len(either) == 1:
        return either[0]
    return "^" + "".join(f"(?=.*(?:{each}))" for each in either)
