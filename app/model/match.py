"""Whether a resource meets a condition, judged by its search keys: what a row is found by.

Only for what a client sees of a row that the database found by more than that.
"""

from collections.abc import Iterable
from typing import Any

from app.model.clause import (
    Clause,
    Contains,
    Exact,
    Identified,
    Missing,
    NoneOf,
    OneOf,
    Within,
    is_inside,
)
from app.model.codec import Resource
from app.model.resource_type import ResourceType
from app.model.search_keys import search_keys
from app.model.search_token import identified


def meets(kind: ResourceType, clauses: Iterable[Clause], seen: Resource) -> bool:
    """Whether what is `seen` of a resource meets every condition."""
    keys = search_keys(kind, seen)
    return all(_is_met(each, keys) for each in clauses)


def _is_met(clause: Clause, keys: dict[str, Any]) -> bool:
    name, match = clause.parameter.name, clause.match
    held, found = _listed(keys["k"].get(name)), False
    match match:
        case OneOf(values):
            found = any(each in values for each in held) or (not held and None in values)
        case NoneOf(values):
            found = not any(each in values for each in held)
        case Missing(flag):
            found = bool(held) != flag
        case Within(ranges):
            found = any(is_inside(each, ranges) for each in held)
        case Contains(texts):
            found = any(text in each for each in held for text in texts)
        case Exact(texts):
            found = any(each in texts for each in _listed(keys["e"].get(name)))
        case Identified(tokens):
            found = any(identified(name, each) in keys["refs"] for each in tokens)
    return found


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
