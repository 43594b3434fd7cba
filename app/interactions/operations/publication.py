"""SchemaVersion/{id}/$submit, $approve, $publish and so on: the moves of a version of a schema."""

from app.interactions.operations import Answer, Call, Operation
from app.interactions.publishing import steps
from app.interactions.publishing.moving import Change, move
from app.model.operation import Input, Signature
from app.model.publication import SCHEMA_VERSION

SEEN = Input(
    "version",
    "integer",
    "The version of the resource that was seen; 0 for one that ships with the hub.",
    is_required=True,
    least=0,
)
WHY = Input("reason", "string", "Why, in a sentence that is published with it.", is_required=True)
PERHAPS_WHY = Input("reason", "string", "Why, in a sentence that is published with it.")


def _operation(name: str, summary: str, change: Change, *inputs: Input) -> Operation:
    signature = Signature(
        SCHEMA_VERSION,
        name,
        summary,
        (SEEN, *inputs),
        is_on_instance=True,
        writes=True,
        answers=SCHEMA_VERSION,
    )

    def run(call: Call) -> Answer:
        return move(call, change)

    return Operation(signature, run)


OPERATIONS = (
    _operation("submit", "Hand a draft in for review.", steps.submit),
    _operation("revise", "Take a version back to be a draft again.", steps.revise),
    _operation(
        "approve",
        "Approve a version as a second person.",
        steps.approve,
        PERHAPS_WHY,
        Input("waive", "string", "CODE AGAINST PATH of a finding to let through.", is_many=True),
    ),
    _operation("reject", "Decide that a version will not be published.", steps.reject, WHY),
    _operation("publish", "Put an approved version in force.", steps.publish),
    _operation(
        "deprecate",
        "Tell clients to leave a version by a day.",
        steps.deprecate,
        Input("sunset", "date", "The first day on which it may be gone.", is_required=True),
        WHY,
        Input("alternative", "string", "The version to move to."),
    ),
    _operation("retire", "Take a deprecated version out of service.", steps.retire, PERHAPS_WHY),
)
