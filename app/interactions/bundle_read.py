"""The GET and HEAD entries of a bundle: read, vread, search and history.

https://hl7.org/fhir/R4/http.html#transaction
"""

from collections.abc import Sequence

from app.interactions import Hub
from app.interactions.compartment import search_compartment
from app.interactions.history import history
from app.interactions.read import read, vread
from app.interactions.records import Records
from app.interactions.search import asked, search
from app.interactions.search_system import search_system
from app.model import bundle
from app.model.access.client import Client
from app.model.bundle_request import Entry
from app.model.bundle_response import Answer
from app.model.errors import NotFound
from app.model.query import SearchPage
from app.model.version import Key, Version

HISTORY = "_history"


def refuse_unanswerable(records: Records, entry: Entry) -> None:
    """Raise what can be said against a request before the writes beside it are done."""
    match entry.path:
        case [kind] if kind != HISTORY:
            asked(records, kind, entry.pairs)
        case [kind, _]:
            records.decide("history-type" if entry.id == HISTORY else "read", kind)


def fetch(hub: Hub, client: Client, entry: Entry, base: str) -> Answer:
    """Return what a reading request finds; `base` is the absolute base URL of its links."""
    match entry.path:
        case [kind, id] if id != HISTORY:
            return _seen(entry, read(hub, client, Key(kind, id)))
        case [kind, id, "_history", number] if number.isascii() and number.isdigit():
            return _seen(entry, vread(hub, client, Key(kind, id), int(number[:9])))
        case [*within, "_history"]:
            found = history(hub, client, *_pair(within), entry.pairs)
            return Answer("found", text=bundle.history(base, found))
    page = _page(hub, client, entry)
    return Answer("found", text=bundle.searchset(base, page))


def _page(hub: Hub, client: Client, entry: Entry) -> SearchPage:
    match entry.path:
        case []:
            return search_system(hub, client, entry.pairs)
        case [kind]:
            return search(hub, client, kind, entry.pairs)
        case [kind, id, inside]:
            return search_compartment(hub, client, Key(kind, id), inside, entry.pairs)
    raise NotFound("There is nothing at this address.", "url")


def _pair(within: Sequence[str]) -> tuple[str | None, str | None]:
    """Return the type and the id that a history is of, each None when it is of more."""
    if len(within) > 2:  # noqa: PLR2004 - a type and an id
        raise NotFound("There is nothing at this address.", "url")
    kind, id, *_ = (*within, None, None)
    return kind, id


def _seen(entry: Entry, version: Version) -> Answer:
    if entry.if_none_match is not None and entry.if_none_match.matches(version.number):
        return Answer("not-modified", version)
    return Answer("seen" if entry.method == "HEAD" else "read", version)
