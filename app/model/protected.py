"""Elements that are kept encrypted: which they are, taken out of a resource, and put back.

Where one was taken out stands null, which keeps the order of names: a resource that is put back
has the text it had before.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.model.codec import Resource
from app.model.element import Element, Path

SSN, SENSITIVE, DISABILITY = "ssn", "sensitive", "disability"
CLASSES = (SSN, SENSITIVE, DISABILITY)
"""The classes of protected elements; each has a data key of its own."""
LABELS = {
    "SENS-BENEFIT": SENSITIVE,
    "SENS-WAGE": SENSITIVE,
    "SENS-JUSTICE": SENSITIVE,
    "SENS-DISABILITY": DISABILITY,
}
"""Sensitivity label → class; disability is kept apart from all else (29 CFR 38.41(b))."""
Values = dict[str, Any]
"""What was taken out, by JSON Pointer."""


@dataclass(frozen=True)
class Protected:
    """One element that is kept encrypted, whole, in a class."""

    path: Path
    secrecy: str


def protected(elements: Sequence[Element], plain: Collection[Path]) -> tuple[Protected, ...]:
    """Return what is kept encrypted of a type; `plain` are the elements that searches read.

    What lies in a protected element of the same class goes with it.
    """
    found: dict[Path, Protected] = {}
    for element in elements:
        secrecy = _class_of(element)
        above = (found.get(element.path[:length]) for length in range(len(element.path)))
        around = [each.secrecy for each in above if each]
        is_inside = around[-1:] == [secrecy]
        if secrecy and element.path not in plain and not is_inside:
            found[element.path] = Protected(element.path, secrecy)
    return tuple(found.values())


def is_below(path: Path, those: Sequence[Protected]) -> bool:
    """Whether an element is protected or lies in one that is."""
    return any(path[: len(each.path)] == each.path for each in those)


def take_out(resource: Resource, those: Sequence[Protected]) -> dict[str, Values]:
    """Put null in the place of every protected element; return what was there, by class."""
    found: dict[str, Values] = {}
    for each in sorted(those, key=lambda one: -len(one.path)):
        for parent, name, pointer in _places(resource, each.path, ""):
            found.setdefault(each.secrecy, {})[pointer] = parent[name]
            parent[name] = None
    return found


def put_back(resource: Resource, those: Sequence[Protected], values: Mapping[str, Any]) -> None:
    """Undo `take_out`; raise ValueError when the values and the gaps do not fit together."""
    for pointer, value in sorted(values.items(), key=lambda pair: pair[0].count("/")):
        *steps, name = pointer.split("/")[1:]
        parent: Any = resource
        try:
            for step in steps:
                parent = parent[int(step)] if isinstance(parent, list) else parent[step]
            is_gap = parent[name] is None
        except (LookupError, TypeError, ValueError):
            is_gap = False
        if not is_gap:
            raise ValueError("a value without a gap")
        parent[name] = value
    places = (place for each in those for place in _places(resource, each.path, ""))
    if any(parent[name] is None and pointer not in values for parent, name, pointer in places):
        raise ValueError("a gap without a value")


def _class_of(element: Element) -> str | None:
    if "x-secret" in element.schema:
        return SSN
    label = LABELS.get(element.schema.get("x-sensitivity", ""))
    return label or (SENSITIVE if "x-blind" in element.schema else None)


def _places(parent: Any, path: Path, pointer: str) -> Iterator[tuple[Resource, str, str]]:
    """Yield (object, name, JSON Pointer) wherever the path leads; a list is one whole."""
    if isinstance(parent, list):
        for index, each in enumerate(parent):
            yield from _places(each, path, f"{pointer}/{index}")
    elif isinstance(parent, dict) and path[0] in parent:
        here = f"{pointer}/{path[0]}"
        if len(path) > 1:
            yield from _places(parent[path[0]], path[1:], here)
        else:
            yield parent, path[0], here
