"""What one version of a type says of one place in its resources, whichever branch is taken.

A place is an element, an entry of a list or the root. What holds there is gathered from
`properties`, `items`, `$ref`, `allOf`, `anyOf`, `oneOf`, `if` and `dependentSchemas` together.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

import orjson

from app.model.element import Schema
from app.model.lens.says import (
    Says,
    absolute,
    all_of,
    any_of,
    branches,
    entry,
    named,
    rest,
)
from app.model.pattern import matches
from app.model.pointer import unescaped

Codes = frozenset[str] | None
"""The strings that a place takes; None when it is not a list of codes that decides."""
BELOW_LISTS = ("x-extensible", "x-fallback")
"""Words that may stand at a list and are meant for its entries."""


class Definitions:
    """The documents one version is made of; nothing is ever fetched."""

    def __init__(self, root: Schema, documents: Mapping[str, Schema], label: str) -> None:
        self._documents = {**documents, str(root.get("$id", label)): root, label: root}
        self._absolute: dict[str, Any] = {}
        self.root = Shape(self._document(label), self)

    def target(self, reference: str) -> Says:
        """Return what an absolute `$ref` names; raise LookupError when there is no such thing."""
        document, _, pointer = reference.partition("#")
        found = self._document(document)
        for step in pointer.split("/")[1:]:
            name = unescaped(step)
            found = found[int(name) if isinstance(found, list) else name]
        return found  # type: ignore[no-any-return]

    def _document(self, name: str) -> Any:
        if name not in self._absolute:
            self._absolute[name] = absolute(self._documents[name], name)
        return self._absolute[name]


class Shape:
    """One place of one version."""

    def __init__(self, says: Says, definitions: Definitions) -> None:
        self.says = says
        self._definitions = definitions

    @cached_property
    def key(self) -> bytes:
        """What is said, as a key: two shapes of one version that say the same have the same."""
        return orjson.dumps(self.says)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names that are declared one by one."""
        return frozenset(name for part in self._parts for name in part.get("properties", ()))

    @cached_property
    def patterns(self) -> frozenset[str]:
        """The patterns of further names."""
        return frozenset(one for part in self._parts for one in part.get("patternProperties", ()))

    @cached_property
    def is_closed(self) -> bool:
        """Whether a name that nothing declares is refused."""
        return any(rest(part) is False for part in self._parts)

    def declares(self, name: str) -> bool:
        """Whether an object here may have an element of this name."""
        if not self.is_closed or name in self.names:
            return True
        return any(matches(pattern, name) for pattern in self.patterns)

    @cached_property
    def required(self) -> frozenset[str]:
        """The names that every object here has."""
        return frozenset(name for part in self._firm for name in part.get("required", ()))

    @cached_property
    def is_unique(self) -> bool:
        """Whether no entry of a list here may occur twice."""
        return any(part.get("uniqueItems") for part in self._firm)

    @cached_property
    def codes(self) -> Codes:
        """The strings that are taken here; None when no list of codes decides."""
        return self._codes(self.says, frozenset())

    @cached_property
    def is_extensible(self) -> bool:
        """Whether readers of this version must take codes that it does not name."""
        return any(part.get("x-extensible") for part in self._parts)

    @cached_property
    def fallbacks(self) -> Mapping[str, str]:
        """What a reader who does not know a code gets instead."""
        return {k: v for part in self._parts for k, v in part.get("x-fallback", {}).items()}

    def is_too_small(self, value: Any) -> bool:
        """Whether an object or list has less in it than it must."""
        if isinstance(value, dict):
            return len(value) < self._fewest_elements
        return isinstance(value, list) and len(value) < self._fewest_entries

    def below(self, name: str) -> "Shape":
        """Return the place of the element of this name."""
        return self._next(lambda part: named(part, name))

    @cached_property
    def entries(self) -> "Shape":
        """The place of every entry of a list."""
        found = self._next(entry)
        words = [{word: part[word]} for part in self._parts for word in BELOW_LISTS if word in part]
        return Shape(all_of([found.says, *words]), self._definitions) if words else found

    def matching(self, pattern: str) -> "Shape":
        """Return the place of the elements whose names this pattern describes."""
        return self._next(lambda part: part.get("patternProperties", {}).get(pattern, True))

    @cached_property
    def rest(self) -> "Shape":
        """The place of the elements that nothing declares."""
        return self._next(rest)

    @cached_property
    def _parts(self) -> tuple[Schema, ...]:
        return tuple(self._flat(self.says, set(), is_firm=False))

    @cached_property
    def _firm(self) -> tuple[Schema, ...]:
        return tuple(self._flat(self.says, set(), is_firm=True))

    @cached_property
    def _fewest_elements(self) -> int:
        return self._fewest("minProperties")

    @cached_property
    def _fewest_entries(self) -> int:
        return self._fewest("minItems")

    def _fewest(self, keyword: str) -> int:
        always = max((part.get(keyword, 0) for part in self._firm), default=0)
        sometimes = max((part.get(keyword, 0) for part in self._parts), default=0)
        return int(max(always, min(sometimes, 1)))

    def _flat(self, says: Says, seen: set[str], *, is_firm: bool) -> Iterator[Schema]:
        if isinstance(says, bool):
            return
        yield says
        for each in (*says.get("allOf", ()), *(() if is_firm else branches(says))):
            yield from self._flat(each, seen, is_firm=is_firm)
        reference = says.get("$ref")
        if reference is not None and reference not in seen:
            seen.add(reference)
            yield from self._flat(self._definitions.target(reference), seen, is_firm=is_firm)

    def _next(self, pick: Callable[[Schema], Says]) -> "Shape":
        return Shape(self._below(self.says, pick, frozenset()), self._definitions)

    def _below(self, says: Says, pick: Callable[[Schema], Says], seen: frozenset[str]) -> Says:
        if isinstance(says, bool):
            return says

        def each(inner: Says) -> Says:
            return self._below(inner, pick, seen)

        found = [pick(says), *(each(one) for one in says.get("allOf", ()))]
        found += [any_of(map(each, says[word])) for word in ("anyOf", "oneOf") if word in says]
        found += [any_of((True, each(one))) for one in says.get("dependentSchemas", {}).values()]
        if "if" in says:
            found.append(any_of(each(says.get(word, True)) for word in ("then", "else")))
        reference = says.get("$ref")
        if reference is not None and reference not in seen:
            target = self._definitions.target(reference)
            found.append(self._below(target, pick, seen | {reference}))
        return all_of(found)

    def _codes(self, says: Says, seen: frozenset[str]) -> Codes:
        if isinstance(says, bool):
            return None if says else frozenset()
        found = [self._codes(each, seen) for each in says.get("allOf", ())]
        if "enum" in says or "const" in says:
            listed = says["enum"] if "enum" in says else [says["const"]]
            found.append(frozenset(each for each in listed if isinstance(each, str)))
        for word in ("anyOf", "oneOf"):
            if word in says:
                branches = [self._codes(each, seen) for each in says[word]]
                closed = [each for each in branches if each is not None]
                found.append(frozenset().union(*closed) if len(closed) == len(branches) else None)
        reference = says.get("$ref")
        if reference is not None and reference not in seen:
            found.append(self._codes(self._definitions.target(reference), seen | {reference}))
        sets = [each for each in found if each is not None]
        return frozenset.intersection(*sets) if sets else None


def replacements(older: Shape, newer: Shape) -> Mapping[str, str]:
    """Return which code of `newer` a reader of `older` gets as which, where he knows it not."""
    known = older.codes
    if known is None or older.is_extensible:
        return {}
    found = {}
    for code in newer.fallbacks:
        seen, last = {code}, code
        while last not in known and newer.fallbacks.get(last, last) not in seen:
            last = newer.fallbacks[last]
            seen.add(last)
        if last in known and last != code:
            found[code] = last
    return found
