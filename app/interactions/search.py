"""FHIR search of one type (https://hl7.org/fhir/R4/http.html#search)."""

from dataclasses import replace

from app.interactions import Hub
from app.interactions.chain import resolved
from app.interactions.include import authorize_included, included
from app.model.access import Client, authorize
from app.model.query import CURSOR, Pairs, Query, SearchPage, parse


def search(hub: Hub, client: Client, kind: str, pairs: Pairs) -> SearchPage:
    """Return one page of what matches; `pairs` are decoded parameters.

    Raises BadParameter with every fault of the parameters, a foreign cursor included, TooCostly,
    Forbidden for this type or one that a chain or an inclusion leads to, and UnknownType.
    """
    return page(hub, client, asked(hub, client, kind, pairs), pairs)


def asked(hub: Hub, client: Client, kind: str, pairs: Pairs) -> Query:
    """Return what decoded parameters ask of a type that the client may search."""
    published = hub.registry.type(kind)
    authorize(client, "search-type", kind)
    return parse(published, pairs, max_count=hub.max_count, types=hub.registry.types)


def page(
    hub: Hub, client: Client, query: Query, pairs: Pairs, path: str | None = None
) -> SearchPage:
    """Return the page of a query that follows the cursor in `pairs`, or the first.

    `path` is the address below the base; without it that of the type.
    """
    authorize_included(client, query)
    bound = {"client_id": client.id, "query": f"{path or query.type}?{query.canonical}"}
    for name, token in pairs:
        if name == CURSOR:
            query = replace(query, position=hub.cursors.open(token, **bound))
    query = resolved(hub, client, query)
    total = hub.store.count(query) if query.only_count or query.total != "none" else None
    if query.only_count:
        return SearchPage(query, [], total, None, path=path)
    found = hub.store.search(query)
    following = hub.cursors.seal(found.next, **bound) if found.next is not None else None
    brought = included(hub, query, found.versions)
    return SearchPage(query, found.versions, total, following, brought, path)
