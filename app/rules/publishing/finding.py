"""What the gates of a publication find: one entry for each fault or change, none cut short."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from app.model.element import Schema

Level = Literal["error", "warning", "note"]
Bump = Literal["patch", "minor", "major"]


@dataclass(frozen=True)
class Finding:
    """One fault or change.

    `path` is a JSON Pointer into the candidate (`#/properties/x`), `old_path` into the version
    named by `against`, `instance_path` into resources. `direction` is `write` or `read`.
    `evidence` is `proof`, `witness`, `structure` or `scan`; `witness` holds one synthetic document
    that breaks, in a list, or nothing. `stored` counts the stored documents concerned, `bump` is
    what the change takes, `hint` says what to do, `waiver` why it is let through all the same.
    """

    code: str
    text: str
    path: str = ""
    level: Level = "error"
    direction: str = ""
    against: str = ""
    old_path: str = ""
    instance_path: str = ""
    evidence: str = ""
    witness: Sequence[Any] = ()
    stored: int = 0
    bump: Bump | Literal[""] = ""
    hint: str = ""
    waiver: str = ""


@dataclass(frozen=True)
class Gate:
    """One gate, `G1` to `G10`, and what it found; it is shut while an error is not waived."""

    code: str
    title: str
    findings: Sequence[Finding] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What was measured besides: verdicts, counts, digests."""

    @property
    def is_open(self) -> bool:
        """Whether nothing found keeps the version from being published."""
        return not any(each.level == "error" and not each.waiver for each in self.findings)


@dataclass(frozen=True)
class Example:
    """A document beside a schema: one that it takes, or one that it refuses."""

    name: str
    is_valid: bool
    text: str


@dataclass(frozen=True)
class Candidate:
    """A version of a type that is to be published; `text` is its schema as it was written."""

    type: str
    version: str
    text: str
    base: str = ""
    examples: Sequence[Example] = ()


@dataclass(frozen=True)
class Library:
    """What is published so far.

    `documents` are all schemas by their `$id`, the shared data types and the annotations among
    them. `live` are the versions of the candidate's type that are served, `former` those that no
    longer are, both by version number; their property names stay reserved.
    """

    documents: Mapping[str, Schema]
    types: frozenset[str] = frozenset()
    live: Mapping[str, Schema] = field(default_factory=dict)
    former: Mapping[str, Schema] = field(default_factory=dict)
