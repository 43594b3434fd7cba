"""Where two versions of a type differ for a reader of the older one, place by place.

Found once for a pair of versions; what both versions say alike is never looked into again.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from app.model.element import Schema
from app.model.lens.shape import Definitions, Shape, replacements

OURS = frozenset({"meta"})
"""Elements of a resource that are the hub's own, outside of what versions differ in."""
Key = tuple[bytes, bytes]


@dataclass(eq=False)
class Gap:
    """A place at which, or below which, a reader of the older version sees less."""

    older: Shape
    newer: Shape
    gaps: "Gaps"
    places: dict[str, "Gap | None"] = field(default_factory=dict)
    """The elements that the reader knows by name, with the gap below each, if there is one."""
    entries: "Gap | None" = None
    """The gap below the entries of a list."""

    @cached_property
    def codes(self) -> Mapping[str, str]:
        """What the reader gets for each code that the older version does not know."""
        return replacements(self.older, self.newer)

    @cached_property
    def hides(self) -> bool:
        """Whether an object here may have an element that the reader does not know."""
        older, newer = self.older, self.newer
        if not older.is_closed:
            return False
        is_wider = not newer.is_closed or not newer.patterns <= older.patterns
        return is_wider or not all(map(older.declares, newer.names))

    def knows(self, name: str) -> bool:
        """Whether the reader may be shown an element of this name."""
        return name in self.places or self.older.declares(name)

    def below(self, name: str) -> "Gap | None":
        """Return the gap below an element that the reader knows; None when he sees all of it."""
        if name in self.places:
            return self.places[name]
        return self.gaps.between(self.older.below(name), self.newer.below(name))


def sees_less(gap: Gap) -> bool:
    """Whether a reader sees less at this very place."""
    return bool(gap.codes) or gap.hides


class Gaps:
    """The gaps between two versions, each found once: a version may contain itself."""

    def __init__(
        self,
        older: Schema,
        newest: Schema,
        documents: Mapping[str, Schema],
        counts: Callable[[Gap], bool] = sees_less,
    ) -> None:
        """Take two versions; `counts` says of a place by itself whether it counts as a gap."""
        self._counts = counts
        self._older = Definitions(older, documents, "older:").root
        self._newest = Definitions(newest, documents, "newest:").root
        self._found: dict[Key, Gap] = {}
        self._wide: set[Key] = set()

    def whole(self) -> Gap | None:
        """Return the gap of whole resources; None when a reader sees all there is."""
        return self.between(self._older, self._newest)

    def between(self, older: Shape, newer: Shape) -> Gap | None:
        """Return the gap between two places; None when a reader sees all there is."""
        key = (older.key, newer.key)
        if older.key != newer.key and key not in self._found:
            self._explore(older, newer)
        return self._found[key] if key in self._wide else None

    def _explore(self, older: Shape, newer: Shape) -> None:
        waiting = [(older, newer)]
        fresh: dict[Key, Gap] = {}
        edges: dict[Key, dict[str | None, Key]] = {}
        while waiting:
            one, two = waiting.pop()
            key = (one.key, two.key)
            if one.key == two.key or key in self._found or key in fresh:
                continue
            fresh[key] = Gap(one, two, self)
            below = dict(_below(one, two))
            if one is self._older:
                below = {name: pair for name, pair in below.items() if name not in OURS}
            edges[key] = {name: (a.key, b.key) for name, (a, b) in below.items()}
            waiting += below.values()
        self._widen(fresh, edges)
        gaps = {**self._found, **fresh}
        for key, pairs in edges.items():
            self._link(fresh[key], {at: gaps[to] for at, to in pairs.items() if to in self._wide})
        # Last of all: other threads take what is found for finished.
        self._found |= fresh

    def _widen(self, fresh: Mapping[Key, Gap], edges: Mapping[Key, Mapping[Any, Key]]) -> None:
        """Mark every fresh gap that is one itself or has one below."""
        wide = {key for key, gap in fresh.items() if self._counts(gap)}
        wide |= {key for key, pairs in edges.items() if self._wide & {*pairs.values()}}
        while wide:
            self._wide |= wide
            wide = {key for key, pairs in edges.items() if self._wide & {*pairs.values()}}
            wide -= self._wide

    def _link(self, gap: Gap, inner: Mapping[str | None, Gap]) -> None:
        gap.entries = inner.get(None)
        gap.places = dict.fromkeys(gap.older.names)
        gap.places |= {at: each for at, each in inner.items() if at and not at.startswith(WILD)}


WILD = "\0"
"""Begins what stands for many names: a pattern, or all names that nothing declares."""


def _below(older: Shape, newer: Shape) -> Iterator[tuple[str | None, tuple[Shape, Shape]]]:
    """Yield the pairs of places right below; None stands for the entries of a list."""
    for name in sorted(older.names | {each for each in newer.names if older.declares(each)}):
        yield name, (older.below(name), newer.below(name))
    for pattern in sorted(older.patterns & newer.patterns):
        yield WILD + pattern, (older.matching(pattern), newer.matching(pattern))
    yield WILD, (older.rest, newer.rest)
    yield None, (older.entries, newer.entries)
