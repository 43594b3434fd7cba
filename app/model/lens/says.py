"""What the words of one schema say of the places right below it, and how sayings are joined.

A saying is a schema or true or false; `all_of` and `any_of` keep it small, so that a place that
several branches describe alike is described once.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from app.model.element import Schema
from app.model.pattern import matches

Says = Schema | bool
"""A schema, or true for whatever there is, or false for nothing."""


def absolute(value: Any, home: str) -> Any:
    """Return a copy of a document in which every local `$ref` begins with the name of its home."""
    if isinstance(value, list):
        return [absolute(each, home) for each in value]
    if not isinstance(value, Mapping):
        return value
    found = {name: absolute(each, home) for name, each in value.items()}
    reference = found.get("$ref")
    if isinstance(reference, str) and reference.startswith("#"):
        found["$ref"] = home + reference
    return found


def branches(says: Schema) -> Iterable[Says]:
    """Yield the schemas that hold beside this one under some condition."""
    yield from (each for word in ("anyOf", "oneOf") for each in says.get(word, ()))
    yield from (says[word] for word in ("if", "then", "else") if word in says)
    yield from says.get("dependentSchemas", {}).values()


def named(part: Schema, name: str) -> Says:
    """Return what a schema's own words say of the element of this name."""
    found = [part["properties"][name]] if name in part.get("properties", ()) else []
    wild = part.get("patternProperties", {})
    found += [says for pattern, says in wild.items() if matches(pattern, name)]
    # What is not evaluated here may be declared beside: only the place as a whole can say.
    return all_of(found) if found else part.get("additionalProperties", True)


def rest(part: Schema) -> Says:
    """Return what a schema says of elements that it does not declare."""
    return part.get("additionalProperties", part.get("unevaluatedProperties", True))  # type: ignore[no-any-return]


def entry(part: Schema) -> Says:
    """Return what a schema's own words say of the entries of a list."""
    found = [*part.get("prefixItems", ()), *([part["items"]] if "items" in part else ())]
    return any_of(found) if found else True


def all_of(found: Iterable[Says]) -> Says:
    """Return what holds where all of these hold."""
    flat = [each for one in found for each in _inside(one, "allOf") if each is not True]
    if any(each is False for each in flat):
        return False
    return _joined(flat, "allOf", empty=True)


def any_of(found: Iterable[Says]) -> Says:
    """Return what holds where one of these holds."""
    flat = [each for one in found for each in _inside(one, "anyOf") if each is not False]
    return _joined(flat, "anyOf", empty=False)


def _inside(says: Says, word: str) -> Iterable[Says]:
    is_only = not isinstance(says, bool) and says.keys() == {word}
    return says[word] if is_only and not isinstance(says, bool) else [says]


def _joined(flat: Sequence[Says], word: str, *, empty: bool) -> Says:
    kept = list({orjson.dumps(each): each for each in flat}.values())
    return kept[0] if len(kept) == 1 else ({word: kept} if kept else empty)
