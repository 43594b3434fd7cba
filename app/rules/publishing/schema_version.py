"""A SchemaVersion while it is a draft: who wrote it, and what may be changed of it.

What follows the draft is done by operations, whose moves are in `app.rules.publishing.moves`.
"""

from collections.abc import Iterator

from app.model.codec import Resource
from app.model.errors import Issue
from app.model.publication import SCHEMA_VERSION, digest
from app.rules.issues import fault
from app.rules.publishing.admission.schema_text import BadText, parsed
from app.rules.workflow import Facts, Move, Workflow

KEPT = (
    "submission", "approval", "waivers", "report", "reportDigest", "publishedAt", "publishedBy",
    "deprecation", "retirement", "rejection",
)  # fmt: skip
"""What operations write, and nobody else."""
NAMED = ("type", "version", "base")
OWN = frozenset(
    {
        *(SCHEMA_VERSION, "AuditEvent", "Binary", "Bundle", "CapabilityStatement"),
        *("OperationOutcome", "Parameters", "Questionnaire"),
    }
)
"""Types of the hub itself, and those that it answers with."""
MOST_AUTHORS = 50
ENVELOPE = frozenset({"id", "meta", "resourceType", "identifier"})


def complete(move: Move, _facts: Facts) -> Resource:
    """Return a draft with its status, its digest and everyone who wrote it."""
    former, body = move.former or {}, move.body
    authors = [*former.get("authors", ())]
    if not move.is_effect and _is_edited(move) and move.actor.client not in authors:
        authors.append(move.actor.client)
    found = {
        **body,
        **{name: former[name] for name in KEPT if name in former},
        "authors": authors[-MOST_AUTHORS:],
        "status": former.get("status", "draft"),
    }
    if _readable(body["text"]):
        found["digest"] = digest(body["text"])
    return found


def faults(move: Move, facts: Facts) -> list[Issue]:
    """Return why a draft may not be written so."""
    body = move.body
    if move.former is None and facts.is_published(body["type"], body["version"]):
        return [fault("number-taken", "A version of this number is published.", "/version")]
    return list(_faults(move))


def _faults(move: Move) -> Iterator[Issue]:
    former, body = move.former, move.body
    if former is not None and former["status"] != "draft" and _is_edited(move):
        yield fault("not-a-draft", "Only a draft is edited; $revise makes it one again.", "/status")
    if move.reference != f"{SCHEMA_VERSION}/{body['type']}-{body['version']}":
        yield fault("version-id", "The id is the type, a hyphen and the number.", "/id")
    if body["type"] in OWN:
        yield fault("own-type", "This name is the hub's own and changes with releases.", "/type")
    for name in NAMED:
        if former is not None and move.changed(name):
            yield fault("draft-name", "A draft keeps its type, number and base.", f"/{name}")
    if not _readable(body["text"]):
        yield fault("schema-text", "The schema is not JSON as RFC 8259 has it.", "/text")
    names = [each["name"] for each in body.get("examples", ())]
    for at, name in enumerate(names):
        if name in names[:at]:
            yield fault("example-name", "No two examples have one name.", f"/examples/{at}/name")


def _is_edited(move: Move) -> bool:
    """Whether what a client writes is not what was there."""
    hub_owned = {*KEPT, "authors", "status", "digest", *ENVELOPE}
    names = (move.body.keys() | (move.former or {}).keys()) - hub_owned
    return any(move.changed(name) for name in names)


def _readable(text: str) -> bool:
    try:
        parsed(text)
    except BadText:
        return False
    return True


WORKFLOW = Workflow(complete=complete, faults=faults)
