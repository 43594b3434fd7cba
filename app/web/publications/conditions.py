"""The conditions of a schema, `if` … `then`, as sentences for people."""

from collections.abc import Iterator
from typing import Any

from app.model.codec import encode
from app.model.element import Schema


def conditions(schema: Schema) -> Iterator[str]:
    """Yield one sentence for each condition below `allOf`; elements and codes stand in backticks.

    What has no short sentence is told as the JSON Schema that it is.
    """
    for each in schema.get("allOf", ()):
        if isinstance(each, dict) and "if" in each:
            given, then = _said(each["if"]), _said(each.get("then", {}))
            # An element that an `if` does not require may be absent: that has no short sentence.
            if given and then and ", when given," not in given:
                yield f"If {given}, then {then}."
            else:
                yield f"`{encode(each)}`"


def _said(schema: Any) -> str:
    """Return what a small schema says of an object, empty for one that says more than these."""
    if not isinstance(schema, dict) or set(schema) - {"required", "properties", "anyOf"}:
        return ""
    if "anyOf" in schema:
        parts = [_said(each) for each in schema["anyOf"]]
        return " or ".join(parts) if all(parts) and len(schema) == 1 else ""
    needed = schema.get("required", ())
    values = {name: _value(each) for name, each in schema.get("properties", {}).items()}
    if not all(values.values()):
        return ""
    parts = [
        f"`{name}` {text}"
        if name in needed or schema["properties"][name] is False
        else f"`{name}`, when given, {text}"
        for name, text in values.items()
    ]
    return " and ".join([*parts, *(f"`{name}` is given" for name in needed if name not in values)])


def _value(schema: Any) -> str:
    if schema is False:
        return "is absent"
    if not isinstance(schema, dict):
        return ""
    if set(schema) == {"const"}:
        return f"is `{_written(schema['const'])}`"
    if set(schema) == {"enum"}:
        return f"is one of {', '.join(f'`{_written(each)}`' for each in schema['enum'])}"
    if set(schema) == {"minItems"}:
        return f"has {schema['minItems']} or more entries"
    return ""


def _written(value: Any) -> str:
    return value if isinstance(value, str) else encode(value)
