"""Makes a witness small enough to read, as long as it stays one."""

from collections.abc import Callable, Iterator
from typing import Any

from app.rules.compatibility.searching.plain_values import PLAIN

STEPS = 3000
"""Most smaller values that are tried; large ones count more than once."""
SIMPLE = ("", "a", "0")
"""Strings that are tried in place of others."""


def shrunk(value: Any, is_witness: Callable[[Any], bool]) -> Any:
    """Return the value with all that can go left out and the rest made simple."""
    left, is_smaller = STEPS, True
    while is_smaller:
        is_smaller, price = False, 1 + len(str(value)) // 1000
        for each in _simpler(value):
            left -= price
            if left < 0:
                return value
            if is_witness(each):
                value, is_smaller = each, True
                break
    return value


def _simpler(value: Any) -> Iterator[Any]:
    """Yield values simpler than the given one, the boldest cuts first."""
    if isinstance(value, dict):
        yield from _smaller_objects(value)
    elif isinstance(value, list):
        yield from _shorter_arrays(value)
    elif isinstance(value, str):
        yield from _shorter_strings(value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _plainer_numbers(value)


def _smaller_objects(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if len(value) > 1:
        yield {}
    for gone in value:
        yield {name: each for name, each in value.items() if name != gone}
    for name, each in value.items():
        yield from ({**value, name: less} for less in _simpler(each))


def _shorter_arrays(value: list[Any]) -> Iterator[list[Any]]:
    size = len(value)
    while size:
        for start in range(0, len(value), size):
            yield [*value[:start], *value[start + size :]]
        size //= 2
    for place, each in enumerate(value):
        yield from ([*value[:place], less, *value[place + 1 :]] for less in _simpler(each))


def _shorter_strings(value: str) -> Iterator[str]:
    yield from (each for each in SIMPLE if len(each) < len(value))
    size = 0 if value in PLAIN else len(value) // 2
    while size:
        for start in range(0, len(value), size):
            yield value[:start] + value[start + size :]
        size //= 2


def _plainer_numbers(value: float) -> Iterator[float]:
    for each in (0, 1, -1, 2, int(value), int(value / 2)):
        if abs(each) < abs(value):
            yield each
