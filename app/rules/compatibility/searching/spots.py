"""One place in documents, with all that two schemas say of it."""

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from app.model.element import Schema
from app.model.pattern import matches
from app.model.pointer import unescaped

Parts = tuple[Schema, ...]

IN_PLACE = ("allOf", "anyOf", "oneOf")
CONDITIONS = ("if", "then", "else", "not")
ANYTHING: Schema = {}
NOTHING: Schema = {"not": {}}
MOST_PARTS = 400
"""Most schemas that are looked at for one place."""
MOST_CHOICES = 100
"""Most ways to choose among branches that are followed at one place."""


@dataclass(frozen=True)
class Spot:
    """What must hold of a value (`must`, chosen from the old schema), and all that is said of it.

    `old` and `new` hold every schema that either side applies to the value, perhaps only in a
    branch: they tell which values are worth trying.
    """

    must: Parts
    old: Parts
    new: Parts


class Spots:
    """The places of two bundled schemas; the definitions of both are kept apart by their names."""

    def __init__(self, old: Schema, new: Schema) -> None:
        self.definitions = {**_named(old, "old-"), **_named(new, "new-")}
        roots = {side: ({"$ref": f"#/$defs/{side}-"},) for side in ("old", "new")}
        self.root = Spot(roots["old"], roots["old"], roots["new"])
        self._parts: dict[tuple[int, ...], tuple[Parts, Parts]] = {}
        self._chosen: dict[int, tuple[Schema, list[Parts]]] = {}
        self._prints: dict[tuple[int, bool], tuple[Schema, str]] = {}

    def parts(self, schemas: Iterable[Schema]) -> Parts:
        """Return the schemas and all that apply to the same value: references and branches."""
        given = tuple(schemas)
        key = tuple(map(id, given))
        if key not in self._parts:
            found: dict[int, Schema] = {}
            waiting = deque(given)
            while waiting and len(found) < MOST_PARTS:
                schema = waiting.popleft()
                if id(schema) not in found:
                    found[id(schema)] = schema
                    waiting.extend(self._in_place(schema))
            self._parts[key] = (given, tuple(found.values()))
        return self._parts[key][1]

    def choices(self, schemas: Iterable[Schema]) -> list[Parts]:
        """Return ways to satisfy the schemas, each as parts that must hold together."""
        return _one_at_a_time([self._ways(each) for each in schemas])

    def property(self, spot: Spot, choice: Parts, name: str) -> Spot:
        """Return the spot of a property of objects."""
        sides = (choice, self.parts(spot.old), self.parts(spot.new))
        return Spot(*(tuple(_of_property(parts, name)) for parts in sides))

    def item(self, spot: Spot, choice: Parts, index: int) -> Spot:
        """Return the spot of an entry of arrays."""
        sides = (choice, self.parts(spot.old), self.parts(spot.new))
        must, old, new = (tuple(_of_item(parts, index)) for parts in sides)
        contained = [tuple(_each(parts, "contains")) for parts in sides[1:]]
        return Spot(must, (*old, *contained[0]), (*new, *contained[1]))

    def is_same(self, spot: Spot) -> bool:
        """Whether both schemas say the same of the spot, the new one perhaps opened."""
        new = self._print_of(spot.new)
        return new == self._print_of(spot.old) or new == self._print_of(spot.old, is_open=True)

    def unlike(self, spot: Spot) -> Parts:
        """Return the parts that one of the two schemas has and the other has not."""
        old, new = (self.parts(each) for each in (spot.old, spot.new))
        same = {self._print(each) for each in old} & {self._print(each) for each in new}
        return tuple(each for each in old + new if self._print(each) not in same)

    def reachable(self, schemas: Iterable[Schema]) -> dict[str, Schema]:
        """Return the definitions that the schemas lead to, by name."""
        found: dict[str, Schema] = {}
        waiting: list[Any] = list(schemas)
        while waiting:
            for name in re.findall(r'"#/\$defs/([^"/]+)', json.dumps(waiting.pop())):
                if name not in found and name in self.definitions:
                    found[name] = self.definitions[name]
                    waiting.append(found[name])
        return found

    def _in_place(self, schema: Schema) -> Iterator[Schema]:
        if "$ref" in schema:
            yield self._target(schema["$ref"])
        for word in IN_PLACE:
            yield from map(_schema, schema.get(word, ()))
        yield from (_schema(schema[word]) for word in CONDITIONS if word in schema)
        yield from map(_schema, schema.get("dependentSchemas", {}).values())

    def _ways(self, schema: Schema) -> list[Parts]:
        if id(schema) not in self._chosen:
            self._chosen[id(schema)] = (schema, [])  # what leads back to itself adds no way
            self._chosen[id(schema)] = (schema, self._ways_of(schema))
        return self._chosen[id(schema)][1]

    def _ways_of(self, schema: Schema) -> list[Parts]:
        if schema is NOTHING:
            return []
        lists: list[list[Parts]] = [[(schema,)]]
        if "$ref" in schema:
            lists.append(self._ways(self._target(schema["$ref"])))
        lists += [self._ways(_schema(each)) for each in schema.get("allOf", ())]
        for word in ("anyOf", "oneOf"):
            if word in schema:
                branches = map(_schema, schema[word][:MOST_PARTS])
                lists.append([way for each in branches for way in self._ways(each)])
        if "if" in schema:
            yes = [_schema(schema[word]) for word in ("if", "then") if word in schema]
            no = [_schema(schema["else"])] if "else" in schema else []
            lists.append([*self.choices(no), *self.choices(yes)])
        for name, each in schema.get("dependentSchemas", {}).items():
            needed: Schema = {"required": [name]}
            ways = self._ways(_schema(each))
            lists.append([(), *((needed, *way) for way in ways)])
        return _one_at_a_time(lists)

    def _target(self, reference: str) -> Schema:
        target: Any = {"$defs": self.definitions}
        for step in unquote(reference).removeprefix("#/").split("/"):
            name = unescaped(step)
            target = target[int(name)] if isinstance(target, list) else target.get(name, True)
        return _schema(target)

    def _print_of(self, schemas: Parts, *, is_open: bool = False) -> frozenset[str]:
        return frozenset(self._print(each, is_open=is_open) for each in self.parts(schemas))

    def _print(self, schema: Schema, *, is_open: bool = False) -> str:
        known = self._prints.get((id(schema), is_open))
        if known is None:
            said: Any = [schema, self.reachable([schema])]
            text = json.dumps(_opened(said) if is_open else said, sort_keys=True)
            known = (schema, re.sub(r'"(#/\$defs/)?(old|new)-', r'"\1', text))
            self._prints[id(schema), is_open] = known
        return known[1]


