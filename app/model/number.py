"""Numbers as they are searched: doubles within magnitudes that every database orders right.

The embedded database misplaces doubles below 1e-128 and above 1e128 in its indexes.
"""

import math

LEAST = 1e-100
"""Smallest magnitude told apart from 0."""
MOST = 1e100
"""Largest magnitude."""


def normal(value: float) -> float:
    """Return the double that stands for `value`: 0 for the tiniest, an end for the largest."""
    if abs(value) < LEAST:
        return 0.0
    return float(max(-MOST, min(MOST, value)))


def following(value: float) -> float:
    """Return the next number after a normal one."""
    if value == 0:
        return LEAST
    after = math.nextafter(value, math.inf)
    return 0.0 if abs(after) < LEAST else after
