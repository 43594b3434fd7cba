"""FHIR read and vread interactions.

https://hl7.org/fhir/R4/http.html#read
"""

from app.interactions import Hub
from app.interactions.view import view
from app.model.access.client import Client
from app.model.errors import Deleted, NotFound
from app.model.version import Key, Version


def read(hub: Hub, client: Client, key: Key) -> Version:
    """Return the current version; raise Deleted or NotFound when there is none to be seen."""
    return view(hub, client, "read", key.type).read(key)


def vread(hub: Hub, client: Client, key: Key, number: int) -> Version:
    """Return version `number`; raise Deleted for a deletion, NotFound when it is not to be seen."""
    found = view(hub, client, "vread", key.type).vread(key, number)
    if found is None:
        raise NotFound(f"{key.type} has no such id or version.")
    if found.is_deleted:
        raise Deleted(f"This version records the deletion of the {key.type}.")
    return found
