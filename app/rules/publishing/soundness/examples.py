"""G3: whether the documents beside a candidate are taken and refused as they say."""

from collections.abc import Iterator, Sequence

from app.model.element import Schema, Walker
from app.model.errors import HubError
from app.model.resource_type import ResourceType
from app.model.schema_check import SchemaCheck, Validators
from app.model.strict_json import parse
from app.rules.publishing.finding import Candidate, Example, Finding, Gate, Library

TITLE = "The examples show what is taken and what is refused"
TOLD = 5
"""Faults that are told of one example."""


def examples(candidate: Candidate, schema: Schema, library: Library) -> Gate:
    """Return gate G3; valid examples must pass and invalid ones must fail."""
    found = [*_missing(candidate.examples)]
    kind = _kind(candidate, schema, library)
    for each in candidate.examples:
        found += _example(kind, each)
    valid = sum(each.is_valid for each in candidate.examples)
    facts = {"valid": valid, "invalid": len(candidate.examples) - valid}
    return Gate("G3", TITLE, tuple(found), facts)


def _kind(candidate: Candidate, schema: Schema, library: Library) -> ResourceType:
    documents = {**library.documents, schema["$id"]: schema}
    check = SchemaCheck(candidate.type, Validators(documents).of(schema))
    elements = tuple(Walker(documents).elements(schema))
    text = candidate.text.encode()
    return ResourceType(candidate.type, candidate.version, text, schema, elements, check, check)


def _missing(given: Sequence[Example]) -> Iterator[Finding]:
    if not any(each.is_valid for each in given):
        yield Finding("no-valid-example", "At least one example must be valid.")
    if all(each.is_valid for each in given):
        text = "At least one example must be invalid: it shows what the contract refuses."
        yield Finding("no-invalid-example", text)
    names = [(each.is_valid, each.name) for each in given]
    if len(set(names)) < len(names):
        yield Finding("same-name", "Two examples have the same name.")


def _example(kind: ResourceType, example: Example) -> Iterator[Finding]:
    at = f"{'valid' if example.is_valid else 'invalid'}/{example.name}"
    try:
        body = parse(example.text.encode())
    except (HubError, UnicodeEncodeError) as fault:
        text = f"Example {at}: {fault}"
        yield Finding("example-not-json", text)
        return
    if not isinstance(body, dict):
        yield Finding("example-not-json", f"Example {at}: a resource is a JSON object.")
        return
    faults = kind.faults(body)
    if example.is_valid:
        if body.get("resourceType") != kind.name:
            yield Finding("example-type", f"Example {at} does not say that it is a {kind.name}.")
        for each in faults[:TOLD]:
            text = f"Example {at} is refused at {each.pointer or '/'}: {each.text}"
            yield Finding("example-refused", text, instance_path=each.pointer or "")
    elif not faults:
        hint = "Make the contract stricter, or move the example to the valid ones."
        yield Finding("example-taken", f"Example {at} is taken, but must be refused.", hint=hint)
