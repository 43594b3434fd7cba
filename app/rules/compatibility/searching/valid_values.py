"""Few small values that a schema takes: what documents are made of before they are varied."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice, product
from typing import Any

import jsonschema_rs

from app.model.element import Schema
from app.rules.compatibility.searching.plain_values import (
    is_synthetic,
    limits,
    listed,
    numbers,
    plain_strings,
    strings,
)
from app.rules.compatibility.searching.spots import Parts, Spot, Spots

FEW = 12
"""Most valid values of one place that are remembered."""
TRIED = 400
"""Most values of one place that are looked at for valid ones."""
OF_A_KIND = 100
"""Most strings, and most numbers, among them."""
LARGEST = 2000
"""No value that fills a document is larger, in characters of JSON."""
LONGEST_ARRAY = 1100
ROUNDS = 4
"""How often what follows from an object is added to it before it is given up."""
NONE: Mapping[str, Any] = {}
EXTRA = ("extra", "Extra-1")
"""Names that no schema is likely to declare."""


class ValidValues:
    """The valid values of places, found once; `must` is what has to hold there together."""

    def __init__(self, spots: Spots) -> None:
        self._spots = spots
        self._few: dict[tuple[int, ...], tuple[Parts, list[Any]]] = {}
        self._checks: dict[tuple[int, ...], tuple[Parts, Callable[[Any], bool]]] = {}

    def few(self, must: Parts, depth: int) -> list[Any]:
        """Return few values, small ones first, with so many arrays and objects nested at most."""
        key = (depth, *map(id, must))
        if key not in self._few:
            tried = islice(unique(self._plain(must, depth)), TRIED)
            check = self.check(must)
            found = (each for each in tried if is_synthetic(each) and check(each))
            self._few[key] = (must, list(islice(found, FEW)))
        return self._few[key][1]

    def check(self, must: Parts) -> Callable[[Any], bool]:
        """Return the fast validator of what must hold at a place."""
        key = tuple(map(id, must))
        if key not in self._checks:
            schema = {"allOf": [*must, True], "$defs": self._spots.reachable(must)}
            validator = jsonschema_rs.Draft202012Validator(
                schema, validate_formats=True, offline=True
            )
            self._checks[key] = (must, validator.is_valid)
        return self._checks[key][1]

    def least_object(
        self, choice: Parts, depth: int, given: Mapping[str, Any] = NONE
    ) -> dict[str, Any] | None:
        """Return an object with what is given and required; None when there is none so small."""
        if not may_be("object", choice):
            return None
        body = dict(given)
        fewest = int(max((part.get("minProperties", 0) for part in choice), default=0))
        more = [f"{EXTRA[0]}{count}" for count in range(min(fewest, OF_A_KIND))]
        optional = list(dict.fromkeys((*names(choice), *EXTRA, *more)))
        while missing := _missing(choice, body, optional, fewest):
            few = self.few(self._child(choice, missing), depth - 1)
            if few:
                body[missing] = few[0]
            elif missing in _required(choice, body):
                return None
            else:
                optional.remove(missing)
        return body

    def settled(
        self, must: Parts, choice: Parts, given: Mapping[str, Any], depth: int
    ) -> dict[str, Any] | None:
        """Return a valid object with what is given and all that follows from it by `if`."""
        check = self.check(must)
        for _ in range(ROUNDS):
            body = self.least_object(choice, depth, given)
            if body is None or check(body):
                return body
            choice = (*choice, *self._implied(choice, body))
        return None

    def conditions(self, choice: Parts) -> Iterator[str]:
        """Yield the names of properties that an `if` asks for."""
        asked = [part["if"] for part in choice if isinstance(part.get("if"), dict)]
        parts = self._spots.parts(asked)
        yield from dict.fromkeys(name for part in parts for name in part.get("properties", {}))

    def _implied(self, choice: Parts, body: dict[str, Any]) -> Parts:
        found: list[Schema] = []
        for part in choice:
            if "if" in part:
                word = "then" if self.check((part["if"],))(body) else "else"
                found += [part[word]] if isinstance(part.get(word), dict) else []
        ways = self._spots.choices(found)
        return ways[0] if ways else ()

    def most_object(
        self, must: Parts, choice: Parts, least: dict[str, Any], depth: int
    ) -> dict[str, Any]:
        """Return an object with as many properties as stay valid together."""
        check, body = self.check(must), least
        for name in dict.fromkeys(names(choice)) if check(least) else ():
            few = self.few(self._child(choice, name), depth - 1)
            rich = max((each for each in few if _size(each) < LARGEST), key=_size, default=None)
            trials = ({**body, name: value} for value in (rich, *few[:1]) if few)
            body = next((each for each in trials if name not in body and check(each)), body)
        return body if _size(body) < LARGEST * FEW else least

    def first_entries(self, spot: Spot, choice: Parts, depth: int) -> list[Any]:
        """Return an entry for each place of arrays that has a schema of its own."""
        sides = self._spots.parts(choice + spot.old + spot.new)
        count = max((len(part.get("prefixItems", ())) for part in sides), default=0)
        entries = (self._spots.item(spot, choice, index) for index in range(count))
        return [next(iter(self.few(each.must, depth - 1)), None) for each in entries]

    def different(self, must: Parts, count: int, depth: int, more: Iterable[Any]) -> list[Any]:
        """Return up to so many different values: few, numbered ones, then valid ones of `more`."""
        few = self.few(must, depth)
        if count <= len(few):
            return few[: max(count, 0)]
        check, tried = self.check(must), chain(few, _numbered(few), more)
        found = (each for each in islice(unique(tried), TRIED + 10 * count) if check(each))
        return list(islice(found, count))

    def _child(self, choice: Parts, name: str) -> Parts:
        return self._spots.property(Spot(choice, (), ()), choice, name).must

    def _plain(self, must: Parts, depth: int) -> Iterator[Any]:
        yield from listed(self._spots.parts(must))
        for choice in self._spots.choices(must):
            if may_be("boolean", choice):
                yield from (True, False)
            if may_be("string", choice):
                yield from islice(plain_strings(choice), OF_A_KIND)
            if may_be("number", choice):
                yield from islice(numbers(choice), OF_A_KIND)
            if may_be("null", choice):
                yield None
            if depth and may_be("array", choice):
                yield from self._arrays(choice, depth)
            if depth and (least := self.least_object(choice, depth)) is not None:
                yield from (least, self.most_object(must, choice, least, depth))

    def _arrays(self, choice: Parts, depth: int) -> Iterator[list[Any]]:
        none = Spot(choice, (), ())
        firsts = self.first_entries(none, choice, depth)
        last = self._spots.item(none, choice, len(firsts)).must
        contained = [self.few((each,), depth - 1)[:2] for each in contents(choice)]
        yield from ([*each] for each in product(*contained) if each)
        yield from (firsts, [])
        few = self.few(last, depth - 1)
        yield from ([*firsts, each] for each in few)
        least = int(max((part.get("minItems", 0) for part in choice), default=0))
        if few and least <= LONGEST_ARRAY:
            more = strings(self._spots.parts(last))
            yield [*firsts, *self.different(last, least, depth - 1, more)][: max(least, 2)]
            yield [*firsts, *few[:1] * least][: max(least, 1)]


def may_be(kind: str, choice: Parts) -> bool:
    """Whether parts that hold together let a JSON type in."""
    for part in choice:
        types = part.get("type", kind)
        types = [types] if isinstance(types, str) else types
        if kind not in types and not (kind == "number" and "integer" in types):
            return False
    return True


def names(parts: Iterable[Schema]) -> Iterator[str]:
    """Yield the names of properties that schemas speak of, then names of the forms they tell."""
    told = list(parts)
    for part in told:
        yield from part.get("required", ())
        yield from part.get("properties", {})
        for word in ("dependentRequired", "dependentSchemas"):
            yield from part.get(word, {})
    for part in told:
        forms: list[Schema] = [{"pattern": form} for form in part.get("patternProperties", {})]
        if isinstance(part.get("propertyNames"), dict):
            forms.append(part["propertyNames"])
        yield from (each for each in listed(forms) if isinstance(each, str))
        yield from (
            "a" * each for form in forms for each in limits([form], "minLength", "maxLength")
        )
        likely = (each for each in strings(forms) if "\n" not in each)  # no name has a line break
        yield from islice(likely, OF_A_KIND) if forms else ()


def contents(parts: Iterable[Schema]) -> list[Schema]:
    """Return the schemas of entries that arrays have to contain."""
    return [part["contains"] for part in parts if isinstance(part.get("contains"), dict)]


def unique(values: Iterable[Any]) -> Iterator[Any]:
    """Yield each value once; 1 and 1.0 are two, since validators may tell them apart."""
    seen = set()
    for value in values:
        text = json.dumps(value, sort_keys=True)
        if text not in seen:
            seen.add(text)
            yield value


def _required(choice: Parts, body: dict[str, Any]) -> list[str]:
    needed = [name for part in choice for name in part.get("required", ())]
    for part in choice:
        for name, others in part.get("dependentRequired", {}).items():
            needed += others if name in body else ()
    return needed


def _missing(choice: Parts, body: dict[str, Any], optional: list[str], fewest: int) -> str | None:
    needed = next((name for name in _required(choice, body) if name not in body), None)
    if needed is not None or len(body) >= fewest:
        return needed
    return next((name for name in optional if name not in body), None)


def _numbered(values: list[Any]) -> Iterator[Any]:
    """Yield copies of values that differ in a number at the end of one of their strings."""
    for value in values:
        if isinstance(value, str):
            yield from (f"{value}{count}" for count in range(1, 100))
        for name, text in value.items() if isinstance(value, dict) else ():
            if isinstance(text, str):
                yield from ({**value, name: f"{text}{count}"} for count in range(1, 100))


def _size(value: Any) -> int:
    return len(json.dumps(value))
