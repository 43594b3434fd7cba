"""FHIR search of one type (https://hl7.org/fhir/R4/http.html#search)."""

from dataclasses import replace

from app.interactions import Hub
from app.model.access import Client, authorize
from app.model.cursor import Cursors
from app.model.query import CURSOR, Pairs, SearchPage, parse


def search(  # noqa: PLR0913, PLR0917 - a search is of a tenant, by a client, of a type, within bounds
    hub: Hub, client: Client, cursors: Cursors, kind: str, pairs: Pairs, max_count: int
) -> SearchPage:
    """Return one page of what matches; `pairs` are decoded, `max_count` bounds the page size.

    Raises BadParameter with every fault of the parameters, a foreign cursor included, TooCostly,
    Forbidden and UnknownType.
    """
    published = hub.registry.type(kind)
    authorize(client, "search-type", kind)
    query = parse(published, pairs, max_count=max_count)
    bound = f"{kind}?{query.canonical}"
    for name, token in pairs:
        if name == CURSOR:
            position = cursors.open(token, client_id=client.id, query=bound)
            query = replace(query, position=position)
    total = hub.store.count(query) if query.only_count or query.total != "none" else None
    if query.only_count:
        return SearchPage(query, [], total, None)
    found = hub.store.search(query)
    following = None
    if found.next is not None:
        following = cursors.seal(found.next, client_id=client.id, query=bound)
    return SearchPage(query, found.versions, total, following)
