"""Bundles as answers hold them: their entries, and the link to what follows."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from conformance.exchange import Exchange


def entries(exchange: Exchange) -> list[dict[str, Any]]:
    """Return the entries of the answer, none when it is no bundle."""
    return list(exchange.answer.get("entry", ())) if isinstance(exchange.answer, dict) else []


def next_link(exchange: Exchange) -> str:
    """Return the address of the next page, empty on the last one."""
    links = exchange.answer.get("link", ()) if isinstance(exchange.answer, dict) else ()
    return next((str(each["url"]) for each in links if each.get("relation") == "next"), "")


def cursor_of(link: str) -> str:
    """Return the cursor of a link of the feed."""
    return parse_qs(urlsplit(link).query).get("cursor", [""])[0]
