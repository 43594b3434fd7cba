"""FHIR $validate: says what a create or update would be told, and writes nothing.

https://hl7.org/fhir/R4/resource-operation-validate.html
"""

from app.interactions import Hub
from app.model.access import Client, authorize
from app.model.codec import Resource
from app.model.errors import Issue

FINE = Issue("informational", "valid", "The resource is valid.", severity="information")


def validate(hub: Hub, client: Client, kind: str, body: Resource) -> list[Issue]:
    """Return every fault of `body` against the published schema, or one note that there is none."""
    published = hub.registry.type(kind)
    authorize(client, "validate", kind)
    faults = published.faults(body)
    if faults:
        return faults
    return _dangling(hub, kind, body) or [FINE]


def _dangling(hub: Hub, kind: str, body: Resource) -> list[Issue]:
    named = list(hub.registry.type(kind).referred(body))
    present = hub.store.present({key for key, _ in named})
    return [
        Issue("not-found", "reference-missing", "The resource referred to does not exist.", at)
        for key, at in named
        if key not in present
    ]
