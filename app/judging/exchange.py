"""What the hub and the process that judges say to one another, as JSON.

The standard library writes and reads it: a candidate may hold texts that are no UTF-8.
"""

import json
from dataclasses import asdict
from typing import Any

from app.rules.publishing.finding import Candidate, Example, Finding, Gate, Library


def question(candidate: Candidate, library: Library) -> bytes:
    """Return a candidate and what is published as JSON."""
    published = {
        "documents": dict(library.documents),
        "types": sorted(library.types),
        "live": dict(library.live),
        "former": dict(library.former),
    }
    return json.dumps({"candidate": asdict(candidate), "library": published}).encode()


def asked(data: bytes) -> tuple[Candidate, Library]:
    """Return the candidate and the library of a question."""
    found: dict[str, Any] = json.loads(data)
    candidate, library = found["candidate"], found["library"]
    examples = [Example(**each) for each in candidate.pop("examples")]
    published = Library(**{**library, "types": frozenset(library["types"])})
    return Candidate(**candidate, examples=examples), published


def line(gate: Gate) -> bytes:
    """Return a gate as one line of JSON."""
    return json.dumps(asdict(gate)).encode() + b"\n"


def gates_from(answer: bytes) -> list[Gate]:
    """Return the gates of an answer by their codes; a last line without an end is left out."""
    whole = answer[: answer.rfind(b"\n") + 1].splitlines()
    return sorted(map(_gate, whole), key=lambda gate: gate.code)


def _gate(data: bytes) -> Gate:
    members = json.loads(data)
    return Gate(**{**members, "findings": tuple(map(_finding, members["findings"]))})


def _finding(members: dict[str, Any]) -> Finding:
    return Finding(**{**members, "witness": tuple(members["witness"])})
