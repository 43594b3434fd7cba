"""Plain values worth trying where schemas set bounds, forms and codes; all of them synthetic."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from math import inf
from typing import Any

from app.model.element import Schema
from app.rules.compatibility.patterns.strings_of import (
    LONGEST,
    ODD,
    edges,
    near_misses,
    sample_of_length,
    samples,
)

ATOMS: tuple[Any, ...] = (None, True, False, 0, 1.0, 1.5, "", "a", [], {})
"""One of each JSON type, and the two faces of a whole number."""
PLAIN = (
    "a",
    "Sample",
    "2026-01-05",
    "2026-01-05T09:00:00Z",
    "https://example.org/a",
    "Partner/a",
    "ann@example.org",
    "202-555-0100",
    "00000",
    "000000000",
    "666000000",
    "000-00-0000",
    "666-00-0000",
    "00000000-0000-4000-8000-000000000000",
)
"""Strings that read as made up: 555-01xx telephones, SSN areas 000 and 666, example domains."""
NEAR = (
    "",
    " ",
    "a b",
    "a\nb",
    "á",
    "A",
    "0",
    "-",
    "2024-02-29",
    "2026-02-29",
    "2026-12-31",
    "2026-1-5",
    "0000-01-01",
    "2026-01-05T24:00:00Z",
    "2026-01-05T09:00:00.123Z",
    "2026-01-05T09:00:00+02:00",
    "2026-01-05T09:00:00",
    "2026-01-05t09:00:00z",
    "09:00:00Z",
    "127.0.0.1",
    "::1",
    "example.org",
    "http://example.org/a",
    "urn:a",
    "P1D",
    "/a",
    "0.5",
    "12345",
)
"""Strings at the edges of forms and formats."""
NUMBERS = (0, 1, -1, 2, 0.5, 1.5, 10, 2**31, -(2**31) - 1, 2**53)
SAMPLES = 20
"""Most samples of a pattern that fill documents."""
NEAR_ONE = 700
"""Most near misses that are made from one sample."""
SSN = re.compile(r"(?!000|666)\d{3}-?\d{2}-?\d{4}")


def is_synthetic(value: Any) -> bool:
    """Whether no string in a value could be a Social Security number of a person."""
    if isinstance(value, Mapping):
        return all(is_synthetic(each) for pair in value.items() for each in pair)
    if isinstance(value, list):
        return all(map(is_synthetic, value))
    return not (isinstance(value, str) and SSN.fullmatch(value))


def listed(parts: Iterable[Schema]) -> Iterator[Any]:
    """Yield the values that enums and constants list."""
    for part in parts:
        if "const" in part:
            yield part["const"]
        yield from part.get("enum", ())


def plain_strings(parts: Iterable[Schema]) -> Iterator[str]:
    """Yield few strings that are likely to be valid, the most readable first."""
    told = list(parts)
    yield from PLAIN
    for pattern in _patterns(told):
        yield from islice(samples(pattern), SAMPLES)
    yield from _of_lengths(told)
    yield from NEAR


def strings(parts: Iterable[Schema]) -> Iterator[str]:
    """Yield strings at the edges of lengths, formats and patterns, the likeliest first."""
    told = list(parts)
    patterns = _patterns(told)
    yield from (*PLAIN, *NEAR, *_of_lengths(told))
    for pattern in patterns:
        yield from samples(pattern)
    alphabet = "".join(dict.fromkeys(ODD + "".join(map(edges, patterns))))
    for pattern in patterns:
        for text in samples(pattern)[:3]:
            yield from islice(near_misses(text, alphabet), NEAR_ONE)


def numbers(parts: Iterable[Schema]) -> Iterator[float]:
    """Yield numbers at and beside the bounds, multiples, and numbers between multiples."""
    return (each for each in _numbers(list(parts)) if abs(each) < inf)


def _numbers(told: list[Schema]) -> Iterator[float]:
    yield from NUMBERS
    words = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
    bounds = [part[word] for part in told for word in words if word in part]
    for bound in bounds:
        yield from (bound, bound - 1, bound + 1, bound - 0.5, bound + 0.5)
    for step in [part["multipleOf"] for part in told if "multipleOf" in part]:
        yield from (step * count for count in range(1, 8))
        yield from (bound // step * step + more for bound in bounds for more in (0, step, -step))
        yield step / 2


def limits(parts: Iterable[Schema], least: str, most: str) -> list[int]:
    """Return the counts at and beside the limits that two keywords set, none below 0."""
    found = [part[word] for part in parts for word in (least, most) if word in part]
    near = {int(each) + more for each in found for more in (-1, 0, 1)}
    return sorted(each for each in near | {0, 1, 2} if each >= 0)


def _patterns(parts: Iterable[Schema]) -> list[str]:
    return list(dict.fromkeys(part["pattern"] for part in parts if "pattern" in part))


def _of_lengths(parts: list[Schema]) -> Iterator[str]:
    for length in limits(parts, "minLength", "maxLength"):
        if length <= LONGEST:
            yield from ("a" * length, "0" * length)
            found = (sample_of_length(pattern, length) for pattern in _patterns(parts))
            yield from (text for text in found if text is not None)
