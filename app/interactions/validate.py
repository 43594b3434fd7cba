"""FHIR $validate: says what a create or update would be told, and writes nothing.

https://hl7.org/fhir/R4/resource-operation-validate.html
"""

from app.interactions import Hub
from app.interactions.contracts import projected, written_under
from app.interactions.facts import LiveFacts
from app.interactions.judgement import Judged
from app.interactions.records import Records, begin
from app.interactions.secret_questions import counted
from app.interactions.view import View
from app.interactions.writer import Writer
from app.model.access.client import Client
from app.model.access.redaction import restore
from app.model.codec import Resource
from app.model.conflicts import Conflict
from app.model.errors import Forbidden, Invalid, Issue, RuleBroken
from app.model.resource_type import ResourceType
from app.model.version import Key
from app.rules.workflows import workflow

FINE = Issue("informational", "valid", "The resource is valid.", severity="information")


def validate(hub: Hub, client: Client, kind: str, body: Resource, id: str = "") -> list[Issue]:
    """Return every fault of `body`, or one note that there is none and what is merely odd.

    With the id of a resource it is judged as the next version of that, else as a new one.
    """
    records = begin(hub, client, "validate", kind)
    published = records.decide("validate", kind).kind
    facts = LiveFacts(records)
    try:
        with counted(records, always=True):
            move = _judged(records, facts, published, body, id).move
    except (Invalid, RuleBroken, Conflict, Forbidden) as error:
        return list(error.issues)
    return [FINE, *workflow(kind).warnings(move, facts)]


def _judged(
    records: Records, facts: LiveFacts, kind: ResourceType, body: Resource, id: str
) -> Judged:
    """Judge a body as the next version of what the client sees under the id, else as a first."""
    writer = Writer(records, facts)
    if id and View(records, "validate", kind.name).latest(Key(kind.name, id)):
        former = facts.version(Key(kind.name, id))
        sight = records.sights("validate", [former])[0] if former else None
        if former and sight:
            contract = written_under(records.hub, records.client, kind.name, body)
            base = projected(records.hub.registry, contract, former.resource)
            whole = restore(kind, base, body, sight)
            return writer.judge_next(contract, former, whole, sight)
    return writer.judge_first(kind, Key(kind.name, records.hub.new_id()), body)
