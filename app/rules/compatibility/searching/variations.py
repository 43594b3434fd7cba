"""Ways to vary one object or array: one place at a time, or few places together."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, islice, product
from typing import Any

Body = dict[str, Any]

TWICE = 12
"""How many values of a place are tried in a second body as well: a full one, or two entries."""
TOGETHER = 4
"""How many properties are set and left out in all ways together."""
PAIRS = 1500
"""Most bodies of one object in which properties are varied together."""
ABSENT: Any = object()


def inside(least: Body, most: Body, name: str, values: Iterable[Any]) -> Iterator[Body]:
    """Yield objects with a property set to each value."""
    for count, value in enumerate(values):
        yield {**least, name: value}
        if count < TWICE and len(most) > len(least):
            yield {**most, name: value}


def without(body: Body, *names: str) -> Body:
    """Return an object without some properties."""
    return {name: value for name, value in body.items() if name not in names}


def together(least: Body, most: Body, few: Mapping[str, list[Any]]) -> Iterator[Body]:
    """Yield objects with the first properties set in all ways, then two set or dropped at once."""
    return islice(_together(least, most, few), PAIRS)


def entries(firsts: list[Any], values: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield arrays with each value as the entry after the first ones, once and twice."""
    for count, value in enumerate(values):
        yield [*firsts, value]
        if count < TWICE:
            yield [*firsts, value, value]


def replaced(firsts: list[Any], index: int, values: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield arrays with each value in the place of one of the first entries."""
    for value in values:
        yield [*firsts[:index], value]
        yield [*firsts[:index], value, *firsts[index + 1 :]]


def in_turn(streams: Iterable[Iterable[Any]]) -> Iterator[Any]:
    """Yield from each stream in turn, so that none waits for the end of another."""
    waiting = [iter(each) for each in streams]
    while waiting:
        left = []
        for each in waiting:
            for value in each:
                yield value
                left.append(each)
                break
        waiting = left


def _together(least: Body, most: Body, few: Mapping[str, list[Any]]) -> Iterator[Body]:
    first = [name for name in few if few[name]][:TOGETHER]
    for values in product(*([ABSENT, *few[name][:3]] for name in first)):
        chosen = dict(zip(first, values, strict=True))
        kept = {name: value for name, value in chosen.items() if value is not ABSENT}
        yield {**without(least, *first), **kept}
    for one, other in combinations(few, 2):
        for value, second in product(few[one], few[other]):
            yield {**least, one: value, other: second}
        yield without(most, one, other)
