"""Patches: applied to a version, bounded, and made from the difference of two.

JSON Patch is RFC 6902, merge patch RFC 7396.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from jsonpatch import JsonPatch, JsonPatchException
from jsonpointer import JsonPointerException

from app.model.codec import Resource, encode
from app.model.errors import Malformed, RuleBroken, TooCostly
from app.model.pointer import escaped

MAX_OPERATIONS = 200
MAX_GROWTH = 1024 * 1024
"""Most that a patched resource may measure at any moment, in bytes of JSON."""
PINNED = ("/resourceType", "/id", "/meta")
Operation = dict[str, Any]
Change = Callable[[Resource], Resource]


def json_patch(operations: Any) -> Change:
    """Return the change that JSON Patch operations ask; raise Malformed for what is no patch.

    The change raises RuleBroken when an operation fails on the resource, TooCostly when it grows
    beyond all measure.
    """
    if not isinstance(operations, list) or len(operations) > MAX_OPERATIONS:
        raise Malformed(f"A JSON Patch is a list of at most {MAX_OPERATIONS} operations.")
    for index, each in enumerate(operations):
        _refuse_pinned(index, each)

    def change(resource: Resource) -> Resource:
        changed = deepcopy(resource)
        for index, each in enumerate(operations):
            changed = _applied(index, each, changed)
        return changed

    return change


def merge_patch(patch: Resource) -> Change:
    """Return the change that a merge patch asks; id, type and meta stay whatever it says."""
    wanted = {name: value for name, value in patch.items() if f"/{name}" not in PINNED}
    return lambda resource: _merged(resource, wanted)


def _refuse_pinned(index: int, operation: Any) -> None:
    if not isinstance(operation, dict):
        raise Malformed("A JSON Patch operation is an object.", f"/{index}")
    if operation.get("op") == "test":
        return
    for name in ("path", "from") if operation.get("op") == "move" else ("path",):
        path = operation.get(name)
        if not isinstance(path, str) or path == "" or _is_pinned(path):
            raise RuleBroken("Id, type and meta cannot be patched.", f"/{index}/{name}")


def _is_pinned(path: str) -> bool:
    return any(path == each or path.startswith(f"{each}/") for each in PINNED)


def _applied(index: int, operation: Operation, resource: Resource) -> Resource:
    try:
        changed = JsonPatch([operation]).apply(resource, in_place=True)
    except (JsonPatchException, JsonPointerException, TypeError, ValueError, KeyError):
        raise RuleBroken("This operation does not fit the resource.", f"/{index}") from None
    if operation["op"] in ("add", "copy", "replace") and len(encode(changed)) > MAX_GROWTH:
        raise TooCostly(f"The resource would grow beyond {MAX_GROWTH} bytes.", f"/{index}")
    return dict(changed)


def _merged(target: Any, patch: Resource) -> Resource:
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, dict):
            merged[name] = _merged(merged.get(name), value)
        else:
            merged[name] = value
    return merged


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
    return f"{path}/{escaped(name)}"


def _content(resource: Resource) -> Resource:
    return {name: value for name, value in resource.items() if name not in ("id", "meta")}
