"""Takes out of a former version what its type no longer names.

The label of an element that was removed is written nowhere any more: only who sees all of a
resource is shown it in the history.
"""

from functools import lru_cache
from typing import Any

from app.model.codec import Resource
from app.model.element import Path
from app.model.resource_type import ResourceType

Names = dict[Path, frozenset[str]]
"""Path of each object that is closed → the names of its elements."""


def named(kind: ResourceType, resource: Resource) -> Resource:
    """Return what a resource has of the elements of its type; itself when that is all."""
    found: Resource = _named(_closed(kind), (), resource)
    return found


@lru_cache(maxsize=256)
def _closed(kind: ResourceType) -> Names:
    schemas = {(): kind.schema, **{each.path: each.schema for each in kind.elements}}
    return {
        path: frozenset(schema["properties"])
        for path, schema in schemas.items()
        if schema.get("additionalProperties") is False and "properties" in schema
    }


def _named(closed: Names, path: Path, value: Any) -> Any:
    if isinstance(value, list):
        entries = [_named(closed, path, each) for each in value]
        is_same = all(one is two for one, two in zip(entries, value, strict=True))
        return value if is_same else entries
    if not isinstance(value, dict):
        return value
    names = closed.get(path)
    seen = {
        name: _named(closed, (*path, name), each)
        for name, each in value.items()
        if names is None or name in names
    }
    is_same = len(seen) == len(value) and all(seen[name] is value[name] for name in seen)
    return value if is_same else seen
