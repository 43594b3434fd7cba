"""SchemaVersion/$usage: which client uses which version, for those who are to retire one."""

from app.interactions.operations import Answer, Call, Operation
from app.interactions.operations.pin import told_use
from app.interactions.records import begin
from app.model.errors import Forbidden
from app.model.operation import Input, Signature, parameters
from app.model.publication import SCHEMA_VERSION

SIGNATURE = Signature(
    SCHEMA_VERSION,
    "usage",
    "List which clients use which versions of a type; for state staff.",
    (Input("type", "code", "The type.", is_required=True),),
    method="GET",
)


def run(call: Call) -> Answer:
    """Return the uses of a type, the latest first; raise Forbidden for all but staff."""
    records = begin(call.hub, call.client, "read", SCHEMA_VERSION)
    records.decide("read", SCHEMA_VERSION)
    if not call.client.is_staff:
        raise Forbidden("Who uses what is for state staff to know.")
    call.hub.usage.flush()
    uses = sorted(call.hub.usage.of(call.inputs["type"]), key=lambda each: each.last)
    return Answer(parameters(*map(told_use, reversed(uses))))


OPERATION = Operation(SIGNATURE, run)
