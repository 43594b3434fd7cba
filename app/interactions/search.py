"""FHIR search of one type (https://hl7.org/fhir/R4/http.html#search)."""

from dataclasses import replace

from app.interactions import Hub
from app.model.access import Client, authorize
from app.model.query import CURSOR, Pairs, SearchPage, parse


def search(hub: Hub, client: Client, kind: str, pairs: Pairs) -> SearchPage:
    """Return one page of what matches; `pairs` are decoded parameters.

    Raises BadParameter with every fault of the parameters, a foreign cursor included, TooCostly,
    Forbidden and UnknownType.
    """
    published = hub.registry.type(kind)
    authorize(client, "search-type", kind)
    query = parse(published, pairs, max_count=hub.max_count)
    bound = {"client_id": client.id, "query": f"{kind}?{query.canonical}"}
    for name, token in pairs:
        if name == CURSOR:
            query = replace(query, position=hub.cursors.open(token, **bound))
    total = hub.store.count(query) if query.only_count or query.total != "none" else None
    if query.only_count:
        return SearchPage(query, [], total, None)
    found = hub.store.search(query)
    following = hub.cursors.seal(found.next, **bound) if found.next is not None else None
    return SearchPage(query, found.versions, total, following)
