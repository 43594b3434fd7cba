"""The business steps of CaseTrack, one module for each area."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from conformance.client.product import STEPS, Act, step

__all__ = ["step", "steps"]


def steps() -> Mapping[str, Act]:
    """Return all steps by their names."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return STEPS
