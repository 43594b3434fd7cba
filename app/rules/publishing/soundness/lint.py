"""G2: whether a candidate is written with care, beyond what the dialect can ask for."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.model.element import Schema
from app.model.pointer import escaped
from app.rules.publishing.admission.pattern_syntax import is_anchored
from app.rules.publishing.admission.reference_graph import resolved
from app.rules.publishing.finding import Finding, Gate
from app.rules.publishing.soundness.dead import dead
from app.rules.publishing.soundness.lint_codes import code_faults
from app.rules.publishing.subschemas import conditions, elements, subschemas

TITLE = "The candidate is written with care"
ELEMENT_WORDS = ("properties", "patternProperties")
RESERVED = frozenset({"items", "constructor", "prototype", "toString", "valueOf", "hasOwnProperty"})
"""Names that mean something else to clients made from the schema."""
OWN_LENGTH = frozenset({"date", "date-time", "time", "uuid", "ipv4", "ipv6", "duration"})
"""Formats whose texts are short by themselves."""


def lint(schema: Schema, documents: Mapping[str, Schema]) -> Gate:
    """Return gate G2; every `$ref` of the schema leads somewhere."""
    found = [
        finding
        for pointer, each, word in elements(schema)
        for finding in _element(pointer, each, word, _whole(each, schema, documents))
    ]
    for pointer, each in subschemas(schema):
        found += _anchors(pointer, each)
    return Gate("G2", TITLE, (*found, *dead(schema, documents)))


def _element(pointer: str, raw: Schema, word: str, whole: Schema) -> Iterator[Finding]:
    yield from _told(pointer, raw, word)
    yield from _closed(pointer, raw)
    yield from _bounded(pointer, word, whole)
    yield from _names(pointer, raw)
    yield from code_faults(pointer, raw, whole)


def _whole(raw: Schema, home: Schema, documents: Mapping[str, Schema]) -> Schema:
    """Return a sub-schema with what its `$ref` names; words beside the `$ref` win."""
    found: dict[str, Any] = dict(raw)
    while isinstance(found.get("$ref"), str):
        target, home = resolved(found.pop("$ref"), home, documents)
        found = {**target, **found} if isinstance(target, dict) else found
    return found


def _told(pointer: str, raw: Schema, word: str) -> Iterator[Finding]:
    if word in (*ELEMENT_WORDS, "$defs") and "description" not in raw:
        yield Finding("no-description", "The element has no description.", pointer)
    is_shared = "/$defs/" in pointer
    if word in ELEMENT_WORDS and not is_shared and "x-sensitivity" not in raw:
        yield Finding("no-sensitivity", "The element has no x-sensitivity label.", pointer)


def _closed(pointer: str, raw: Schema) -> Iterator[Finding]:
    is_object = raw.get("type") == "object" or "properties" in raw
    if is_object and raw.get("additionalProperties") is not False:
        hint = "Set additionalProperties to false; local facts go into extension."
        text = "The object is not closed: additionalProperties."
        yield Finding("open-object", text, pointer, hint=hint)


def _bounded(pointer: str, word: str, whole: Schema) -> Iterator[Finding]:
    types = whole.get("type")
    types = types if isinstance(types, list) else [types]
    is_listed = "enum" in whole or "const" in whole
    if word and types == [None] and not is_listed:
        yield Finding("untyped", "The element does not say of which type it is.", pointer)
    has_length = "maxLength" in whole or whole.get("format") in OWN_LENGTH
    if "string" in types and not is_listed and not has_length:
        text = "The text does not say with maxLength how long it may be."
        yield Finding("no-max-length", text, pointer)
    if "array" in types and not is_listed:
        if "maxItems" not in whole:
            text = "The list does not say with maxItems how long it may grow."
            yield Finding("no-max-items", text, pointer)
        if "items" not in whole and "prefixItems" not in whole:
            yield Finding("untyped", "The list does not say what its entries are.", pointer)


def _names(pointer: str, raw: Schema) -> Iterator[Finding]:
    """Yield the names that are reserved, and those that a closed object can never have."""
    named = raw.get("properties", {})
    for name in named:
        if name in RESERVED:
            at = f"{pointer}/properties/{escaped(name)}"
            yield Finding("bad-name", f"The name {name} has a meaning of its own in clients.", at)
    if "properties" not in raw or "patternProperties" in raw:
        return
    for at, each in [(pointer, raw), *conditions(pointer, raw)]:
        for index, name in enumerate(each.get("required", ())):
            if name not in named:
                text = f"The element {name} is required, but the object has no such element."
                yield Finding("required-absent", text, f"{at}/required/{index}")
        for name in each.get("properties", {}):
            if name not in named:
                text = f"A condition speaks of {name}, but the object has no such element."
                yield Finding("dead-condition", text, f"{at}/properties/{escaped(name)}")


def _anchors(pointer: str, each: Schema) -> Iterator[Finding]:
    patterns = [(f"{pointer}/pattern", each.get("pattern"))]
    names = each.get("patternProperties", {})
    patterns += [(f"{pointer}/patternProperties/{escaped(name)}", name) for name in names]
    for at, pattern in patterns:
        if isinstance(pattern, str) and not is_anchored(pattern):
            hint = "Put brackets around the branches of a pattern: ^(a|b)$."
            text = "A pattern begins with ^ and ends with $."
            yield Finding("not-anchored", text, at, hint=hint)
