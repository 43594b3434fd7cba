"""The plain part of regular expressions (ECMA 262) that every agency's engine reads alike.

Characters, classes, groups, alternation and counted repeats; no lookaround, no back reference, no
anchor but the outer two, no word that one engine has and another has not.
"""

import re
from dataclasses import dataclass

Ranges = tuple[tuple[int, int], ...]
"""Code points, from and to, both within."""

LAST = 0x10FFFF
MAX_COUNT = 1000
"""Longer texts are for `maxLength` to bound: engines unroll counted repeats."""
MAX_GROUPS = 20
"""How deep groups may stand within groups."""
DIGITS: Ranges = ((0x30, 0x39),)
WORD: Ranges = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
SPACE: Ranges = ((9, 13), (32, 32), (0xA0, 0xA0), (0x2028, 0x2029), (0xFEFF, 0xFEFF))
CONTROLS = {"n": 10, "r": 13, "t": 9, "f": 12, "v": 11, "0": 0}
_COUNT = re.compile(r"\{(\d{1,9})(,(\d{1,9})?)?\}")


@dataclass(frozen=True)
class Chars:
    """One character of a class."""

    ranges: Ranges


@dataclass(frozen=True)
class Sequence:
    """One part after the other."""

    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Either:
    """One of several branches."""

    branches: tuple["Node", ...]


@dataclass(frozen=True)
class Repeat:
    """A part several times; `high` is None where there is no upper bound."""

    inner: "Node"
    low: int
    high: int | None


Node = Chars | Sequence | Either | Repeat


class NotPlain(ValueError):
    """The pattern uses what not every engine has; the text says what."""


def others(ranges: Ranges) -> Ranges:
    """Return every code point outside of `ranges`."""
    found, start = [], 0
    for low, high in sorted(ranges):
        if low > start:
            found.append((start, low - 1))
        start = max(start, high + 1)
    return (*found, (start, LAST)) if start <= LAST else tuple(found)


CLASSES = {"d": DIGITS, "D": others(DIGITS), "w": WORD, "W": others(WORD)}
CLASSES |= {"s": SPACE, "S": others(SPACE)}
ANY = others(((10, 10), (13, 13), (0x2028, 0x2029)))


def is_anchored(pattern: str) -> bool:
    """Whether the whole of a text must match: `^…$` around everything, no branch left out."""
    try:
        return pattern[:1] == "^" and _ends(pattern) and not isinstance(parsed(pattern), Either)
    except NotPlain:
        return False


def parsed(pattern: str) -> Node:
    """Return what stands between the outer anchors; raise NotPlain."""
    start = 1 if pattern.startswith("^") else 0
    return _Reader(pattern[start : -1 if _ends(pattern) else None]).whole()


def _ends(pattern: str) -> bool:
    text = pattern[:-1]
    return pattern.endswith("$") and (len(text) - len(text.rstrip("\\"))) % 2 == 0


class _Reader:
    """Reads a pattern once, from left to right."""

    def __init__(self, text: str) -> None:
        self._text, self._at, self._depth = text, 0, 0

    def whole(self) -> Node:
        found = self._either()
        if self._at < len(self._text):
            raise NotPlain("A bracket is closed that was never opened.")
        return found

    def _next(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self) -> str:
        found = self._next()
        if not found:
            raise NotPlain("The pattern ends too early.")
        self._at += 1
        return found

    def _either(self) -> Node:
        branches = [self._sequence()]
        while self._next() == "|":
            self._at += 1
            branches.append(self._sequence())
        return branches[0] if len(branches) == 1 else Either(tuple(branches))

    def _sequence(self) -> Node:
        parts = []
        while self._next() not in ("", "|", ")"):
            parts.append(self._repeated(self._atom()))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _atom(self) -> Node:
        char = self._take()
        if char == "(":
            return self._group()
        if char == "[":
            return Chars(self._class())
        if char == "\\":
            return Chars(self._escaped())
        if char == ".":
            return Chars(ANY)
        if char in "^$*+?{}]":
            raise NotPlain(f"The character {char} stands where it has no plain meaning.")
        return Chars(((ord(char), ord(char)),))

    def _group(self) -> Node:
        if self._text.startswith("?:", self._at):
            self._at += 2
        elif self._next() == "?":
            raise NotPlain("Lookaround, named groups and flags are not plain.")
        self._depth += 1
        if self._depth > MAX_GROUPS:
            raise NotPlain(f"Groups are nested deeper than {MAX_GROUPS}.")
        found = self._either()
        if self._take() != ")":
            raise NotPlain("A bracket is not closed.")
        self._depth -= 1
        return Sequence((found,))

    def _repeated(self, inner: Node) -> Node:
        signs = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        count = _COUNT.match(self._text, self._at)
        if self._next() in signs:
            low, high = signs[self._take()]
        elif count:
            self._at = count.end()
            low = int(count[1])
            high = (int(count[3]) if count[3] else None) if count[2] else low
        else:
            return inner
        if max(low, high or 0) > MAX_COUNT or (high is not None and high < low):
            raise NotPlain(f"A repeat counts from low to high, to {MAX_COUNT} at most.")
        if self._next() == "?":
            self._at += 1
        return Repeat(inner, low, high)

    def _class(self) -> Ranges:
        is_other = self._next() == "^"
        self._at += is_other
        found: list[tuple[int, int]] = []
        while (char := self._take()) != "]":
            low = self._member(char)
            if self._next() == "-" and self._text[self._at + 1 : self._at + 2] not in ("]", ""):
                self._at += 1
                high = self._member(self._take())
                if len(low) > 1 or len(high) > 1 or high[0][1] < low[0][0]:
                    raise NotPlain("A range in a class goes from one character to a later one.")
                low = ((low[0][0], high[0][1]),)
            found += low
        if not found:
            raise NotPlain("A class is empty.")
        return others(tuple(found)) if is_other else tuple(found)

    def _member(self, char: str) -> Ranges:
        if char == "[":
            raise NotPlain("A bracket in a class is escaped.")
        return self._escaped() if char == "\\" else ((ord(char), ord(char)),)

    def _escaped(self) -> Ranges:
        char = self._take()
        if char in CLASSES:
            return CLASSES[char]
        if char in "xu":
            digits = self._text[self._at : self._at + (2 if char == "x" else 4)]
            if not re.fullmatch("[0-9A-Fa-f]{2}|[0-9A-Fa-f]{4}", digits):
                raise NotPlain("\\x takes two hexadecimal digits and \\u four.")
            self._at += len(digits)
            code = int(digits, 16)
        elif char in CONTROLS:
            code = CONTROLS[char]
        elif char.isascii() and not char.isalnum():
            code = ord(char)
        else:
            raise NotPlain("Back references, \\b, \\p and the like are not plain.")
        return ((code, code),)
