"""G0: whether a candidate is safe to look at; cheap, and before everything else.

What passes cannot make the other gates fetch, loop, or grow without bound.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.model.contracts import CANONICAL
from app.model.element import Schema
from app.model.pointer import escaped
from app.model.publication import VERSION
from app.rules.publishing.admission.pattern_cost import pattern_fault
from app.rules.publishing.admission.reference_graph import reference_faults
from app.rules.publishing.admission.schema_text import BadText, parsed
from app.rules.publishing.finding import Candidate, Finding, Gate
from app.rules.publishing.subschemas import subschemas

TITLE = "The candidate is safe to look at"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
MAX_OBJECTS, MAX_BRANCHES, MAX_CODES = 4000, 200, 5000
"""Objects in a schema, branches of a union or members of a list of rules, codes of an enum."""
MAX_LEAST = 10_000
"""Examples are made for proofs: none needs to be longer than this."""
MAX_PATTERNS = 500
MAX_EXAMPLES, MAX_EXAMPLE = 200, 100_000
FORBIDDEN = (
    *("$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveRef", "$recursiveAnchor"),
    *("$vocabulary", "definitions"),
)
UNIONS = ("allOf", "anyOf", "oneOf", "prefixItems")
LEAST = ("minLength", "minItems", "minContains", "minProperties")


def own_id(candidate: Candidate) -> str:
    """Return the address that the candidate will have."""
    return f"{CANONICAL}{candidate.type}/{candidate.version}"


def admission(candidate: Candidate, documents: Mapping[str, Schema]) -> Gate:
    """Return gate G0; while it is shut nothing else may look at the candidate."""
    try:
        schema = parsed(candidate.text)
    except BadText as fault:
        return Gate("G0", TITLE, (Finding("not-strict-json", str(fault), "#"),))
    if not isinstance(schema, dict):
        text = "A schema of a resource type is a JSON object."
        return Gate("G0", TITLE, (Finding("not-an-object", text, "#"),))
    objects = list(_objects(schema))
    found = [*_size(objects), *_examples(candidate), *_identity(candidate, schema, objects)]
    if not found:
        known = {**documents, own_id(candidate): schema}
        found = [*_limits(schema), *reference_faults(objects, schema, known)]
    return Gate("G0", TITLE, tuple(found), {"objects": len(objects)})


def _objects(value: Any) -> Iterator[tuple[str, Schema]]:
    """Yield every object at all with its pointer, whether or not it is a schema."""
    waiting = [("#", value)]
    while waiting:
        pointer, each = waiting.pop()
        if isinstance(each, dict):
            yield pointer, each
            waiting.extend((f"{pointer}/{escaped(name)}", x) for name, x in each.items())
        elif isinstance(each, list):
            inside = (dict, list)
            waiting.extend((f"{pointer}/{at}", x) for at, x in enumerate(each) if type(x) in inside)


def _size(objects: list[tuple[str, Schema]]) -> Iterator[Finding]:
    if len(objects) > MAX_OBJECTS:
        yield Finding("too-costly", f"A schema has at most {MAX_OBJECTS} objects.", "#")


def _examples(candidate: Candidate) -> Iterator[Finding]:
    if len(candidate.examples) > MAX_EXAMPLES:
        yield Finding("too-costly", f"There are at most {MAX_EXAMPLES} examples.")
    if any(len(each.text) > MAX_EXAMPLE for each in candidate.examples):
        yield Finding("too-costly", f"An example has at most {MAX_EXAMPLE} characters.")


def _identity(
    candidate: Candidate, schema: Schema, objects: list[tuple[str, Schema]]
) -> Iterator[Finding]:
    if not VERSION.fullmatch(candidate.version):
        yield Finding("version-not-semver", "A version is three numbers, such as 1.2.0.", "#/$id")
    if schema.get("$id") != own_id(candidate):
        yield Finding("foreign-id", f"The $id must be {own_id(candidate)}.", "#/$id")
    if schema.get("$schema") != DIALECT:
        yield Finding("foreign-dialect", f"The $schema must be {DIALECT}.", "#/$schema")
    for pointer, each in objects:
        for word in FORBIDDEN:
            if word in each:
                text = f"The word {word} is not used here; point with $ref at #/$defs."
                yield Finding("forbidden-word", text, f"{pointer}/{word}")
        for word in ("$id", "$schema"):
            if word in each and pointer != "#":
                text = f"Only the root has {word}."
                yield Finding("forbidden-word", text, f"{pointer}/{word}")


def _limits(schema: Schema) -> Iterator[Finding]:
    patterns: set[str] = set()
    for pointer, each in subschemas(schema):
        yield from _lists(pointer, each)
        for word in LEAST:
            if isinstance(each.get(word), int | float) and each[word] > MAX_LEAST:
                text = f"{word} is at most {MAX_LEAST}."
                yield Finding("too-costly", text, f"{pointer}/{word}")
        for at, pattern in _patterns(pointer, each):
            patterns.add(pattern)
            if len(patterns) > MAX_PATTERNS:
                yield Finding("too-costly", f"A schema has at most {MAX_PATTERNS} patterns.", at)
                return
            if fault := pattern_fault(pattern):
                hint = "Say it with plain characters, classes and repeats that cannot overlap."
                yield Finding("pattern-costly", fault, at, hint=hint)


def _lists(pointer: str, each: Schema) -> Iterator[Finding]:
    for word in UNIONS:
        if isinstance(each.get(word), list) and len(each[word]) > MAX_BRANCHES:
            text = f"{word} has at most {MAX_BRANCHES} branches."
            yield Finding("too-costly", text, f"{pointer}/{word}")
    if isinstance(each.get("enum"), list) and len(each["enum"]) > MAX_CODES:
        text = f"An enum has at most {MAX_CODES} codes; a longer list is a lookup type."
        yield Finding("too-costly", text, f"{pointer}/enum")


def _patterns(pointer: str, each: Schema) -> Iterator[tuple[str, str]]:
    if isinstance(each.get("pattern"), str):
        yield f"{pointer}/pattern", each["pattern"]
    if isinstance(each.get("patternProperties"), dict):
        for name in each["patternProperties"]:
            yield f"{pointer}/patternProperties/{escaped(name)}", name
