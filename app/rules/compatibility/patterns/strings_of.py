"""Sample strings of a pattern, and strings that almost have its form.

Greenery reads the pattern; nothing is turned into an automaton, so no pattern takes long. What
it cannot read (look-around, back references) gives no samples. A sample may be wrong, since
anchors are passed over: who uses it asks a validator.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from greenery import Charclass, Pattern, parse
from greenery.parse import NoMatch
from greenery.rxelems import Conc, Mult

LONGEST = 5000
"""No sample is longer, in characters."""
LONGEST_READ = 2000
"""No longer pattern is read, in characters."""
MOST = 150
"""Most samples of one pattern."""
NICE = "aA0 -./:_@b1Z9z"
"""Characters that are taken first where a class holds them, the plainest first."""
ODD = "a0A b-é\n"
"""What is put into samples in the search for near misses."""
EDGES = 24
"""Most characters that are told from the edges of a pattern's classes."""
LAST = 0xD7FF
"""The last code point before the surrogates, which JSON cannot carry alone."""
TOKEN = re.compile(r"\[(?:\\.|[^\]\\])*\]|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\.|[\^$]", re.DOTALL)
ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\x[0-9a-fA-F]{2}|\\([^a-zA-Z0-9])", re.DOTALL)


@lru_cache(maxsize=512)
def samples(pattern: str) -> tuple[str, ...]:
    """Return strings of a pattern: the plainest, then each with one choice made otherwise."""
    read = _read(pattern)
    return tuple(dict.fromkeys(islice(_variants(read), MOST))) if read is not None else ()


@lru_cache(maxsize=2048)
def sample_of_length(pattern: str, length: int) -> str | None:
    """Return a string of a pattern with so many characters, or None when none is found."""
    read = _read(pattern)
    if read is None or length > LONGEST:
        return None
    return next((text for text in _stretched(read, length) if len(text) == length), None)


