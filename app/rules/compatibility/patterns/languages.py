"""Whether every text of one regular expression is also one of another.

Patterns are read as JSON Schema means them: ECMA-262, matching anywhere unless anchored. The sets
of texts are compared as automata (greenery), which can take very long for counted repeats: callers
set a limit.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from greenery import parse
from greenery.parse import NoMatch

from app.model.pattern import matches
from app.rules.compatibility.patterns.pattern_set import ANY, Ranges, escape, union, without
from app.rules.compatibility.patterns.strings_of import samples

MOST_REPEATS = 3000
"""Highest count of a repeat that is looked into."""
HEXADECIMAL = re.compile(r"[0-9A-Fa-f]+")
QUANTIFIER = re.compile(r"(\*|\+|\?|\{\d+(?:,\d*)?\})\??")


class _Unreadable(Exception):
    """A pattern uses something other than a regular language, or is no pattern."""


@lru_cache(maxsize=1000)
def included(narrow: str, wide: str) -> bool | None:
    """Return whether every text that `narrow` matches is matched by `wide`; None if not known."""
    if narrow == wide:
        return True
    if _is_missed(narrow, wide):
        return False
    try:
        inner = parse(_Reader(narrow, is_widened=True).read())
        outer = parse(_Reader(wide, is_widened=False).read())
        return bool(inner.to_fsm() <= outer.to_fsm())
    except (_Unreadable, NoMatch, RecursionError, OverflowError):
        return None


def _is_missed(narrow: str, wide: str) -> bool:
    """Return whether a sample of one pattern is no text of the other: a quick no."""
    try:
        return any(matches(narrow, each) and not matches(wide, each) for each in samples(narrow))
    except ValueError:
        return False


class _Reader:
    """Writes a pattern anew in the plain syntax of greenery, matching whole texts.

    What engines read differently is widened or narrowed, so that a yes holds for all of them.
    """

    def __init__(self, pattern: str, *, is_widened: bool) -> None:
        self._pattern = pattern
        self._is_widened = is_widened
        self._at = 0

    def read(self) -> str:
        """Return the pattern for whole texts; raise _Unreadable when that cannot be."""
        return "|".join(self._branches())

    def _branches(self) -> Iterator[str]:
        while True:
            is_start = self._takes("^")
            body, is_end = "".join(self._pieces()), self._takes("$")
            yield f"{'' if is_start else ANY}({body}){'' if is_end else ANY}"
            if self._at == len(self._pattern):
                return
            if not self._takes("|"):
                raise _Unreadable

    def _pieces(self) -> Iterator[str]:
        while self._at < len(self._pattern) and self._pattern[self._at] not in "|)$":
            yield self._atom() + self._repeat()

    def _atom(self) -> str:
        if self._takes("("):
            return self._group()
        if self._takes("["):
            return escape(self._class())
        if self._takes("."):
            ends = [(10, 10)] if self._is_widened else [(10, 10), (13, 13), (0x2028, 0x2029)]
            return escape(without(ends))
        if self._takes("\\"):
            return escape(self._escaped())
        char = self._next()
        if char in "^$*+?{}]":
            raise _Unreadable
        return escape([(ord(char), ord(char))])

    def _group(self) -> str:
        if self._takes("?") and not self._takes(":"):
            raise _Unreadable
        branches = ["".join(self._pieces())]
        while self._takes("|"):
            branches.append("".join(self._pieces()))
        if not self._takes(")"):
            raise _Unreadable
        return f"({'|'.join(branches)})"

    def _repeat(self) -> str:
        found = QUANTIFIER.match(self._pattern, self._at)
        if found is None:
            return ""
        if any(int(each) > MOST_REPEATS for each in re.findall(r"\d+", found[1])):
            raise _Unreadable
        self._at = found.end()
        return found[1]

    def _class(self) -> Ranges:
        is_refusing, found = self._takes("^"), list[tuple[int, int]]()
        if self._pattern.startswith("\\s\\S]", self._at) and not is_refusing:
            self._at += len("\\s\\S]")
            return without([])
        if self._takes("]"):
            raise _Unreadable
        while not self._takes("]"):
            low = self._member()
            ahead = self._pattern[self._at : self._at + 2]
            if ahead[:1] == "-" and ahead[1:] not in ("]", ""):
                self._at += 1
                high = self._member()
                if not (_is_single(low) and _is_single(high) and low[0][0] <= high[0][0]):
                    raise _Unreadable
                low = [(low[0][0], high[0][0])]
            found += low
        return without(found) if is_refusing else union(found)

    def _member(self) -> Ranges:
        if self._takes("\\"):
            return self._escaped()
        char = self._next()
        if char == "[" or self._pattern[self._at - 1 : self._at + 1] in ("&&", "--", "~~"):
            raise _Unreadable
        return [(ord(char), ord(char))]

    def _escaped(self) -> Ranges:
        char = self._next()
        if char in SETS:
            return SETS[char]
        if char in CONTROLS:
            return [(CONTROLS[char], CONTROLS[char])]
        if char in "xu":
            digits = 2 if char == "x" else 4
            number = self._pattern[self._at : self._at + digits]
            if len(number) != digits or not HEXADECIMAL.fullmatch(number):
                raise _Unreadable
            self._at += digits
            return [(int(number, 16), int(number, 16))]
        if char.isalnum() or ord(char) > ord("~"):
            raise _Unreadable
        return [(ord(char), ord(char))]

    def _next(self) -> str:
        if self._at >= len(self._pattern):
            raise _Unreadable
        self._at += 1
        return self._pattern[self._at - 1]

    def _takes(self, char: str) -> bool:
        is_there = self._pattern.startswith(char, self._at)
        self._at += is_there
        return is_there


def _is_single(ranges: Ranges) -> bool:
    return len(ranges) == 1 and ranges[0][0] == ranges[0][1]


DIGITS: Ranges = [(48, 57)]
WORD: Ranges = [(48, 57), (65, 90), (95, 95), (97, 122)]
SETS = {"d": DIGITS, "D": without(DIGITS), "w": WORD, "W": without(WORD)}
CONTROLS = {"n": 10, "t": 9, "r": 13, "f": 12, "v": 11}
