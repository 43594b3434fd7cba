"""How alike two values of a person are: names, days, addresses, ways to reach somebody.

Likeness of names is Jaro-Winkler, as record linkage uses it (Winkler 1990); nicknames come from
a curated table of English ones.
"""

import re
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache

from nicknames import NickNamer
from rapidfuzz.distance import JaroWinkler

from app.model.text import fold

ALIKE = 0.9
"""The least Jaro-Winkler likeness of a name and the same name with a slip of the pen."""
PHONE_DIGITS, ZIP_DIGITS = 10, 5
_ABBREVIATED = {
    "street": "st", "avenue": "ave", "road": "rd", "drive": "dr", "lane": "ln", "court": "ct",
    "circle": "cir", "boulevard": "blvd", "highway": "hwy", "apartment": "apt", "north": "n",
    "south": "s", "east": "e", "west": "w",
}  # fmt: skip
_NOT_LETTERS = re.compile(r"[^\w]|_")


class Likeness(StrEnum):
    """How alike two values are; no likeness (None) is known when one is missing."""

    SAME = "same"
    KNOWN_AS = "known as"
    NEAR = "near"
    DIFFERENT = "different"


def letters(text: str) -> str:
    """Return a name without case, accents, spaces and punctuation."""
    return _NOT_LETTERS.sub("", fold(text))


def given_names(one: str, other: str) -> Likeness:
    """Return how alike two given names are, nicknames and initials included."""
    if letters(one) in called(letters(other)):
        return Likeness.SAME if letters(one) == letters(other) else Likeness.KNOWN_AS
    initials = min(letters(one), letters(other), key=len)
    if len(initials) == 1 and letters(one)[:1] == letters(other)[:1]:
        return Likeness.NEAR
    return family_names(one, other)


def family_names(one: str, other: str) -> Likeness:
    """Return how alike two family names are; a part of a double name is near the whole."""
    if letters(one) == letters(other):
        return Likeness.SAME
    if _parts(one) & _parts(other):
        return Likeness.NEAR
    likeness = JaroWinkler.similarity(letters(one), letters(other))
    return Likeness.NEAR if likeness >= ALIKE else Likeness.DIFFERENT


@lru_cache(maxsize=4096)
def called(name: str) -> frozenset[str]:
    """Return a folded given name with its nicknames, and what it and they are nicknames of."""
    table = _nicknames()
    formal = table.canonicals_of(name)
    return frozenset({name, *formal, *table.nicknames_of(name)}.union(*map(_short, formal)))


def days(one: str, other: str) -> Likeness:
    """Return how alike two days are, each as YYYY-MM-DD."""
    if one == other:
        return Likeness.SAME
    is_near = other in near_days(one) or one in near_days(other)
    return Likeness.NEAR if is_near else Likeness.DIFFERENT


@lru_cache(maxsize=4096)
def near_days(day: str) -> tuple[str, ...]:
    """Return the days that a slip makes of a day, and the day itself.

    Day and month swapped, two neighbouring digits swapped, the day, the year or the decade off by
    one, one digit wrong: some forty days.
    """
    year, month, number = day.split("-")
    swapped = (_swapped(day, at) for at in (2, 5, 8))
    slips = [f"{year}-{number}-{month}", *swapped, *_beside(day), *_years(day), *_digits(day)]
    return tuple(dict.fromkeys([day, *filter(_is_day, slips)]))


def phone(text: str) -> str:
    """Return the ten digits of a telephone number, without country code and extension."""
    digits = re.sub(r"\D", "", text.casefold().partition("x")[0])
    return digits[-PHONE_DIGITS:]


def street(text: str) -> str:
    """Return street lines without case and punctuation, the common words abbreviated."""
    words = _NOT_LETTERS.sub(" ", fold(text)).split()
    return " ".join(_ABBREVIATED.get(each, each) for each in words)


@cache
def _nicknames() -> NickNamer:
    return NickNamer()


def _short(formal: str) -> set[str]:
    return _nicknames().nicknames_of(formal)


def _parts(name: str) -> set[str]:
    """Return the parts of a double name; initials do not count."""
    return {each for each in _NOT_LETTERS.sub(" ", fold(name)).split() if len(each) > 1}


def _is_day(text: str) -> bool:
    try:
        return "1900" <= text[:4] < "2100" and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _swapped(text: str, at: int) -> str:
    return f"{text[:at]}{text[at + 1]}{text[at]}{text[at + 2 :]}"


def _beside(day: str) -> list[str]:
    number = date.fromisoformat(day).toordinal()
    ordinals = (each for each in (number - 1, number + 1) if each <= date.max.toordinal())
    return [date.fromordinal(each).isoformat() for each in ordinals]


def _years(day: str) -> list[str]:
    return [f"{int(day[:4]) + each:04}{day[4:]}" for each in (-1, 1, -10, 10)]


def _digits(day: str) -> list[str]:
    places = (at for at, each in enumerate(day) if each != "-")
    return [f"{day[:at]}{each}{day[at + 1 :]}" for at in places for each in "0123456789"]
