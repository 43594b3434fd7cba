"""G4: whether what a candidate points at is published: other schemas, and types by `x-target`."""

from collections.abc import Iterator, Mapping

from app.model.element import Schema
from app.rules.publishing.admission.reference_graph import resolved
from app.rules.publishing.finding import Candidate, Finding, Gate, Library
from app.rules.publishing.subschemas import subschemas

TITLE = "What the candidate points at is published"


def references(candidate: Candidate, schema: Schema, library: Library) -> Gate:
    """Return gate G4; `schema` has passed admission, so each `$ref` names one exact version."""
    known = {**library.documents, schema["$id"]: schema}
    types = library.types | {candidate.type}
    found = [
        each
        for pointer, at in subschemas(schema)
        for each in (*_schema(pointer, at, schema, known), *_targets(pointer, at, types))
    ]
    return Gate("G4", TITLE, tuple(found))


def _schema(
    pointer: str, at: Schema, home: Schema, known: Mapping[str, Schema]
) -> Iterator[Finding]:
    reference = at.get("$ref")
    if not isinstance(reference, str):
        return
    address = reference.partition("#")[0]
    if address and address not in known:
        text = "The $ref names a version that is not published."
        yield Finding("unpublished-reference", text, f"{pointer}/$ref")
    elif not isinstance(resolved(reference, home, known)[0], dict):
        text = "The $ref names a definition that its document does not have."
        yield Finding("dangling-reference", text, f"{pointer}/$ref")


def _targets(pointer: str, at: Schema, types: frozenset[str]) -> Iterator[Finding]:
    targets = at.get("x-target")
    if not isinstance(targets, list):
        return
    for index, name in enumerate(targets):
        if name not in types:
            hint = "Publish that type first."
            text = f"The reference may name {name}, which is no type."
            yield Finding("unknown-target", text, f"{pointer}/x-target/{index}", hint=hint)
