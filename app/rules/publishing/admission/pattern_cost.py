"""Whether an engine that backtracks could take exponential time for a pattern.

A pattern becomes the automaton of its positions (Glushkov). Time is exponential if and only if one
text leads from a position back to it in two ways (Weber and Seidl, On the degree of ambiguity of
finite automata, 1991); counted repeats are judged as if they had no end, which errs to refusal.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache

from app.rules.publishing.admission.pattern_syntax import (
    Chars,
    Either,
    Node,
    NotPlain,
    Ranges,
    Repeat,
    Sequence,
    parsed,
)

MAX_LENGTH, MAX_POSITIONS, MAX_UNROLLED = 1000, 300, 64
MAX_CHOICES = 20
"""Each may double the ways through a pattern."""
MAX_CHAIN = 3
"""Loops one after the other that can share a text: time grows with this power of its length."""

Ends = tuple[list[int], list[int], bool]
"""First positions, last positions, whether nothing at all matches."""


def pattern_fault(pattern: str) -> str | None:
    """Return the sentence that refuses a pattern, or None when it is plain and quick."""
    if len(pattern) > MAX_LENGTH:
        return f"A pattern has at most {MAX_LENGTH} characters."
    try:
        return _Positions(parsed(pattern)).fault()
    except NotPlain as fault:
        return str(fault)


class _Positions:
    """The automaton of a pattern: which position may follow which, and in how many ways."""

    def __init__(self, node: Node) -> None:
        self._classes: list[Ranges] = []
        self._follow: Counter[tuple[int, int]] = Counter()
        self._choices = 0
        self._build(node)
        self._next: list[list[int]] = [[] for _ in self._classes]
        for before, after in self._follow:
            self._next[before].append(after)
        self._reach = _closure(self._next)

    def fault(self) -> str | None:
        if self._choices > MAX_CHOICES:
            return f"The pattern has more than {MAX_CHOICES} parts that are optional or overlap."
        if self._is_exponential():
            return "The pattern can match one text in ever more ways, which takes endless time."
        if self._chain() > MAX_CHAIN:
            return f"More than {MAX_CHAIN} repeats in a row can match the same text."
        return None

    def _build(self, node: Node) -> Ends:
        if isinstance(node, Chars):
            if len(self._classes) == MAX_POSITIONS:
                raise NotPlain(f"The pattern has more than {MAX_POSITIONS} characters to match.")
            self._classes.append(node.ranges)
            here = len(self._classes) - 1
            return [here], [here], False
        if isinstance(node, Sequence):
            return self._sequence(node.parts)
        if isinstance(node, Either):
            return self._either(node.branches)
        return self._repeat(node)

    def _sequence(self, parts: Iterable[Node]) -> Ends:
        first: list[int] = []
        last: list[int] = []
        may_be_empty = True
        for part in parts:
            begin, end, is_empty = self._build(part)
            self._join(last, begin)
            first += begin if may_be_empty else []
            last = [*last, *end] if is_empty else end
            may_be_empty = may_be_empty and is_empty
        return first, last, may_be_empty

    def _either(self, branches: Iterable[Node]) -> Ends:
        built = [self._build(each) for each in branches]
        first = [each for begin, _, _ in built for each in begin]
        classes = [self._classes[each] for each in first]
        self._choices += any(
            _overlap(one, other) for at, one in enumerate(classes) for other in classes[:at]
        ) * (len(built) - 1)
        return first, [each for _, end, _ in built for each in end], any(e for _, _, e in built)

    def _repeat(self, node: Repeat) -> Ends:
        size = _size(node.inner)
        if node.low == node.high and size and size * node.low <= MAX_UNROLLED:
            return self._sequence([node.inner] * node.low)
        first, last, is_empty = self._build(node.inner)
        self._choices += node.low == 0
        if node.high != 1:
            if is_empty:
                raise NotPlain("A part that may be empty is repeated.")
            self._join(last, first)
        return first, last, is_empty or node.low == 0

    def _join(self, last: Iterable[int], first: Iterable[int]) -> None:
        afterwards = list(first)
        self._follow.update((before, after) for before in last for after in afterwards)

    def _together(self, one: int, other: int) -> bool:
        return bool(self._reach[one] >> other & 1 and self._reach[other] >> one & 1)

    def _is_exponential(self) -> bool:
        """Whether two paths part from one position of a loop and meet in it again."""
        if any(ways > 1 and self._together(*pair) for pair, ways in self._follow.items()):
            return True
        inner = [[x for x in after if self._together(at, x)] for at, after in enumerate(self._next)]
        seen: set[tuple[int, int]] = set()
        waiting = [pair for at in range(len(inner)) for pair in self._steps(inner, at, at)]
        waiting = [(one, other) for one, other in waiting if one != other]
        while waiting:
            pair = waiting.pop()
            if pair[0] == pair[1]:
                return True
            if pair not in seen:
                seen.add(pair)
                waiting.extend(self._steps(inner, *pair))
        return False

    def _steps(self, inner: list[list[int]], one: int, other: int) -> Iterator[tuple[int, int]]:
        for left in inner[one]:
            for right in inner[other]:
                if _overlap(self._classes[left], self._classes[right]):
                    yield min(left, right), max(left, right)

    def _chain(self) -> int:
        """Return how many loops in a row can share a text."""
        loops = [at for at in range(len(self._next)) if self._together(at, at)]
        heads = [at for at in loops if not any(self._together(at, x) for x in loops if x < at)]
        letters = {
            at: tuple({r for x in loops if self._together(at, x) for r in self._classes[x]})
            for at in heads
        }

        @cache
        def longest(head: int) -> int:
            after = (x for x in heads if self._reach[head] >> x & 1 and not self._together(head, x))
            return 1 + max(
                (longest(x) for x in after if self._leads(head, x, letters[head], letters[x])),
                default=0,
            )

        return max((longest(head) for head in heads), default=0)

    def _leads(self, head: int, tail: int, left: Ranges, right: Ranges) -> bool:
        """Whether a text of both loops' characters leads from one into the other."""
        waiting, seen = [head], {head}
        while waiting:
            at = waiting.pop()
            if self._together(at, tail):
                return True
            for x in self._next[at]:
                letters = self._classes[x]
                if x not in seen and _overlap(letters, left) and _overlap(letters, right):
                    seen.add(x)
                    waiting.append(x)
        return False


def _size(node: Node) -> int:
    """Return the characters that a part always has; 0 when it has choices."""
    if isinstance(node, Chars):
        return 1
    if isinstance(node, Sequence):
        sizes = [_size(each) for each in node.parts]
        return sum(sizes) if all(sizes) else 0
    if isinstance(node, Repeat) and node.low == node.high:
        return _size(node.inner) * node.low
    return 0


def _closure(following: list[list[int]]) -> list[int]:
    """Return, for each position, those that one or more steps lead to, as the bits of a number."""
    reach = [sum(1 << each for each in set(after)) for after in following]
    for middle in range(len(reach)):
        for at in range(len(reach)):
            if reach[at] >> middle & 1:
                reach[at] |= reach[middle]
    return reach


@cache
def _overlap(one: Ranges, other: Ranges) -> bool:
    return any(low <= up and down <= high for low, high in one for down, up in other)
