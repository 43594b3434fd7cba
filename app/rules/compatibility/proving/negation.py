"""What a value that is refused by a schema must be instead."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.rules.compatibility.proving.home import At

MOST_CHOICES = 8
"""Most ways to fail that are looked into."""
PLAIN = frozenset({"type", "const", "enum", "pattern", "format"})
"""Words whose failure is said with `not` alone."""


def negations(at: At) -> list[At]:
    """Return schemas of which one holds when `not` holds, the weakest where nothing is known.

    The list is empty when too little would follow.
    """
    refused = at.schema["not"]
    if not isinstance(refused, dict):
        return [at.made(refused is False)]
    words = [word for word in refused if not word.startswith("x-")]
    choices: list[Any] = []
    if not words:
        return [at.made(False)]
    for word in words:
        found = _choices(word, refused[word], at)
        if found is None:
            return []
        choices += found
    is_plain = set(words) <= PLAIN
    if len(choices) > MOST_CHOICES or (is_plain and len(words) == 1):
        return []
    return [at.made(each) for each in choices]


def _choices(word: str, value: Any, at: At) -> list[Any] | None:
    """Return the ways to fail one word, or None when they are not known."""
    if word in PLAIN:
        return [{"not": {word: value}}]
    if word in FAILING:
        return FAILING[word](value)
    if word == "$ref":
        target = at.home.at(value)
        return [{"not": target.schema}] if target else None
    found = _limit(word, value)
    return [found] if found else None


def _missing(names: Iterable[str]) -> list[Any]:
    return [{"type": "object", "properties": {name: False}} for name in names]


def _wrong_members(members: Mapping[str, Any]) -> list[Any]:
    return [
        {"type": "object", "required": [name], "properties": {name: {"not": each}}}
        for name, each in members.items()
    ]


def _none_of(branches: Iterable[Any]) -> list[Any]:
    return [{"not": each} for each in branches]


FAILING: Mapping[str, Callable[[Any], list[Any]]] = {
    "required": _missing,
    "properties": _wrong_members,
    "allOf": _none_of,
    "anyOf": lambda branches: [{"allOf": _none_of(branches)}],
    "not": lambda refused: [refused],
}
"""The ways to fail a word, by what it says."""


def _limit(word: str, value: Any) -> dict[str, Any] | None:
    numbers = {
        "minimum": "exclusiveMaximum",
        "maximum": "exclusiveMinimum",
        "exclusiveMinimum": "maximum",
        "exclusiveMaximum": "minimum",
    }
    if word in numbers:
        return {"type": "number", numbers[word]: value}
    sizes = {"Length": "string", "Items": "array", "Properties": "object"}
    for name, kind in sizes.items():
        if word == f"max{name}":
            return {"type": kind, f"min{name}": value + 1}
        if word == f"min{name}":
            return {"type": kind, f"max{name}": value - 1} if value else {"not": {}}
    return None
