"""FHIR search of one type (https://hl7.org/fhir/R4/http.html#search)."""

from app.interactions import Hub
from app.interactions.chain import resolved
from app.interactions.include import authorize_included, included
from app.interactions.records import Records, begin
from app.interactions.resume import carried, resumed
from app.interactions.view import View
from app.model.access.client import Client
from app.model.query import CURSOR, Pairs, Query, SearchPage, parse


def search(hub: Hub, client: Client, kind: str, pairs: Pairs) -> SearchPage:
    """Return one page of what matches; `pairs` are decoded parameters.

    Raises BadParameter with every fault of the parameters, a foreign cursor included, TooCostly,
    Forbidden for this type or one that a chain or an inclusion leads to, and UnknownType.
    """
    records = begin(hub, client, "search-type", kind)
    return page(records, asked(records, kind, pairs), pairs)


def asked(records: Records, kind: str, pairs: Pairs) -> Query:
    """Return what decoded parameters ask of a type that the client may search."""
    published = records.decide("search-type", kind).kind
    hub = records.hub
    return parse(published, pairs, max_count=hub.max_count, types=hub.registry.types)


def page(records: Records, query: Query, pairs: Pairs, path: str | None = None) -> SearchPage:
    """Return the page of a query that follows the cursor in `pairs`, or the first.

    `path` is the address below the base; without it that of the type.
    """
    authorize_included(records, query)
    cursors, client = records.hub.cursors, records.client
    bound = {"client_id": client.id, "query": f"{path or query.type}?{query.canonical}"}
    for name, token in pairs:
        if name == CURSOR:
            query = resumed(records.hub, query, cursors.open(token, **bound))
    records.act.query = cursors.fingerprint(query.canonical)
    view = View(records, "search-type", query.type)
    query = resolved(records, query)
    total = view.count(query) if query.only_count or query.total != "none" else None
    if query.only_count:
        return SearchPage(query, [], total, None, path=path)
    found = view.search(query)
    following = None
    if found.next is not None:
        following = cursors.seal(carried(query, found.next), **bound)
    brought = included(records, query, found.versions)
    return SearchPage(query, found.versions, total, following, brought, path)
