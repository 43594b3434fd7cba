"""Elements that no value can ever have: proved empty by the canonical form of jsonschema-rs."""

from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs

from app.model.element import Schema
from app.model.pointer import escaped
from app.rules.publishing.finding import Finding
from app.rules.publishing.subschemas import SAME_VALUE


def dead(schema: Schema, documents: Mapping[str, Schema]) -> Iterator[Finding]:
    """Yield each element that is proved empty; what cannot be proved is passed over.

    Conditions between elements are left out: with them the proof takes time that grows with the
    product of their branches, and an element is dead without them or not at all.
    """
    known = jsonschema_rs.Registry([(url, dict(each)) for url, each in documents.items()])
    plain = _without_conditions(schema)
    for name, each in plain.get("properties", {}).items():
        alone = {"$defs": plain.get("$defs", {}), **each} if isinstance(each, dict) else each
        for pointer in _empty(alone, known):
            if not pointer.startswith("/$defs/"):
                text = "No value can ever be valid here."
                yield Finding("dead-schema", text, f"#/properties/{escaped(name)}{pointer}")


def _empty(schema: Any, known: jsonschema_rs.Registry) -> list[str]:
    try:
        found = jsonschema_rs.canonical.find_unsatisfiable(
            schema, registry=known, validate_formats=True, offline=True
        )
    except (ValueError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError):
        return []  # the proof is an extra: examples and validators judge what it cannot
    literal = jsonschema_rs.canonical.UnsatisfiableReason.Literal
    return [pointer for pointer, reason in found.items() if not isinstance(reason, literal)]


def _without_conditions(schema: Schema) -> dict[str, Any]:
    """Return the schema with the elements alone, at the root and in objects below."""
    kept = {word: each for word, each in schema.items() if word not in SAME_VALUE | {"$id"}}
    named = kept.get("properties")
    if isinstance(named, dict):
        inner = {k: _without_conditions(x) for k, x in named.items() if isinstance(x, dict)}
        kept["properties"] = {**named, **inner}
    if isinstance(kept.get("items"), dict):
        kept["items"] = _without_conditions(kept["items"])
    return kept
