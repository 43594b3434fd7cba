"""All gates that need nothing but the candidate and what is published: G0 to G6, G8 and G9."""

from collections.abc import Iterator
from dataclasses import replace

from app.model.element import Schema
from app.rules.compatibility.proof import Includes
from app.rules.publishing.admission.gate import admission, own_id
from app.rules.publishing.admission.schema_text import parsed
from app.rules.publishing.bump import bump_findings, computed, declared
from app.rules.publishing.compatible import annotation, is_major, validation
from app.rules.publishing.finding import Candidate, Finding, Gate, Library
from app.rules.publishing.laws import law_findings
from app.rules.publishing.soundness.dialect import HARMLESS, dialect
from app.rules.publishing.soundness.examples import examples
from app.rules.publishing.soundness.lint import lint
from app.rules.publishing.soundness.references import references

LAWS = "Who reads and writes back under an older version loses nothing"
NUMBER = "The number says what the change takes"


def static_gates(candidate: Candidate, library: Library, includes: Includes) -> list[Gate]:
    """Return the gates by their codes; see `judged`."""
    return sorted(judged(candidate, library, includes), key=lambda gate: gate.code)


def judged(candidate: Candidate, library: Library, includes: Includes) -> Iterator[Gate]:
    """Yield each gate as soon as it is judged, the costly ones last.

    While a candidate is not safe to look at (G0), is no schema of the dialect (G1) or points at
    nothing (G4), the gates after it cannot judge and are left out. Call it where time and memory
    are bounded: proofs may take long.
    """
    admitted = admission(candidate, library.documents)
    yield admitted
    if not admitted.is_open:
        return
    schema: Schema = parsed(candidate.text)
    published = replace(library, documents={**library.documents, own_id(candidate): schema})
    written = dialect(schema, published.documents)
    yield written
    if any(each.code not in HARMLESS for each in written.findings):
        return
    pointing = references(candidate, schema, published)
    yield pointing
    if any(each.code != "unknown-target" for each in pointing.findings):
        return
    yield _without(lint(schema, published.documents), written)
    yield examples(candidate, schema, published)
    yield _laws(candidate, schema, published)
    yield from _versions(candidate, schema, published, includes)


def _laws(candidate: Candidate, schema: Schema, library: Library) -> Gate:
    found = law_findings(schema, library.live, library.documents, candidate.examples)
    softer = [
        replace(each, level="warning") if is_major(candidate, each.against) else each
        for each in found
    ]
    return Gate("G8", LAWS, tuple(softer))


def _versions(
    candidate: Candidate, schema: Schema, library: Library, includes: Includes
) -> Iterator[Gate]:
    promised = annotation(candidate, schema, library)
    yield promised
    compatible, comparisons = validation(candidate, schema, library, includes)
    yield compatible
    because: list[Finding] = [*compatible.findings, *promised.findings]
    least = computed(candidate.base, because, comparisons) if library.live else "patch"
    found = bump_findings(candidate, least, library.live, library.former, because)
    facts = {"bump": {"computed": least, "declared": declared(candidate) or ""}}
    yield Gate("G9", NUMBER, tuple(found), facts)


def _without(gate: Gate, told: Gate) -> Gate:
    """Return a gate without what another has told already."""
    known = {(each.code, each.path) for each in told.findings}
    left = [each for each in gate.findings if (each.code, each.path) not in known]
    return replace(gate, findings=tuple(left))
