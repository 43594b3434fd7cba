"""FHIR history interactions of a resource, a type and the system.

https://hl7.org/fhir/R4/http.html#history
"""

from collections.abc import Sequence
from dataclasses import replace

from app.interactions import Hub
from app.interactions.read import refuse_absent
from app.model.access import Client, authorize
from app.model.history import HistoryPage, HistoryQuery, parse
from app.model.query import CURSOR
from app.model.version import Key


def history(
    hub: Hub, client: Client, kind: str | None, id: str | None, pairs: Sequence[tuple[str, str]]
) -> HistoryPage:
    """Return one page of versions, newest first; `pairs` are decoded parameters.

    Without `id` those of a type, without `kind` those of the system. Raises NotFound for a
    resource that never was, and BadParameter.
    """
    _authorize(hub, client, kind, id)
    query = parse(kind, id, pairs, max_count=hub.max_count)
    bound = {"client_id": client.id, "query": f"{query.path}?{query.canonical}"}
    for name, token in pairs:
        if name == CURSOR:
            query = replace(query, before=hub.cursors.open(token, **bound))
    found = hub.store.history(query)
    if not found.versions:
        _refuse_never_was(hub, query)
    following = hub.cursors.seal(found.next, **bound) if found.next else None
    return HistoryPage(query, found.versions, following)


def _authorize(hub: Hub, client: Client, kind: str | None, id: str | None) -> None:
    if kind is None:
        authorize(client, "history-system", "*")
        return
    hub.registry.type(kind)
    authorize(client, "history-type" if id is None else "history-instance", kind)


def _refuse_never_was(hub: Hub, query: HistoryQuery) -> None:
    """Refuse the history of a resource that has none; an empty page of one that has is fine."""
    if query.type and query.id:
        key = Key(query.type, query.id)
        if hub.store.latest(key) is None:
            refuse_absent(hub, key)
