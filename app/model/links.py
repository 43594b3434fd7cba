"""References inside the bodies of a bundle, led to where they will point."""

from collections.abc import Callable
from typing import Any

Lead = Callable[[str, str], str]
"""Takes a reference and its JSON Pointer, returns what stands there in the end."""


def led(value: Any, lead: Lead, pointer: str = "") -> Any:
    """Return `value` with every `reference` in it, at any depth, as `lead` has it."""
    if isinstance(value, dict):
        return {name: _member(name, each, lead, pointer) for name, each in value.items()}
    if isinstance(value, list):
        return [led(each, lead, f"{pointer}/{index}") for index, each in enumerate(value)]
    return value


def _member(name: str, value: Any, lead: Lead, pointer: str) -> Any:
    if isinstance(value, dict | list):
        return led(value, lead, f"{pointer}/{name}")
    if name == "reference" and isinstance(value, str):
        return lead(value, f"{pointer}/reference")
    return value
