"""SchemaVersion/{id}/$check and $scan: what the gates say of a version, and of what is stored."""

from app.interactions.merging import refuse_unseen
from app.interactions.operations import Answer, Call, Operation
from app.interactions.operations.publication import SEEN
from app.interactions.publishing import scanning
from app.interactions.publishing.checking import checked
from app.interactions.publishing.moving import admitted, row
from app.interactions.records import begin
from app.interactions.view import View
from app.model.codec import encode
from app.model.operation import Signature, parameters
from app.model.publication import SCHEMA_VERSION
from app.model.version import Key

CHECK = Signature(
    SCHEMA_VERSION,
    "check",
    "Put a version through its gates; nothing is written.",
    is_on_instance=True,
)
SCAN = Signature(
    SCHEMA_VERSION,
    "scan",
    "Look at some more of the stored documents under a version.",
    (SEEN,),
    is_on_instance=True,
)


def check(call: Call) -> Answer:
    """Return the report on a version as JSON text; raise Deleted or NotFound."""
    records = begin(call.hub, call.client, "validate", SCHEMA_VERSION)
    version = View(records, "validate", SCHEMA_VERSION).read(Key(SCHEMA_VERSION, call.id))
    report = checked(call.hub, version.resource)
    return Answer(parameters({"name": "report", "valueString": encode(report)}))


def scan(call: Call) -> Answer:
    """Return how far the scan came; raise Forbidden for all but staff, and as scanning does."""
    mover = admitted(call)
    former = row(mover)
    refuse_unseen(mover.records, former, call.inputs["version"], "version")
    found = scanning.step(mover.records, former.resource)
    told = {"checked": found.checked, "total": found.total, "invalid": found.invalid}
    return Answer(
        parameters(
            *({"name": name, "valueInteger": value} for name, value in told.items()),
            {"name": "done", "valueBoolean": found.is_done},
            *(_place(*each) for each in found.places()),
        )
    )


def _place(path: str, keyword: str, agency: str, count: int) -> dict[str, object]:
    said = {"path": path, "keyword": keyword, "agency": agency}
    parts = [{"name": name, "valueString": value} for name, value in said.items() if value]
    return {"name": "fault", "part": [*parts, {"name": "count", "valueInteger": count}]}


OPERATIONS = (Operation(CHECK, check), Operation(SCAN, scan))
