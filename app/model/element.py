"""The elements of a schema, walked once: where they sit and what their annotations say."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.model.codec import Resource

Schema = Mapping[str, Any]
Path = tuple[str, ...]


@dataclass(frozen=True)
class Element:
    """One element: its path of names, its schema with `$ref` resolved, whether it may repeat."""

    path: Path
    schema: Schema
    many: bool

    @property
    def label(self) -> str | None:
        """Its sensitivity label; None below an element whose label holds for all of it."""
        return self.schema.get("x-sensitivity")

    @property
    def dotted(self) -> str:
        """The path as written in FHIRPath, without the type."""
        return ".".join(self.path)


class Walker:
    """Walks schemas whose `$ref`s lead into a closed set of documents; nothing is ever fetched."""

    def __init__(self, documents: Mapping[str, Schema]) -> None:
        self._documents = documents

    def elements(self, schema: Schema) -> Iterator[Element]:
        """Yield every element of a type, parents before children."""
        yield from self._below(schema, schema, (), many=False)

    def _below(self, schema: Schema, root: Schema, path: Path, *, many: bool) -> Iterator[Element]:
        for name, raw in schema.get("properties", {}).items():
            found, home = self._resolved(raw, root)
            repeats = many
            if "items" in found:
                repeats = True
                own = {k: v for k, v in found.items() if k.startswith("x-") or k == "description"}
                found, home = self._resolved(found["items"], home)
                found = {**found, **own}
            here = (*path, name)
            yield Element(here, found, repeats)
            yield from self._below(found, home, here, many=repeats)

    def _resolved(self, raw: Schema, root: Schema) -> tuple[Schema, Schema]:
        """Return the schema behind a `$ref` and its home document; words beside the `$ref` win."""
        if "$ref" not in raw:
            return raw, root
        document, _, pointer = raw["$ref"].partition("#")
        home = self._documents[document] if document else root
        target: Any = home
        for step in pointer.strip("/").split("/"):
            target = target[step]
        found, home = self._resolved(target, home)
        return {**found, **{k: v for k, v in raw.items() if k != "$ref"}}, home


def values(resource: Resource, path: Path) -> Iterator[tuple[Any, Resource, str]]:
    """Yield (value, parent, JSON pointer) for each place of `resource` that `path` names."""
    yield from _descend(resource, path, "")


def _descend(parent: Any, path: Path, pointer: str) -> Iterator[tuple[Any, Resource, str]]:
    if isinstance(parent, list):
        for index, each in enumerate(parent):
            yield from _descend(each, path, f"{pointer}/{index}")
        return
    if not isinstance(parent, dict) or path[0] not in parent:
        return
    value, here = parent[path[0]], f"{pointer}/{path[0]}"
    if len(path) > 1:
        yield from _descend(value, path[1:], here)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield each, parent, f"{here}/{index}"
    else:
        yield value, parent, here
