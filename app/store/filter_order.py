"""In which order the conditions of a filter stand: what leaves fewest rows comes first.

The embedded server takes the index of the first one it can use.
"""

from typing import Any, NamedTuple

from app.model.clause import ENDS, ID, LAST_UPDATED, Match

FIELDS = {ID: "_id", LAST_UPDATED: "at", ENDS: "ends"}


class Placed(NamedTuple):
    """A match on one field of a row; `is_telling` is whether few rows share a value."""

    field: str
    many: bool
    is_telling: bool
    match: Match


def rank(placed: Placed, choice: Any) -> int:
    """Return the place of a condition in its filter; who has a part in a row is asked last."""
    return 9 if placed.field == FIELDS[ENDS] else _rank(placed, choice)


def _rank(placed: Placed, choice: Any) -> int:
    """Return the place of a condition in its filter: what leaves fewest rows comes first.

    Strings as written (`e`) have no index and come late; their folded form finds the row.
    """
    operators = set(choice) if isinstance(choice, dict) else set()
    if operators & {"$ne", "$nin"} == operators != set():
        return 8
    if placed.field.startswith("e."):
        return 7
    if choice is None:
        return 5
    if operators & {"$gte", "$gt", "$lt"}:
        return 4 if placed.field == "_id" else 3
    if "$elemMatch" in operators or "$regex" in operators or _is_by_element(choice):
        return 6
    return 2 if not placed.is_telling else 1 if operators else 0


def _is_by_element(choice: Any) -> bool:
    every = choice.get("$all", ()) if isinstance(choice, dict) else ()
    return any(isinstance(each, dict) for each in every)
