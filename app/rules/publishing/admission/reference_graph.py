"""Where the `$ref`s of a candidate lead: never out of the hub, never round, never ever wider."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.model.element import Schema
from app.rules.publishing.finding import Finding

REFERENCE = re.compile(
    r"(https://hub\.wioa\.example/schemas/[A-Za-z]+/[0-9]+\.[0-9]+\.[0-9]+)?"
    r"#/\$defs/[A-Za-z][A-Za-z0-9_]*"
)
"""A definition of this schema, or of one exact version that the hub has."""
MAX_EXPANDED = 20_000
"""Objects of a schema when each `$ref` is replaced by what it names."""
MAX_LEADS = 40
"""How many `$ref`s may lead from one to the next."""


class _Endless(Exception):
    """References lead round in a ring, or one to the next without end."""


def resolved(reference: str, home: Schema, documents: Mapping[str, Schema]) -> Any:
    """Return (what a reference names, the document it is in); (None, home) when there is none."""
    address, _, pointer = reference.partition("#")
    document = documents.get(address) if address else home
    named = document.get("$defs", {}) if document else {}
    found = named.get(pointer.removeprefix("/$defs/")) if isinstance(named, dict) else None
    return found, document or home


def reference_faults(
    objects: Iterable[tuple[str, Schema]], schema: Schema, documents: Mapping[str, Schema]
) -> Iterator[Finding]:
    """Yield a finding for each reference that leads astray."""
    wrong = [(at, x["$ref"]) for at, x in objects if "$ref" in x and not _is_plain(x["$ref"])]
    for pointer, _ in wrong:
        text = "A $ref names #/$defs/… of this schema or of one exact version that is published."
        yield Finding("foreign-reference", text, f"{pointer}/$ref")
    if not wrong:
        yield from _growth(schema, documents)


def _is_plain(reference: Any) -> bool:
    return isinstance(reference, str) and REFERENCE.fullmatch(reference) is not None


def _growth(schema: Schema, documents: Mapping[str, Schema]) -> Iterator[Finding]:
    try:
        weight = _Weights(documents).of(schema, schema)
    except _Endless as place:
        text = "References lead round in a ring, or one to the next too often."
        yield Finding("reference-cycle", text, f"#/$defs/{place}")
        return
    if weight.objects > MAX_EXPANDED:
        text = f"With every $ref replaced the schema has more than {MAX_EXPANDED} objects."
        yield Finding("too-costly", text, "#")


@dataclass(frozen=True)
class _Weight:
    """Objects with every reference replaced, and how many references lead on in a row."""

    objects: int
    leads: int


class _Weights:
    """Weighs schemas; each definition is weighed once."""

    def __init__(self, documents: Mapping[str, Schema]) -> None:
        self._documents = documents
        self._known: dict[int, _Weight] = {}
        self._open: set[int] = set()

    def of(self, schema: Schema, home: Schema) -> _Weight:
        """Return the weight of a schema; raise _Endless with the name of a definition."""
        objects, leads, waiting = 0, 0, [schema]
        while waiting:
            each: Any = waiting.pop()
            if isinstance(each, dict):
                inner = self._behind(each.get("$ref"), home)
                objects, leads = objects + 1 + inner.objects, max(leads, inner.leads)
                waiting.extend(each.values())
            elif isinstance(each, list):
                waiting.extend(each)
        return _Weight(objects, leads)

    def _behind(self, reference: Any, home: Schema) -> _Weight:
        target, there = None, home
        if isinstance(reference, str):
            target, there = resolved(reference, home, self._documents)
        if target is None:
            return _Weight(0, 0)
        key = id(target)
        if key not in self._known:
            name = str(reference).rpartition("/")[2]
            if key in self._open or len(self._open) >= MAX_LEADS:
                raise _Endless(name)
            self._open.add(key)
            inner = self.of(target, there)
            self._open.remove(key)
            if inner.leads >= MAX_LEADS:
                raise _Endless(name)
            self._known[key] = _Weight(inner.objects, inner.leads + 1)
        return self._known[key]
