"""FHIR history interactions of a resource, a type and the system.

https://hl7.org/fhir/R4/http.html#history
"""

from collections.abc import Sequence
from dataclasses import replace

from app.interactions import Hub
from app.interactions.records import Records, begin
from app.interactions.view import MOST_LOOKS, PAGE, View
from app.model.access.authorize import authorize_system
from app.model.access.client import Client
from app.model.history import HistoryPage, HistoryQuery, parse, position
from app.model.query import CURSOR, Found
from app.model.version import Key, Version


def history(
    hub: Hub, client: Client, kind: str | None, id: str | None, pairs: Sequence[tuple[str, str]]
) -> HistoryPage:
    """Return one page of versions, newest first; `pairs` are decoded parameters.

    Without `id` those of a type, without `kind` those of the system. Raises NotFound for a
    resource that never was or is not to be seen, and BadParameter.
    """
    interaction = _interaction(kind, id)
    records = begin(hub, client, interaction, kind)
    view = View(records, interaction, kind) if kind else None
    if view is None:
        authorize_system(client, interaction)
    query = parse(kind, id, pairs, max_count=hub.max_count)
    bound = {"client_id": client.id, "query": f"{query.path}?{query.canonical}"}
    for name, token in pairs:
        if name == CURSOR:
            query = replace(query, before=hub.cursors.open(token, **bound))
    found = _page(records, interaction, query)
    if view and kind and id and not found.versions and view.latest(Key(kind, id)) is None:
        view.refuse_absent(Key(kind, id))
    following = hub.cursors.seal(found.next, **bound) if found.next else None
    return HistoryPage(query, found.versions, following)


def _interaction(kind: str | None, id: str | None) -> str:
    if kind is None:
        return "history-system"
    return "history-type" if id is None else "history-instance"


def _page(records: Records, interaction: str, query: HistoryQuery) -> Found:
    """Return the versions that may be seen; a page may be short and go on."""
    kept: list[Version] = []
    before, count = query.before, query.count
    for _ in range(MOST_LOOKS):
        size = count if records.client.is_staff else max(PAGE, count)
        found = records.hub.store.history(replace(query, before=before, count=size))
        sights = records.sights(interaction, found.versions)
        pairs = zip(found.versions, sights, strict=True)
        seen = [(version, sight) for version, sight in pairs if sight]
        missing = count - len(kept)
        kept += [records.told(*each) for each in seen[:missing]]
        if len(seen) > missing:
            return Found(kept, position(kept[-1]) if kept else before)
        before = found.next
        if before is None or records.client.is_staff:
            break
    return Found(kept, before)
