"""Shares of a whole number without luck, by largest remainder (Hamilton's method)."""

from collections.abc import Mapping


def apportioned(total: int, shares: Mapping[str, int]) -> dict[str, int]:
    """Return how many of `total` each name gets; `shares` are percents that add up to 100.

    Each number is its exact share, cut to the whole below; what is left over goes to the largest
    remainders, the first named first.
    """
    found = {name: total * percent // 100 for name, percent in shares.items()}
    by_remainder = sorted(shares, key=lambda name: -(total * shares[name] % 100))
    for name in by_remainder[: total - sum(found.values())]:
        found[name] += 1
    return found


def percent(part: int, whole: int) -> int:
    """Return whole percents, half up, as the shares were published."""
    return (200 * part + whole) // (2 * whole) if whole else 0
