"""The elements of a schema as rows of a table for people, each with all that is said of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.model.element import Schema
from app.model.parameter import kebab
from app.model.pointer import unescaped

_LIMITS = {
    "pattern": "form {}",
    "format": "format {}",
    "minLength": "min. length {}",
    "maxLength": "max. length {}",
    "minimum": "min. {}",
    "maximum": "max. {}",
    "minItems": "min. entries {}",
    "maxItems": "max. entries {}",
    "uniqueItems": "no entry twice",
}
_MARKS = {
    "x-readonly": "set by the hub",
    "x-secret": "kept encrypted, shown masked",
    "x-blind": "kept encrypted, found by its whole value",
    "x-extensible": "more codes may come",
    "deprecated": "deprecated",
}


@dataclass(frozen=True)
class Row:
    """One element; `type_link` leads to what is said of a shared data type, empty for others."""

    path: str
    type: str
    type_link: str
    is_list: bool
    is_required: bool
    description: str
    codes: tuple[tuple[str, str], ...]
    limits: tuple[str, ...]
    marks: tuple[str, ...]
    sensitivity: str
    searches: tuple[str, ...]
    targets: tuple[str, ...]
    source: str


class Rows:
    """Makes the rows of schemas; what they refer to is among `documents`, by `$id`."""

    def __init__(self, documents: Mapping[str, Schema]) -> None:
        self._documents = documents

    def of(self, schema: Schema) -> Iterator[Row]:
        """Yield the elements of a type, parents first, or the definitions of a shared schema."""
        if "properties" in schema:
            yield from self._below(schema, schema, "", ())
            return
        for name, raw in schema.get("$defs", {}).items():
            yield self._row(name, raw, raw, schema, is_required=False)
            for part, each, is_required in _children(raw):
                inner = each.get("items", each)
                yield self._row(f"{name}.{part}", each, inner, schema, is_required=is_required)

    def _below(
        self, parent: Schema, root: Schema, path: str, seen: tuple[str, ...]
    ) -> Iterator[Row]:
        for name, raw, is_required in _children(parent):
            here = f"{path}.{name}" if path else name
            own, within = _inside(raw, root)
            inner, deeper = _inside(own["items"], root) if "items" in own else (own, ())
            yield self._row(here, own, inner, root, is_required=is_required)
            if not set(within + deeper) & set(seen):
                yield from self._below(inner, root, here, (*seen, *within, *deeper))

    def _row(
        self, path: str, own: Schema, inner: Schema, root: Schema, *, is_required: bool
    ) -> Row:
        shared = self._shared(inner, root)
        said = {**shared, **inner, **own}
        name, link = _type(inner, shared)
        return Row(
            path,
            name,
            link,
            "items" in own,
            is_required,
            str(said.get("description", "")),
            _codes({**shared, **inner}, own),
            tuple(_limits(own, inner)),
            tuple(text for word, text in _MARKS.items() if said.get(word)),
            str(said.get("x-sensitivity", "")),
            tuple(_searches(said.get("x-search", []), path)),
            tuple(said.get("x-target", ())),
            str(said.get("x-standard", "")),
        )

    def _shared(self, raw: Schema, root: Schema) -> Schema:
        """Return what a data type says of itself; what stands beside its `$ref` wins."""
        found: dict[str, Any] = {}
        for _ in range(20):  # as deep as no chain of data types is
            target = raw.get("$ref", "")
            document, _, pointer = target.partition("#")
            home = self._documents.get(document) if document else root
            if not target or home is None:
                break
            raw, root = _at(home, pointer), home
            found = {**raw, **found}
        return found


def _children(parent: Schema) -> Iterator[tuple[str, Schema, bool]]:
    needed = parent.get("required", ())
    for name, raw in parent.get("properties", {}).items():
        if isinstance(raw, dict):
            yield name, raw, name in needed
    for form, raw in parent.get("patternProperties", {}).items():
        if isinstance(raw, dict):
            yield f"[{form}]", raw, False


def _inside(raw: Schema, root: Schema) -> tuple[Schema, tuple[str, ...]]:
    """Return a schema without references into its own document, and where those led."""
    led: tuple[str, ...] = ()
    while raw.get("$ref", "").startswith("#") and raw["$ref"] not in led:
        led += (raw["$ref"],)
        raw = {**_at(root, raw["$ref"][1:]), **{k: v for k, v in raw.items() if k != "$ref"}}
    return raw, led


def _at(document: Schema, pointer: str) -> Schema:
    found: Any = document
    for step in pointer.strip("/").split("/") if pointer.strip("/") else ():
        found = found[unescaped(step)]
    return dict(found) if isinstance(found, dict) else {}


def _type(inner: Schema, shared: Schema) -> tuple[str, str]:
    document, _, pointer = inner.get("$ref", "").partition("#/$defs/")
    if pointer and "/" not in pointer:
        page = f"/schemas/{document.partition('/schemas/')[2]}/docs" if document else ""
        return pointer, f"{page}#{pointer}"
    if "const" in inner:
        return f"always {inner['const']}", ""
    if "enum" in {**shared, **inner}:
        return "code", ""
    kinds = inner.get("type", shared.get("type", "any"))
    return (" or ".join(kinds) if isinstance(kinds, list) else str(kinds)), ""


def _codes(inner: Schema, own: Schema) -> tuple[tuple[str, str], ...]:
    said = {**inner.get("x-codes", {}), **own.get("x-codes", {})}
    older = {**inner.get("x-fallback", {}), **own.get("x-fallback", {})}
    told = {code: f"(older readers get {each})" for code, each in older.items()}
    codes = map(str, inner.get("enum", own.get("enum", ())))
    return tuple((code, f"{said.get(code, '')} {told.get(code, '')}".strip()) for code in codes)


def _limits(own: Schema, inner: Schema) -> Iterator[str]:
    for word, text in _LIMITS.items():
        for each in (own, inner) if own is not inner else (own,):
            if word in each and each[word] is not False:
                yield text.format(each[word])


def _searches(raw: Any, path: str) -> Iterator[str]:
    for each in raw if isinstance(raw, list) else [raw]:
        name = each.get("param") if isinstance(each, dict) else None
        kind = each["type"] if isinstance(each, dict) else each
        yield f"{name or kebab(path.rpartition('.')[2])} ({kind})"
