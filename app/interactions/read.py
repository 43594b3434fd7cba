"""FHIR read and vread interactions.

https://hl7.org/fhir/R4/http.html#read
"""

from typing import NoReturn

from app.interactions import Hub
from app.model.access import Client, authorize
from app.model.errors import Deleted, NotFound
from app.model.version import Key, Version


def read(hub: Hub, client: Client, key: Key) -> Version:
    """Return the current version; raise Deleted or NotFound when there is none."""
    hub.registry.type(key.type)
    authorize(client, "read", key.type)
    found = hub.store.read(key)
    if found is None:
        refuse_absent(hub, key)
    return found


def vread(hub: Hub, client: Client, key: Key, number: int) -> Version:
    """Return version `number`; raise Deleted for a deletion, NotFound when it never was."""
    hub.registry.type(key.type)
    authorize(client, "vread", key.type)
    found = hub.store.vread(key, number)
    if found is None:
        raise NotFound(f"{key.type} has no such id or version.")
    if found.is_deleted:
        raise Deleted(f"This version records the deletion of the {key.type}.")
    return found


def refuse_absent(hub: Hub, key: Key) -> NoReturn:
    """Raise Deleted when the resource once was, NotFound when it never was."""
    if hub.store.latest(key) is None:
        raise NotFound(f"There is no {key.type} with this id.")
    raise Deleted(f"This {key.type} was deleted; its history remains.")
