"""What is known of the values inside a value: of an object's properties, of an array's entries."""

from collections.abc import Iterator

from app.model.pattern import matches
from app.rules.compatibility.proving.case import Case
from app.rules.compatibility.proving.home import At
from app.rules.compatibility.words import IN_PLACE


class Names:
    """The names an object may have: those that are spelt out, those of a pattern, and all others.

    Each list of facts holds for the value under the name, if the object has it.
    """

    def __init__(self, case: Case) -> None:
        self._case = case
        self.spelt = {name for fact in case.facts for name in mentioned(fact)}
        self.patterns = {name for _, each in case.saying("patternProperties") for name in each}

    def of(self, name: str) -> list[At]:
        """Return the facts about the value under a name."""
        found: list[At] = []
        for fact in self._case.facts:
            own = list(declared(fact, name))
            if not own and "additionalProperties" in fact.schema:
                own = [fact.below("additionalProperties")]
            found += own
            if "unevaluatedProperties" in fact.schema and not may_evaluate(fact, name):
                found.append(fact.below("unevaluatedProperties"))
        refused = [f for f, s in self._case.saying("propertyNames") if not _allows(f, s, name)]
        return [*found, *(each.made(False) for each in refused)]

    def of_pattern(self, pattern: str) -> list[At]:
        """Return the facts about the values under the names of a pattern."""
        return [
            fact.below("patternProperties", pattern)
            for fact in self._case.facts
            if pattern in fact.get("patternProperties", {})
        ]

    @property
    def of_others(self) -> list[At]:
        """Return the facts about the values under names that nothing here mentions."""
        found = [fact.below("additionalProperties") for fact in self._plain("additionalProperties")]
        found += [
            fact.below("unevaluatedProperties")
            for fact in self._plain("unevaluatedProperties")
            if not may_evaluate(fact, None)
        ]
        listed = [fact for fact, s in self._case.saying("propertyNames") if _is_list(s)]
        return [*found, *(fact.made(False) for fact in listed)]

    @property
    def listed(self) -> set[str]:
        """Names that a list of allowed names spells out."""
        found = [s for _, s in self._case.saying("propertyNames") if _is_list(s) and s]
        names = (name for each in found for name in each.get("enum", [each.get("const")]))
        return {name for name in names if isinstance(name, str)}

    def _plain(self, word: str) -> Iterator[At]:
        return (fact for fact, _ in self._case.saying(word))


def declared(fact: At, name: str) -> Iterator[At]:
    """Yield the schemas that `properties` and `patternProperties` have for a name."""
    if name in fact.get("properties", {}):
        yield fact.below("properties", name)
    for pattern in fact.get("patternProperties", {}):
        if matches(pattern, name):
            yield fact.below("patternProperties", pattern)


def mentioned(fact: At, depth: int = 0) -> Iterator[str]:
    """Yield the names that a schema, or one beside it, spells out as properties."""
    if isinstance(fact.schema, dict) and depth <= MOST_DEPTH:
        yield from fact.get("properties", {})
        if depth or "unevaluatedProperties" in fact.schema:
            for each in beside(fact):
                yield from mentioned(each, depth + 1)


def may_evaluate(fact: At, name: str | None, *, is_inner: bool = False, depth: int = 0) -> bool:
    """Return whether something beside `unevaluatedProperties` may look at a name.

    None stands for any name that is not spelt out.
    """
    schema = fact.schema
    if not isinstance(schema, dict):
        return False
    catches_all = "additionalProperties" in schema or "$dynamicRef" in schema
    if depth > MOST_DEPTH or catches_all or (is_inner and "unevaluatedProperties" in schema):
        return True
    if name is None and schema.get("patternProperties"):
        return True
    if name is not None and next(declared(fact, name), None):
        return True
    return any(may_evaluate(each, name, is_inner=True, depth=depth + 1) for each in beside(fact))


MOST_DEPTH = 20
"""How deep schemas that judge the same value are followed."""


def beside(fact: At) -> Iterator[At]:
    """Yield the schemas inside one that judge the same value."""
    for word in ("allOf", "anyOf", "oneOf"):
        yield from (fact.below(word, index) for index in range(len(fact.get(word, ()))))
    yield from (fact.below(word) for word in ("if", "then", "else") if word in fact.schema)
    for name in fact.get("dependentSchemas", {}):
        yield fact.below("dependentSchemas", name)
    target = fact.home.at(fact.schema["$ref"]) if "$ref" in fact.schema else None
    if target:
        yield target


class Entries:
    """The entries an array may have."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self.listed = max((len(each) for _, each in case.saying("prefixItems")), default=0)
        """How many entries have a schema of their own."""

    def at(self, index: int) -> list[At]:
        """Return the facts about the entry at an index, or at any index as high."""
        found: list[At] = []
        for fact in self._case.facts:
            own = len(fact.get("prefixItems", ()))
            if index < own:
                found.append(fact.below("prefixItems", index))
            elif "items" in fact.schema:
                found.append(fact.below("items"))
            elif "unevaluatedItems" in fact.schema and not (
                "contains" in fact.schema or IN_PLACE & set(fact.schema)
            ):
                found.append(fact.below("unevaluatedItems"))
        return found


def _is_list(schema: object) -> bool:
    return schema is False or (isinstance(schema, dict) and ("enum" in schema or "const" in schema))


def _allows(fact: At, schema: object, name: str) -> bool:
    return fact.home.validator(schema).is_valid(name)
