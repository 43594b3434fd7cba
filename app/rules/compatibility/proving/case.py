"""What is known of one value: the schemas it is valid under, taken apart into plain facts."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cached_property
from math import floor
from typing import Any

from app.rules.compatibility.proving.home import At, Sameness, is_valid
from app.rules.compatibility.proving.negation import negations

TYPES = frozenset({"null", "boolean", "integer", "fraction", "string", "array", "object"})
"""The types of JSON; a number is an integer (1.0 is one too) or a fraction."""
MOST_VALUES = 300
"""Most values that a range of integers is written out as."""
MOST_FACTS = 3000
"""Most facts that are looked at."""

Bound = tuple[Fraction, bool]
"""A limit, and whether the limit itself is left out."""


def types_named(word: Any) -> frozenset[str]:
    """Return the types that the word `type` names."""
    names = {word} if isinstance(word, str) else set(word)
    return frozenset(names - {"number"}) | ({"integer", "fraction"} if "number" in names else set())


def type_of(value: Any) -> str:
    """Return the type of a value."""
    if isinstance(value, bool) or value is None:
        return "null" if value is None else "boolean"
    if isinstance(value, int | float):
        return "integer" if value == int(value) else "fraction"
    names: dict[type, str] = {str: "string", list: "array", dict: "object"}
    return names.get(type(value), "fraction")


class Case:
    """The facts about one value, and what follows from them at first sight.

    A fact may be left out, which makes a proof weaker but never wrong.
    """

    def __init__(self, given: Iterable[At], same: Sameness) -> None:
        self.given = tuple(given)
        self._same = same
        self.known: set[str] = set()
        """The texts of all schemas that are known to hold."""
        self.facts: list[At] = []
        self._seen: set[str] = set()
        self.is_never = False
        self._flatten(list(self.given))
        self._follow()

    @cached_property
    def key(self) -> frozenset[str]:
        """What makes two cases the same."""
        return frozenset(self._same.text(each) for each in self.given)

    def but(self, *more: At) -> "Case":
        """Return the case in which more is known."""
        return Case((*self.given, *more), self._same)

    def without(self, fact: At, words: Iterable[str], *more: At) -> "Case":
        """Return the case in which some words of a fact are replaced by other schemas."""
        said = _taken_apart(fact.schema)
        # What was evaluated is no longer known once a word is gone.
        gone = {*words, "unevaluatedProperties", "unevaluatedItems"}
        rest = {word: value for word, value in said.items() if word not in gone}
        others = [each.made(_taken_apart(each.schema)) for each in self.facts if each is not fact]
        return Case((*others, fact.made(rest), *more), self._same)

    def saying(self, word: str) -> Iterator[tuple[At, Any]]:
        """Yield (fact, value) for each fact that has a word."""
        return ((fact, fact.schema[word]) for fact in self.facts if word in fact.schema)

    @cached_property
    def required(self) -> frozenset[str]:
        """The names that an object must have."""
        found = {name for _, names in self.saying("required") for name in names}
        size = -1
        while size != len(found):
            size = len(found)
            for _, needs in self.saying("dependentRequired"):
                found |= {each for name in needs if name in found for each in needs[name]}
        return frozenset(found)

    @cached_property
    def types(self) -> frozenset[str]:
        """The types that the value may have."""
        found = frozenset() if self.is_never else TYPES
        for _, names in self.saying("type"):
            found &= types_named(names)
        for _, refused in self.saying("not"):
            if isinstance(refused, dict) and set(refused) == {"type"}:
                found -= types_named(refused["type"])
        if self._listed is not None:
            found &= {type_of(value) for value in self._listed}
        return found

    @cached_property
    def _listed(self) -> list[Any] | None:
        constants = [[value] for _, value in self.saying("const")]
        lists = [*constants, *(values for _, values in self.saying("enum"))]
        return min(lists, key=len) if lists else None

    @cached_property
    def values(self) -> list[Any] | None:
        """All values there may be; None when they cannot be listed."""
        listed = self._listed
        if listed is None and self.types <= {"null", "boolean"}:
            listed = [None] * ("null" in self.types) + [False, True] * ("boolean" in self.types)
        if listed is None and self.types == {"integer"}:
            listed = self._integers()
        if listed is None:
            return None
        return [value for value in listed if all(is_valid(each, value) for each in self.facts)]

    def _integers(self) -> list[Any] | None:
        low, high = self.bound("minimum"), self.bound("maximum")
        if low is None or high is None or high[0] - low[0] > MOST_VALUES:
            return None
        return list(range(floor(low[0]), floor(high[0]) + 1))

    def bound(self, word: str) -> Bound | None:
        """Return the narrowest `minimum` or `maximum`."""
        exclusive = f"exclusive{word.capitalize()}"
        found = [(Fraction(limit), False) for _, limit in self.saying(word)]
        found += [(Fraction(limit), True) for _, limit in self.saying(exclusive)]
        if word == "minimum":
            return max(found, default=None)
        return min(found, key=lambda each: (each[0], not each[1]), default=None)

    def least(self, word: str) -> int:
        """Return the highest of the lower limits that a word such as `minLength` sets."""
        return int(max((limit for _, limit in self.saying(word)), default=0))

    def most(self, word: str) -> float:
        """Return the lowest of the upper limits that a word such as `maxLength` sets."""
        return min((limit for _, limit in self.saying(word)), default=float("inf"))

    def _flatten(self, waiting: list[At]) -> None:
        seen: set[tuple[str, str]] = set()
        while waiting and len(self.facts) < MOST_FACTS:
            each = waiting.pop()
            if each.schema is False:
                self.is_never = True
            if not isinstance(each.schema, dict) or not each.schema:
                continue
            text = self._same.text(each)
            if text in self._seen:
                continue
            self._seen.add(text)
            self.known |= self._same.parts(each)
            self.facts.append(each)
            waiting += [each.below("allOf", index) for index in range(len(each.get("allOf", ())))]
            target = each.home.at(each.schema["$ref"]) if "$ref" in each.schema else None
            if target and (target.home.url, target.path) not in seen:
                seen.add((target.home.url, target.path))
                waiting.append(target)
            choices = negations(each) if "not" in each.schema else ()
            waiting += choices if len(choices) == 1 else ()

    def _follow(self) -> None:
        """Add what `dependentSchemas` says once the name it waits for is required."""
        done: set[tuple[int, str]] = set()
        while True:
            due = [
                (fact, name)
                for fact, needs in self.saying("dependentSchemas")
                for name in needs
                if name in self.required and (id(fact), name) not in done
            ]
            if not due:
                return
            done |= {(id(fact), name) for fact, name in due}
            self._flatten([fact.below("dependentSchemas", name) for fact, name in due])
            self.__dict__.pop("required", None)


def _taken_apart(schema: dict[str, Any]) -> dict[str, Any]:
    """Return what a fact says besides the schemas that have become facts of their own."""
    gone = {"allOf", "$ref", "unevaluatedProperties", "unevaluatedItems"} & set(schema)
    gone -= set() if gone & {"allOf", "$ref"} else gone
    return {k: v for k, v in schema.items() if k not in gone} if gone else schema
