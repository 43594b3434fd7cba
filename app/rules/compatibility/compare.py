"""Compares two versions of a schema in both directions: what may be written, what can be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from app.model.element import Schema
from app.model.lens import Lens
from app.rules.compatibility.bundling import bundled, opened
from app.rules.compatibility.projection import image
from app.rules.compatibility.proof import Includes, Place, Proof, prove
from app.rules.compatibility.witness import witness

Answer = Literal["yes", "no", "unknown"]
Evidence = Literal["proof", "witness", "structure", ""]
EVIDENCE: Mapping[str, Evidence] = {"covers": "proof", "structure": "structure"}
"""How a proof was found → what the evidence is called."""


@dataclass(frozen=True)
class Verdict:
    """The answer for one direction.

    `yes` rests on a proof, `no` on a synthetic document that two validators judge differently
    under both schemas; without either the answer is `unknown`. `places` are where the later schema
    may refuse.
    """

    answer: Answer
    evidence: Evidence = ""
    witness: Sequence[Any] = ()
    places: Sequence[Place] = ()


@dataclass(frozen=True)
class Comparison:
    """Both verdicts on a later schema.

    `write`: it accepts all that the former one accepts. `read`: a reader of the former one, to whom
    names it does not know are not shown and for whom new codes fall back to known ones, can take
    all that the later one accepts.
    """

    write: Verdict
    read: Verdict


def compare(
    old: Schema, new: Schema, documents: Mapping[str, Schema], includes: Includes
) -> Comparison:
    """Return what a change from `old` to `new` breaks; `documents` are all others by `$id`.

    Raises:
        ValueError: a `$ref` leads nowhere, or a schema is nested too deeply.
    """
    former, later = bundled(old, documents), bundled(new, documents)
    return Comparison(
        write=verdict(later, former, includes),
        read=_readable(former, later, includes),
    )


def _readable(former: Schema, later: Schema, includes: Includes) -> Verdict:
    proof = prove(opened(former), image(later, former), includes)
    if proof.answer == "yes":
        return Verdict("yes", EVIDENCE[proof.by])
    # Opening and imaging may ask for more than readers need: only what they are shown counts.
    view = Lens(former, later, {}).projected
    return _broken(proof, witness(former, later, proof.places, view))


def verdict(new: Schema, old: Schema, includes: Includes) -> Verdict:
    """Return whether `new` accepts all that `old` accepts, both bundled."""
    proof = prove(new, old, includes)
    if proof.answer == "yes":
        return Verdict("yes", EVIDENCE[proof.by])
    return _broken(proof, witness(new, old, proof.places))


def _broken(proof: Proof, found: Sequence[Any]) -> Verdict:
    if found:
        return Verdict("no", "witness", tuple(found), proof.places)
    return Verdict("unknown", places=proof.places)