def near_misses(text: str, alphabet: str) -> Iterator[str]:
    """Yield a string with one character left out, doubled, put in or replaced."""
    many = len(text) * len(alphabet) > 1000  # noqa: PLR2004  (a bound of effort, nothing more)
    places = sorted({0, 1, len(text) // 2, len(text) - 1}) if many else range(len(text))
    for other in alphabet:
        yield from (other + text, text + other)
    for place in (each for each in places if 0 <= each < len(text)):
        before, here, after = text[:place], text[place], text[place + 1 :]
        yield from (before + after, before + here + here + after)
        for other in alphabet:
            yield before + other + after


@lru_cache(maxsize=512)
def edges(pattern: str) -> str:
    """Return the characters at the edges of a pattern's classes, and those just outside."""
    read = _read(pattern)
    found: dict[str, None] = {}
    for each in _classes(read) if read is not None else ():
        for first, last in each.ord_ranges:
            for code in (first, last, first - 1, last + 1):
                found.setdefault(chr(min(max(code, 0), LAST)))
    return "".join(islice(found, EDGES))


@lru_cache(maxsize=512)
def _read(pattern: str) -> Pattern | None:
    if len(pattern) > LONGEST_READ:
        return None
    try:
        read = parse(TOKEN.sub(_spelled, pattern))
        return read if _least(read) <= LONGEST else None
    except (NoMatch, RecursionError, ValueError, OverflowError):
        return None


def _spelled(token: re.Match[str]) -> str:
    """Return a token of ECMA 262 as greenery spells it; anchors are left out."""
    text = token.group()
    return "" if text in ("^", "$") else ESCAPE.sub(_escaped, text)


def _escaped(escape: re.Match[str]) -> str:
    code, sign = escape.groups()
    number = int(code, 16) if code else ord(sign) if sign else -1
    if number < 0:
        return escape.group()
    return f"\\x{number:02x}" if number <= 0xFF else chr(number)  # noqa: PLR2004  (two digits)


def _sorted(read: Pattern) -> list[Conc]:
    """Return the branches in an order that is the same in every process."""
    return sorted(read.concs, key=lambda conc: (_length(conc), str(conc)))


def _classes(read: Pattern) -> Iterator[Charclass]:
    for conc in _sorted(read):
        for mult in conc.mults:
            inner = mult.multiplicand
            yield from [inner] if isinstance(inner, Charclass) else _classes(inner)


def _least(read: Pattern | Charclass) -> int:
    """Return the length of the shortest string, in characters."""
    if isinstance(read, Charclass):
        return 1
    return min((_length(conc) for conc in read.concs), default=0)


def _length(conc: Conc) -> int:
    return sum(_least(mult.multiplicand) * _fewest(mult) for mult in conc.mults)


def _fewest(mult: Mult) -> int:
    return mult.multiplier.min.v or 0


def _most(mult: Mult) -> int:
    most = mult.multiplier.max.v
    return LONGEST if most is None else min(most, LONGEST)


def _variants(read: Pattern | Charclass) -> Iterator[str]:
    if isinstance(read, Charclass):
        yield from _characters(read)
        return
    branches = _sorted(read)
    yield from (_plainest(conc) for conc in branches)
    for conc in branches:
        plain = [_repeated(mult, _fewest(mult)) for mult in conc.mults]
        for place, mult in enumerate(conc.mults):
            for text in _turns(mult):
                yield "".join((*plain[:place], text, *plain[place + 1 :]))


def _turns(mult: Mult) -> Iterator[str]:
    """Yield what one part of a pattern may be: other counts, then other choices at its start."""
    fewest, most = _fewest(mult), _most(mult)
    counts = dict.fromkeys((fewest + 1, fewest + 2, most - 1, most))
    least = _least(mult.multiplicand)
    for count in counts:
        if fewest <= count <= most and count * least <= LONGEST // 4:
            yield _repeated(mult, count)
    rest = _repeated(mult, max(fewest - 1, 0))
    if most:
        yield from (text + rest for text in islice(_variants(mult.multiplicand), 1, MOST))


def _characters(read: Charclass) -> Iterator[str]:
    yield from (each for each in NICE if read.accepts(each))
    for first, last in read.ord_ranges:
        codes = (first - 1, last + 1) if read.negated else (first, last)
        yield from (chr(each) for each in codes if 0 <= each <= LAST and read.accepts(chr(each)))


def _plainest(read: Pattern | Charclass | Conc) -> str:
    if isinstance(read, Charclass):
        return next(_characters(read), "")
    conc = read if isinstance(read, Conc) else next(iter(_sorted(read)), Conc())
    return "".join(_repeated(mult, _fewest(mult)) for mult in conc.mults)


def _repeated(mult: Mult, count: int) -> str:
    return _plainest(mult.multiplicand) * count


def _stretched(read: Pattern | Charclass, length: int) -> Iterator[str]:
    """Yield strings that come near a length: one part after the other is given what is missing."""
    if isinstance(read, Charclass):
        yield _plainest(read)
        return
    for conc in _sorted(read):
        plain = [_repeated(mult, _fewest(mult)) for mult in conc.mults]
        missing = length - sum(len(text) for text in plain)
        if missing < 0:
            continue
        yield _filled(conc, missing)
        for place, mult in enumerate(conc.mults):
            for text in _grown(mult, len(plain[place]) + missing):
                yield "".join((*plain[:place], text, *plain[place + 1 :]))


def _filled(conc: Conc, missing: int) -> str:
    texts = []
    for mult in conc.mults:
        one, fewest = _plainest(mult.multiplicand), _fewest(mult)
        more = min(missing // len(one), _most(mult) - fewest) if one else 0
        missing -= more * len(one)
        texts.append(one * (fewest + more))
    return "".join(texts)


def _grown(mult: Mult, length: int) -> Iterator[str]:
    one = _plainest(mult.multiplicand)
    if one and length // len(one) <= _most(mult):
        yield one * (length // len(one))
    if isinstance(mult.multiplicand, Pattern) and _most(mult):
        rest = _repeated(mult, max(_fewest(mult) - 1, 0))
        for text in islice(_stretched(mult.multiplicand, length - len(rest)), MOST):
            yield text + rest
