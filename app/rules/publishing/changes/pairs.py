"""Two versions of a schema walked side by side: each place with what stands there in both."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.model.element import Element, Path, Schema
from app.rules.publishing.changes.resolving import Node, opened_root, step

MOST = 5_000
"""Most places that are looked at: shared parts within shared parts can make more than atoms."""
DEEPEST = 40
"""Most schemas within schemas that are looked into."""


@dataclass(frozen=True)
class Pair:
    """What stands at one place in the older and in the newer version; None where it is missing.

    `path` are the names of the elements around it; a list and its entries share theirs.
    `instance_path` is a JSON Pointer into resources, `*` for each entry of a list.
    """

    path: Path
    instance_path: str
    old: Node | None
    new: Node | None
    was_required: bool = False
    is_required: bool = False
    is_within: bool = False
    """Whether something around it is missing on one side already."""

    @property
    def before(self) -> Schema:
        """The schema in the older version, empty where there is none."""
        return self.old.schema if self.old else {}

    @property
    def after(self) -> Schema:
        """The schema in the newer version, empty where there is none."""
        return self.new.schema if self.new else {}

    @property
    def dotted(self) -> str:
        """The path as sentences write it."""
        return ".".join(self.path) or "the resource"


def pairs(old: Schema, new: Schema, documents: Mapping[str, Schema]) -> list[Pair]:
    """Return all places of two versions, parents before children.

    Raises:
        ValueError: when there are more than MOST.
    """
    found: list[Pair] = []
    for each in _below(Pair((), "", opened_root(old), opened_root(new)), documents, frozenset()):
        if len(found) == MOST:
            raise ValueError("The versions hold too many places to compare.")
        found.append(each)
    return found


def elements(places: Sequence[Pair], *, is_new: bool) -> Iterator[Element]:
    """Yield the elements of one side, as `Walker` does: what is said of a list counts for it."""
    said: dict[Path, Schema] = {}
    for each in places[1:]:
        node = each.new if is_new else each.old
        if node is None:
            continue
        if "items" in node.schema:
            said[each.path] = {
                k: v for k, v in node.schema.items() if k.startswith("x-") or k == "description"
            }
        else:
            own: Schema = said.get(each.path, {}) if each.instance_path.endswith("/*") else {}
            yield Element(each.path, {**node.schema, **own}, "/*" in each.instance_path)


def _below(here: Pair, documents: Mapping[str, Schema], around: frozenset[Any]) -> Iterator[Pair]:
    yield here
    mark = (here.old and id(here.old.raw), here.new and id(here.new.raw))
    if mark in around or len(around) > DEEPEST:
        return
    around = around | {mark}
    for child in (*_entries(here, documents), *_properties(here, documents)):
        yield from _below(child, documents, around)


def _entries(here: Pair, documents: Mapping[str, Schema]) -> Iterator[Pair]:
    old = step(here.old, ("items",), documents)
    new = step(here.new, ("items",), documents)
    if old or new:
        yield Pair(here.path, f"{here.instance_path}/*", old, new, False, False, _is_cut(here))


def _properties(here: Pair, documents: Mapping[str, Schema]) -> Iterator[Pair]:
    for name in dict.fromkeys((*_names(here.old), *_names(here.new))):
        yield Pair(
            (*here.path, name),
            f"{here.instance_path}/{name}",
            step(here.old, ("properties", name), documents),
            step(here.new, ("properties", name), documents),
            _needs(here.old, name),
            _needs(here.new, name),
            _is_cut(here),
        )


def _is_cut(here: Pair) -> bool:
    return here.old is None or here.new is None


def _names(node: Node | None) -> Iterator[str]:
    found = node.schema.get("properties") if node else None
    yield from found if isinstance(found, Mapping) else ()


def _needs(node: Node | None, name: str) -> bool:
    return node is not None and name in node.schema.get("required", ())
