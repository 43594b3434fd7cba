"""Systems that are CaseTrack but for one bad habit; the suite must catch each of them.

One module for each group of requirements; a mutant is a subclass of `Hub` or of `CaseTrack`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import TypeVar

from conformance.client.hub import Hub
from conformance.client.product import CaseTrack

Kind = TypeVar("Kind", bound=type[Hub] | type[CaseTrack])
_MUTANTS: dict[str, "Mutant"] = {}


@dataclass(frozen=True)
class Mutant:
    """A system with a bad habit, and the requirements that it breaks."""

    name: str
    breaks: tuple[str, ...]
    hub: type[Hub] = Hub
    product: type[CaseTrack] = CaseTrack


def mutant(name: str, breaks: tuple[str, ...]) -> Callable[[Kind], Kind]:
    """Mark a subclass of Hub or CaseTrack as a mutant; raise ValueError for a name taken."""

    def keep(kind: Kind) -> Kind:
        if name in _MUTANTS:
            raise ValueError(f"There are two mutants {name}.")
        if issubclass(kind, Hub):
            _MUTANTS[name] = Mutant(name, breaks, hub=kind)
        elif issubclass(kind, CaseTrack):
            _MUTANTS[name] = Mutant(name, breaks, product=kind)
        return kind

    return keep


def mutants() -> dict[str, Mutant]:
    """Return all mutants by their names."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return dict(_MUTANTS)
