"""FHIR $validate: says what a create or update would be told, and writes nothing.

https://hl7.org/fhir/R4/resource-operation-validate.html
"""

from app.interactions import Hub
from app.interactions.records import Records, begin
from app.model.access.client import Client
from app.model.codec import Resource
from app.model.errors import Issue
from app.model.resource_type import ResourceType
from app.rules import life_cycle

FINE = Issue("informational", "valid", "The resource is valid.", severity="information")


def validate(hub: Hub, client: Client, kind: str, body: Resource) -> list[Issue]:
    """Return every fault of `body` against the published schema, or one note that there is none."""
    records = begin(hub, client, "validate", kind)
    published = records.decide("validate", kind).kind
    faults = published.faults(body) or life_cycle.faults(published, None, body)
    if faults:
        return faults
    return _dangling(records, published, body) or [FINE]


def _dangling(records: Records, kind: ResourceType, body: Resource) -> list[Issue]:
    named = list(kind.referred(body))
    present = records.present({key for key, _ in named})
    return [
        Issue("not-found", "reference-missing", "The resource referred to does not exist.", at)
        for key, at in named
        if key not in present
    ]
