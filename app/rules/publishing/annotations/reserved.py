"""Names that a version gave up: they may come back, but not with another meaning.

A client may still keep values under the old meaning, and nothing tells it from the new one.
"""

from collections.abc import Iterator
from typing import Any

from app.model.element import Element, Path, Schema
from app.rules.publishing.bump import numbers
from app.rules.publishing.changes.change import listed
from app.rules.publishing.changes.pairs import Pair, elements, pairs
from app.rules.publishing.changes.sameness import text
from app.rules.publishing.changes.words import allowed
from app.rules.publishing.finding import Finding, Library

ASPECTS = {
    "type": "type",
    "format": "format",
    "x-sensitivity": "label",
    "x-target": "types it may refer to",
}
"""Keywords that make the meaning of an element, besides its codes."""


def reserved_findings(candidate_schema: Schema, library: Library) -> list[Finding]:
    """Return an error for each element that takes up a name with another meaning.

    Only versions before the candidate's count, live or not: a name was given up when one of them
    had it and a later one had not. The meaning is that of the last that had it.
    """
    address = str(candidate_schema.get("$id", "")).rpartition("/")[2]
    own = numbers(address)
    known = {**library.former, **library.live}
    parsed = sorted((found, each) for each in known if (found := numbers(each)))
    earlier = [version for found, version in parsed if own is None or found < own]
    try:
        lives = [(version, _elements(known[version], library)) for version in earlier]
        mine = pairs(candidate_schema, candidate_schema, library.documents)
    except ValueError:
        return []  # the list of changes says so
    return list(_taken_up(mine, lives))


def _elements(schema: Schema, library: Library) -> dict[Path, Element]:
    places = pairs(schema, schema, library.documents)
    return {each.path: each for each in elements(places, is_new=True)}


def _taken_up(
    places: list[Pair], lives: list[tuple[str, dict[Path, Element]]]
) -> Iterator[Finding]:
    pointers = {each.path: each for each in reversed(places)}
    for element in elements(places, is_new=True):
        having = [version for version, known in lives if element.path in known]
        if not having or having[-1] == lives[-1][0]:
            continue  # never there, or never given up
        former = dict(lives)[having[-1]][element.path]
        other = _differences(former, element)
        if other:
            yield _reserved(element, pointers[element.path], having[-1], other)


def _differences(old: Element, new: Element) -> list[str]:
    found = [
        name
        for word, name in ASPECTS.items()
        if text(_sorted(old.schema.get(word))) != text(_sorted(new.schema.get(word)))
    ]
    if text(_sorted(allowed(old.schema))) != text(_sorted(allowed(new.schema))):
        found.append("codes")
    if old.many != new.many:
        found.append("number of values")
    return found


def _sorted(value: Any) -> Any:
    return sorted(value, key=text) if isinstance(value, list) else value


def _reserved(element: Element, place: Pair, version: str, other: list[str]) -> Finding:
    return Finding(
        "name-reserved",
        f"The name {element.dotted} was given up after version {version} and may not come back"
        f" with another meaning: its {listed(other)} {'is' if len(other) == 1 else 'are'} other.",
        path=place.new.pointer if place.new else "",
        against=version,
        instance_path=place.instance_path,
        hint="Take another name, or the former meaning.",
    )
