"""FHIR $validate: says what a create or update would be told, and writes nothing.

https://hl7.org/fhir/R4/resource-operation-validate.html
"""

from app.interactions import Hub
from app.interactions.facts import LiveFacts
from app.interactions.judgement import Judged, judged
from app.interactions.records import Records, begin
from app.interactions.view import View
from app.model.access.client import Client
from app.model.codec import Resource
from app.model.errors import HubError, Issue
from app.model.resource_type import ResourceType
from app.model.version import Key, Version
from app.rules.workflow import Move
from app.rules.workflows import workflow

FINE = Issue("informational", "valid", "The resource is valid.", severity="information")


def validate(hub: Hub, client: Client, kind: str, body: Resource, id: str = "") -> list[Issue]:
    """Return every fault of `body`, or one note that there is none and what is merely odd.

    With the id of a resource it is judged as the next version of that, else as a new one.
    """
    records = begin(hub, client, "validate", kind)
    published = records.decide("validate", kind).kind
    former = View(records, "validate", kind).latest(Key(kind, id)) if id else None
    facts = LiveFacts(records)
    try:
        move = _judged(records, facts, published, body, former).move
    except HubError as error:
        return list(error.issues)
    missing = _dangling(records, published, move.body)
    return missing or [FINE, *workflow(kind).warnings(move, facts)]


def _judged(
    records: Records,
    facts: LiveFacts,
    kind: ResourceType,
    body: Resource,
    former: Version | None,
) -> Judged:
    before = former.resource if former and not former.is_deleted else None
    key = former.key if former else Key(kind.name, records.hub.new_id())
    move = Move(str(key), before, body, facts.actor)
    return judged(facts, kind, move, facts.actor.agency)


def _dangling(records: Records, kind: ResourceType, body: Resource) -> list[Issue]:
    named = list(kind.referred(body))
    present = records.present({key for key, _ in named})
    return [
        Issue("not-found", "reference-missing", "The resource referred to does not exist.", at)
        for key, at in named
        if key not in present
    ]
