"""FHIR $validate: says what a create or update would be told, and writes nothing.

https://hl7.org/fhir/R4/resource-operation-validate.html
"""

from app.interactions import Hub
from app.interactions.facts import LiveFacts
from app.interactions.plan import Writer
from app.interactions.records import begin
from app.interactions.secret_questions import counted
from app.interactions.view import View
from app.model.access.client import Client
from app.model.codec import Resource
from app.model.conflicts import Conflict
from app.model.errors import Forbidden, Invalid, Issue, RuleBroken
from app.model.version import Key
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
    before = former.resource if former and not former.is_deleted else None
    key = former.key if former else Key(kind, hub.new_id())
    move = Move(str(key), before, body, facts.actor)
    try:
        with counted(records, always=True):
            move = Writer(records, facts).judge(published, move).move
    except (Invalid, RuleBroken, Conflict, Forbidden) as error:
        return list(error.issues)
    return [FINE, *workflow(kind).warnings(move, facts)]
