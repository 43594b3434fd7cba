"""Whom a request is about: what it tells of a person, in JSON, in a form or in its address."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote_plus

from conformance.exchange import Exchange

TOLD = ("firstName", "lastName", "birthDate", "ssn", "pirlUniqueId")
UNIQUE = frozenset({"ssn", "pirlUniqueId"})
"""Elements that one person alone has."""
DAY = "birthDate"
NAMES = frozenset({"firstName", "lastName"})


def told_of(exchange: Exchange, person: Mapping[str, Any]) -> set[str]:
    """Return which elements of a person a request names.

    The hub looks for names in any letters; a date may have a prefix, and a number hyphens.
    """
    texts = said(exchange)
    wanted = {name: plain(person.get(name) or "") for name in TOLD}
    return {name for name, text in wanted.items() if text and any(text in each for each in texts)}


def names_one(exchange: Exchange, person: Mapping[str, Any]) -> bool:
    """Return whether a request names one person: by a number, or by a name and the day of birth."""
    told = told_of(exchange, person)
    return bool(told & UNIQUE) or (DAY in told and bool(told & NAMES))


def said(exchange: Exchange) -> list[str]:
    """Return all that a request says in its body and its query, as `plain` makes it."""
    return [plain(each) for each in (*_leaves(exchange.body), unquote_plus(exchange.query))]


def plain(value: Any) -> str:
    """Return a text in small letters, of letters and digits alone."""
    return "".join(each for each in str(value).casefold() if each.isalnum())


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _leaves(each)
    else:
        yield value
