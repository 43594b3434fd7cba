"""Search parameters as the `x-search` annotations declare them.

FHIR search: https://hl7.org/fhir/R4/search.html.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from app.model.element import Element, Path

MODIFIERS = {
    "string": ("exact", "contains", "missing"),
    "token": ("not", "missing"),
    "reference": ("identifier", "missing"),
    "date": ("missing",),
    "number": ("missing",),
}
"""Parameter type → the modifiers it takes; a reference also takes a target type's name."""


@dataclass(frozen=True)
class Source:
    """One element that feeds a parameter; `system` names the sibling with a token's system."""

    path: Path
    system: str | None = None


@dataclass(frozen=True)
class Parameter:
    """One search parameter of one type.

    `many` says that a resource may hold several values; only the others can be sorted by.
    `targets` are the types a reference may name; `is_day` tells calendar dates from instants.
    """

    name: str
    type: str
    sources: tuple[Source, ...]
    many: bool
    targets: tuple[str, ...] = ()
    is_day: bool = False
    description: str = ""
    is_blind: bool = False
    """Whether rows hold a keyed hash of the value: it is found whole or not at all."""
    is_secret: bool = False
    """Whether a value that is looked for may stand in no address."""

    @property
    def is_sortable(self) -> bool:
        """Whether pages can be in its order: of one value, which rows hold as it is."""
        return not self.many and not self.is_blind


def parameters(elements: Iterable[Element]) -> dict[str, Parameter]:
    """Return the parameters by name; raise ValueError when two annotations of one name disagree."""
    found: dict[str, Parameter] = {}
    for element in elements:
        for name, kind, system in _declared(element):
            new = _parameter(name, kind, system, element)
            old = found.get(name)
            found[name] = _joined(old, new) if old else new
    return found


def kebab(name: str) -> str:
    """Return the kebab-case of a lowerCamelCase element name."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()


def _declared(element: Element) -> Iterator[tuple[str, str, str | None]]:
    raw: Any = element.schema.get("x-search", [])
    for each in raw if isinstance(raw, list) else [raw]:
        if isinstance(each, str):
            yield kebab(element.path[-1]), each, None
        else:
            yield each.get("param", kebab(element.path[-1])), each["type"], each.get("system")


def _parameter(name: str, kind: str, system: str | None, element: Element) -> Parameter:
    return Parameter(
        name,
        kind,
        (Source(element.path, system),),
        element.many or system is not None,
        tuple(element.schema.get("x-target", ())),
        element.schema.get("format") == "date",
        element.schema.get("description", ""),
        _is_blind(name, kind, system, element),
        "x-secret" in element.schema,
    )


def _is_blind(name: str, kind: str, system: str | None, element: Element) -> bool:
    is_blind = "x-blind" in element.schema or "x-secret" in element.schema
    is_whole = kind == "token" or (kind == "date" and element.schema.get("format") == "date")
    if is_blind and (system or not is_whole):
        raise ValueError(f"Search parameter {name} cannot be blind: only a plain code or day can.")
    return is_blind


def _joined(old: Parameter, new: Parameter) -> Parameter:
    if _kind(old) != _kind(new):
        raise ValueError(f"Search parameter {new.name} is declared twice with different types.")
    return Parameter(
        old.name,
        old.type,
        old.sources + new.sources,
        True,
        old.targets,
        old.is_day,
        old.description,
        old.is_blind,
        old.is_secret,
    )


def _kind(one: Parameter) -> tuple[object, ...]:
    return one.type, one.is_day, one.targets, one.is_blind, one.is_secret
