"""G5 and G6: whether a candidate keeps faith with each version that is served."""

from collections.abc import Iterator
from typing import Any

from app.model.element import Schema
from app.model.publication import number
from app.rules.compatibility.compare import Comparison, Verdict, compare
from app.rules.compatibility.proof import Includes
from app.rules.publishing.annotations.changelog import annotation_findings
from app.rules.publishing.annotations.reserved import reserved_findings
from app.rules.publishing.changes.breaking import breaking
from app.rules.publishing.changes.changelog import changes
from app.rules.publishing.finding import Candidate, Finding, Gate, Library

VALIDATION = "Whoever writes or reads a version that is served can go on"
ANNOTATION = "Search, references, life cycles and confidentiality keep what they promise"


def validation(
    candidate: Candidate, schema: Schema, library: Library, includes: Includes
) -> tuple[Gate, dict[str, Comparison]]:
    """Return gate G5 and the comparison with each live version by its number."""
    found: list[Finding] = []
    comparisons: dict[str, Comparison] = {}
    for version, old in _live(library):
        comparison = compare(old, schema, library.documents, includes)
        comparisons[version] = comparison
        told = changes(old, schema, library.documents, version)
        may_break = is_major(candidate, version)
        found += breaking(comparison, told, version, is_major=may_break)
    facts = {"comparisons": [_fact(*each) for each in comparisons.items()]}
    return Gate("G5", VALIDATION, tuple(found), facts), comparisons


def annotation(candidate: Candidate, schema: Schema, library: Library) -> Gate:
    """Return gate G6: what changed in annotations, and names that stay reserved."""
    found = [
        finding
        for version, old in _live(library)
        for finding in annotation_findings(
            old, schema, library.documents, version, is_major=is_major(candidate, version)
        )
    ]
    return Gate("G6", ANNOTATION, (*found, *reserved_findings(schema, library)))


def is_major(candidate: Candidate, version: str) -> bool:
    """Whether the candidate's number says that it may break who uses `version`."""
    return number(candidate.version)[0] > number(version)[0]


def _live(library: Library) -> Iterator[tuple[str, Schema]]:
    for version in sorted(library.live, key=number):
        yield version, library.live[version]


def _fact(version: str, comparison: Comparison) -> dict[str, Any]:
    return {
        "against": version,
        "write": _verdict(comparison.write),
        "read": _verdict(comparison.read),
    }


def _verdict(verdict: Verdict) -> dict[str, str]:
    return {"answer": verdict.answer, "evidence": verdict.evidence}
