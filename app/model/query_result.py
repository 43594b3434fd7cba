"""Readers of the parameters that shape the answer of a search, such as `_count` and `_sort`.

https://hl7.org/fhir/R4/search.html#return
"""

import re
from collections.abc import Callable, Mapping, Sequence

from app.model.errors import BadParameter
from app.model.parameter import Parameter
from app.model.resource_type import ResourceType

ALWAYS = ("resourceType", "id", "meta")
"""Elements that `_elements` never leaves out."""
MAX_SORTS = 3
_COUNT = re.compile(r"[0-9]{1,9}\Z")
Sort = tuple[tuple[Parameter, ...], bool]
"""The keys, and whether they fall."""


def a_count(most: int) -> Callable[[str], int]:
    """Return a reader of how many are asked for, `most` at most."""

    def read(text: str) -> int:
        if not _COUNT.match(text):
            raise BadParameter("A count is a whole number, 0 or more.")
        return min(int(text), most)

    return read


def a_sort(known: Mapping[str, Parameter]) -> Callable[[str], Sort]:
    """Return a reader of sort keys among the known parameters."""

    def read(text: str) -> Sort:
        sortable = {name: each for name, each in known.items() if each.is_sortable}
        keys = text.split(",")
        names = [key.removeprefix("-") for key in keys]
        if not set(names) <= set(sortable):
            raise BadParameter("This cannot be sorted by.", allowed=sorted(sortable))
        if len({key.startswith("-") for key in keys}) > 1:
            raise BadParameter("All sort keys go in one direction.")
        if len(keys) > MAX_SORTS or len(set(names)) < len(names):
            raise BadParameter(f"A sort has {MAX_SORTS} different keys at most.")
        return tuple(sortable[name] for name in names), keys[0].startswith("-")

    return read


def some_elements(kind: ResourceType) -> Callable[[str], tuple[str, ...]]:
    """Return a reader of the names of top-level elements of a type."""

    def read(text: str) -> tuple[str, ...]:
        known = {each.path[0] for each in kind.elements}.union(ALWAYS)
        names = tuple(dict.fromkeys(text.split(",")))
        if not set(names) <= known:
            raise BadParameter("There is no such element at the top level.", allowed=sorted(known))
        return names

    return read


def one_of(allowed: Sequence[str]) -> Callable[[str], str]:
    """Return a reader of one of a few words."""

    def read(text: str) -> str:
        if text not in allowed:
            raise BadParameter("This value is not supported.", allowed=allowed)
        return text

    return read
