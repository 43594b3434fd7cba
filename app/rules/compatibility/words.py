"""The words of JSON Schema 2020-12 that hold schemas, and how to walk through them.

Only there are schemas looked for: a property named `not` and a constant that looks like a schema
are what they are.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

SINGLE = frozenset(
    [
        "additionalProperties",
        "contains",
        "contentSchema",
        "else",
        "if",
        "items",
        "not",
        "propertyNames",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
    ]
)
LISTS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
MAPS = frozenset({"$defs", "definitions", "dependentSchemas", "patternProperties", "properties"})
IN_PLACE = frozenset({"$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "if", "dependentSchemas"})
"""Words whose schemas judge the same value, so that what they evaluated counts."""

ANNOTATIONS = frozenset(
    [
        "$anchor",
        "$comment",
        "$dynamicAnchor",
        "$id",
        "$schema",
        "$vocabulary",
        "contentEncoding",
        "contentMediaType",
        "contentSchema",
        "default",
        "deprecated",
        "description",
        "examples",
        "readOnly",
        "title",
        "writeOnly",
    ]
)
"""Words that assert nothing."""


def mapped(schema: Any, change: Callable[[Any], Any]) -> Any:
    """Return a schema with each schema directly inside it put through `change`."""
    if not isinstance(schema, Mapping):
        return schema
    return {word: _mapped(word, value, change) for word, value in schema.items()}


def inner(schema: Any) -> Iterator[tuple[str, Any]]:
    """Yield (word, schema) for each schema directly inside a schema."""
    for word, value in schema.items() if isinstance(schema, Mapping) else ():
        if word in SINGLE:
            yield word, value
        elif word in LISTS and isinstance(value, list):
            yield from ((word, each) for each in value)
        elif word in MAPS and isinstance(value, Mapping):
            yield from ((word, each) for each in value.values())


def _mapped(word: str, value: Any, change: Callable[[Any], Any]) -> Any:
    if word in SINGLE:
        return change(value)
    if word in LISTS and isinstance(value, list):
        return [change(each) for each in value]
    if word in MAPS and isinstance(value, Mapping):
        return {name: change(each) for name, each in value.items()}
    return value
