"""Schemas behind `$ref`s, with the place at which the author of a version can change them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.model.element import Path, Schema
from app.model.pointer import escaped, unescaped


@dataclass(frozen=True, eq=False)
class Node:
    """One schema within a document.

    `schema` is what holds there, `$ref`s followed and words beside them kept; `raw` is how it is
    written, `home` the document that its own `#` means. `pointer` leads to it in the version that
    is read; where that leaves it for a shared document, to the `$ref`.
    """

    schema: Schema
    raw: Any
    home: Schema
    pointer: str
    is_foreign: bool = False


def opened_root(schema: Schema) -> Node:
    """Return the node of a whole document."""
    return Node(schema, schema, schema, "#")


def step(node: Node | None, path: Path, documents: Mapping[str, Schema]) -> Node | None:
    """Return the schema at a place below a node, or None when there is none."""
    found: Any = node.schema if node else None
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    if node is None or found is None:
        return None
    pointer = node.pointer if node.is_foreign else node.pointer + _pointer(path)
    return resolved(found, Node({}, found, node.home, pointer, node.is_foreign), documents)


def resolved(raw: Any, here: Node, documents: Mapping[str, Schema]) -> Node:
    """Return what holds at `here`, where `raw` is written; a `$ref` to nowhere stays."""
    words: dict[str, Any] = {}
    seen: set[int] = set()
    home, pointer, is_foreign, found = here.home, here.pointer, here.is_foreign, raw
    while isinstance(found, Mapping) and "$ref" in found and id(found) not in seen:
        seen.add(id(found))
        target, there = behind(found["$ref"], home, documents)
        if target is None:
            break
        words = {**{k: v for k, v in found.items() if k != "$ref"}, **words}
        is_foreign = is_foreign or there is not home
        pointer = pointer if is_foreign else str(found["$ref"])
        home, found = there, target
    schema = _as_object(found)
    return Node({**schema, **words} if words else schema, raw, home, pointer, is_foreign)


def behind(ref: Any, home: Schema, documents: Mapping[str, Schema]) -> tuple[Any, Schema]:
    """Return the schema a `$ref` leads to and its document; None when it leads nowhere."""
    address, _, fragment = str(ref).partition("#")
    there = documents.get(address) if address and address != home.get("$id") else home
    target: Any = there
    for name in fragment.strip("/").split("/") if fragment.strip("/") else ():
        target = _member(target, unescaped(name))
    return target, there or home


def _member(target: Any, name: str) -> Any:
    if isinstance(target, Mapping):
        return target.get(name)
    if isinstance(target, list) and name.isdecimal() and int(name) < len(target):
        return target[int(name)]
    return None


def _as_object(found: Any) -> Schema:
    if isinstance(found, Mapping):
        return found
    return {} if found is True else {"not": {}}


def _pointer(path: Path) -> str:
    return "".join(f"/{escaped(name)}" for name in path)
