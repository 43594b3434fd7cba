"""Sets of characters as ranges of code points."""

from collections.abc import Iterable

Ranges = list[tuple[int, int]]
HIGHEST = 0x10FFFF


def union(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Return the same characters in as few ranges as can be, in order."""
    found: Ranges = []
    for low, high in sorted(ranges):
        if found and low <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(high, found[-1][1])
        else:
            found.append((low, high))
    return found


def without(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Return all other characters."""
    found, start = Ranges(), 0
    for low, high in union(ranges):
        if start < low:
            found.append((start, low - 1))
        start = high + 1
    return [*found, (start, HIGHEST)] if start <= HIGHEST else found


def escape(ranges: Ranges) -> str:
    """Return a set of characters as it is written in greenery's syntax."""
    if not ranges:
        return "[]"
    return "[" + "".join(f"{_char(low)}-{_char(high)}" for low, high in ranges) + "]"


def _char(code: int) -> str:
    if code < ord(" "):
        return f"\\x{code:02x}"
    return f"\\{chr(code)}" if chr(code) in "\\[]^-" else chr(code)


ANY = escape([(0, HIGHEST)]) + "*"
