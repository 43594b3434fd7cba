"""FHIR history interactions of a resource, a type and the system.

https://hl7.org/fhir/R4/http.html#history
"""

from app.interactions import Hub
from app.interactions.read import refuse_absent
from app.model.access import Client, authorize
from app.model.history import HistoryPage, HistoryQuery
from app.model.version import Key


def history(hub: Hub, client: Client, asked: HistoryQuery) -> HistoryPage:
    """Return one page of versions, newest first; raise NotFound for a resource that never was."""
    if asked.type is None:
        authorize(client, "history-system", "*")
        return hub.store.history(asked)
    hub.registry.type(asked.type)
    level = "history-type" if asked.id is None else "history-instance"
    authorize(client, level, asked.type)
    page = hub.store.history(asked)
    if asked.id is not None and not page.versions and asked.since is None and asked.count:
        refuse_absent(hub, Key(asked.type, asked.id))
    return page
