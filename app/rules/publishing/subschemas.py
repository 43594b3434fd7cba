"""The sub-schemas of a schema by their JSON Pointers; what is not well formed is passed over."""

from collections.abc import Iterator
from typing import Any

from app.model.element import Schema
from app.model.pointer import escaped

ONE = frozenset({"additionalProperties", "unevaluatedProperties", "items", "unevaluatedItems"})
ONE |= {"contains", "propertyNames", "not", "if", "then", "else", "contentSchema"}
LISTED = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
NAMED = frozenset({"properties", "patternProperties", "$defs", "dependentSchemas"})
ELEMENTS = frozenset({"properties", "patternProperties", "items", "prefixItems", "$defs"})
"""The keywords whose sub-schemas say what an element is; the others only set conditions."""
SAME_VALUE = frozenset({"allOf", "anyOf", "oneOf", "not", "if", "then", "else"})
SAME_VALUE |= {"dependentSchemas"}


def subschemas(schema: Any) -> Iterator[tuple[str, Schema]]:
    """Yield each sub-schema that is an object, the schema itself first as `#`."""
    waiting = [("#", schema)]
    while waiting:
        pointer, each = waiting.pop()
        if isinstance(each, dict):
            yield pointer, each
            waiting.extend(reversed([(at, inner) for at, inner, _ in below(pointer, each)]))


def elements(schema: Schema) -> Iterator[tuple[str, Schema, str]]:
    """Yield (pointer, sub-schema, keyword) of all that say what an element is, the root first."""
    waiting = [("#", schema, "")]
    while waiting:
        pointer, each, word = waiting.pop()
        yield pointer, each, word
        inside = [(at, x, name) for at, x, name in below(pointer, each) if name in ELEMENTS]
        waiting.extend(reversed([found for found in inside if isinstance(found[1], dict)]))


def conditions(pointer: str, schema: Schema) -> Iterator[tuple[str, Schema]]:
    """Yield the sub-schemas that judge the same value as `schema` does."""
    for at, each, word in below(pointer, schema):
        if word in SAME_VALUE and isinstance(each, dict):
            yield at, each
            yield from conditions(at, each)


def below(pointer: str, schema: Schema) -> Iterator[tuple[str, Any, str]]:
    """Yield (pointer, sub-schema, keyword) for what stands directly below."""
    for word, value in schema.items():
        here = f"{pointer}/{escaped(word)}"
        if word in ONE:
            yield here, value, word
        elif word in LISTED and isinstance(value, list):
            yield from ((f"{here}/{at}", each, word) for at, each in enumerate(value))
        elif word in NAMED and isinstance(value, dict):
            yield from ((f"{here}/{escaped(name)}", x, word) for name, x in value.items())