def _schema(schema: Any) -> Schema:
    if isinstance(schema, Mapping):
        return schema
    return NOTHING if schema is False else ANYTHING


def _opened(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {name: _opened(each) for name, each in node.items() if not _is_closing(name, each)}
    return [_opened(each) for each in node] if isinstance(node, list) else node


def _is_closing(word: str, value: Any) -> bool:
    return word in ("additionalProperties", "unevaluatedProperties") and value is False


def _named(schema: Schema, side: str) -> dict[str, Any]:
    """Return the definitions of a schema, and itself under the empty name, marked with its side."""
    whole = _marked(schema, side)
    return {side: whole, **{side + name: each for name, each in whole.get("$defs", {}).items()}}


def _marked(node: Any, side: str) -> Any:
    if isinstance(node, Mapping):
        return {
            name: _moved(each, side)
            if name == "$ref" and isinstance(each, str)
            else _marked(each, side)
            for name, each in node.items()
        }
    return [_marked(each, side) for each in node] if isinstance(node, list | tuple) else node


def _moved(reference: str, side: str) -> str:
    if reference.startswith("#/$defs/"):
        return f"#/$defs/{side}{reference.removeprefix('#/$defs/')}"
    return f"#/$defs/{side}{reference.removeprefix('#')}"


def _one_at_a_time(lists: Sequence[list[Parts]]) -> list[Parts]:
    """Return the first of each list joined, then each list's others with the firsts of the rest."""
    if not all(lists):
        return []
    firsts = [ways[0] for ways in lists]
    joined = [_joined(firsts)]
    for place, ways in enumerate(lists):
        for way in ways[1:]:
            if len(joined) == MOST_CHOICES:
                return joined
            joined.append(_joined([*firsts[:place], way, *firsts[place + 1 :]]))
    return joined


def _joined(ways: Iterable[Parts]) -> Parts:
    return tuple({id(part): part for way in ways for part in way}.values())


def _each(parts: Parts, word: str) -> Iterator[Schema]:
    yield from (_schema(part[word]) for part in parts if word in part)


def _of_property(parts: Parts, name: str) -> Iterator[Schema]:
    for part in parts:
        found = [part["properties"][name]] if name in part.get("properties", {}) else []
        found += [
            each for form, each in part.get("patternProperties", {}).items() if _has(form, name)
        ]
        if not found and "additionalProperties" in part:
            found = [part["additionalProperties"]]
        yield from map(_schema, found)


def _of_item(parts: Parts, index: int) -> Iterator[Schema]:
    for part in parts:
        first = part.get("prefixItems", [])
        if index < len(first):
            yield _schema(first[index])
        elif "items" in part:
            yield _schema(part["items"])


def _has(form: str, name: str) -> bool:
    try:
        return matches(form, name)
    except ValueError:
        return False
