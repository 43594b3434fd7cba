"""What is shown of the exchanges of a run: what was done, and nothing of any person.

Verdicts are found on what was seen; only what is shown goes through here.
"""

import re
from typing import Any
from urllib.parse import unquote_plus

from app.interactions.runs import Row

GONE = "…"
ELEMENTS = frozenset(
    {"ssn", "birthDate", "firstName", "lastName", "middleName", "phone", "value"}
)  # fmt: skip
"""Elements that are left out of the exchanges of a report."""
HARMLESS = frozenset(
    {
        *("_count", "_cursor", "cursor", "_elements", "_format", "_include", "_lastUpdated"),
        *("_pretty", "_revinclude", "_since", "_sort", "_summary", "_total", "_type", "_wait"),
        "status",
    }
)
"""Parameters of a search whose values say nothing of anybody."""
_PERSONAL = re.compile(r"(?:Participant[A-Z]|Referral$|Consent$)")
"""Resource types whose ids are made by the hub; those of others are words of the lookups."""
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z|[0-9]{1,6}(?:\.[0-9]{1,6}){0,2}\Z")
_WORD = re.compile(r"[$_][a-z-]+\Z|(?:token|jwks|[a-z]+-configuration)\Z")
_SLUG = re.compile(r"[a-z][a-z0-9.-]*\Z")
_TYPE = re.compile(r"[A-Z][A-Za-z]*\Z")
_ADDRESS = re.compile(r"([^\s?]*)\?([^\s?]*=[^\s]*)\Z")


def shown(exchange: Row) -> Row:
    """Return an exchange without what a search asked for, and without names in its address."""
    seen = {name: _addresses(value) for name, value in exchange.items()}
    seen |= {"path": path(exchange["path"]), "query": query(exchange["query"])}
    if exchange["path"].endswith("_search") and isinstance(exchange["body"], dict):
        seen["body"] = {
            name: each if name in HARMLESS else [GONE] * len(each)
            for name, each in exchange["body"].items()
        }
    headers = exchange["headers"]
    if said := headers.get("if-none-exist"):
        seen["headers"] = {**headers, "if-none-exist": query(said.rpartition("?")[2])}
    return seen


def redacted(exchange: Row) -> Row:
    """Return an exchange as a report shows it: without elements of persons, too."""
    return {name: _without(value) for name, value in shown(exchange).items()}


def query(text: str) -> str:
    """Return a query string whose names stay and whose values are gone, but the harmless ones."""
    return "&".join(map(_parameter, text.split("&"))) if text else ""


def path(text: str) -> str:
    """Return a path in which whatever is neither an id nor a word of the hub is gone."""
    first, *rest = text.split("/")
    is_lookup = bool(_TYPE.match(first)) and not _PERSONAL.match(first)
    return "/".join([first, *(_segment(each, is_lookup=is_lookup) for each in rest)])


def _parameter(text: str) -> str:
    name, equals, value = text.partition("=")
    if text and not equals:
        return GONE
    is_harmless = unquote_plus(name).partition(":")[0] in HARMLESS
    return text if is_harmless or not value else f"{name}{equals}{GONE}"


def _segment(text: str, *, is_lookup: bool) -> str:
    is_known = _ID.match(text) or _WORD.match(text) or _PERSONAL.match(text)
    return text if is_known or (is_lookup and _SLUG.match(text)) else GONE


def _addresses(value: Any) -> Any:
    """Return JSON in which every address has lost what it asked for."""
    if isinstance(value, dict):
        return {name: _addresses(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_addresses(each) for each in value]
    found = _ADDRESS.match(value) if isinstance(value, str) else None
    return f"{found[1]}?{query(found[2])}" if found else value


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: GONE if k in ELEMENTS else _without(v) for k, v in value.items()}
    return [_without(each) for each in value] if isinstance(value, list) else value
