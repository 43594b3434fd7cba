"""The difference between two versions as JSON Patch (RFC 6902)."""

from collections.abc import Iterator
from typing import Any

from app.model.codec import Resource, encode

Operation = dict[str, Any]


def difference(old: Resource, new: Resource) -> str:
    """Return the JSON Patch text that turns `old` into `new`, leaving out what the hub writes.

    Objects are compared name by name; an array that changed is replaced as a whole, which a
    person can read and which cannot go wrong when someone else moved its entries.
    """
    return encode(list(_operations("", _content(old), _content(new))))


def _operations(path: str, old: Resource, new: Resource) -> Iterator[Operation]:
    for name in old.keys() - new.keys():
        yield {"op": "remove", "path": _below(path, name)}
    for name, value in new.items():
        here = _below(path, name)
        if name not in old:
            yield {"op": "add", "path": here, "value": value}
        elif isinstance(value, dict) and isinstance(old[name], dict):
            yield from _operations(here, old[name], value)
        elif value != old[name]:
            yield {"op": "replace", "path": here, "value": value}


def _below(path: str, name: str) -> str:
    return f"{path}/{name.replace('~', '~0').replace('/', '~1')}"


def _content(resource: Resource) -> Resource:
    return {name: value for name, value in resource.items() if name not in ("id", "meta")}
