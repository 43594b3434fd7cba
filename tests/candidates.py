"""Candidates for publication, made from what ships; valid by default."""

import json
from functools import cache
from pathlib import Path

from app.model.shelf import shelf
from app.rules.publishing.finding import Candidate, Example, Library

FOLDER = Path(__file__).parents[1] / "resource_schemas"
SHARED = {"annotations", "datatypes"}


@cache
def shipped():
    """Return what ships by type; each type has one version."""
    return {each.type: each for each in shelf(FOLDER)}


TYPES = sorted(shipped().keys() - SHARED)


def a_library(kind=None, **changed):
    """Return all that ships; the version of `kind` is live."""
    found = shipped()
    live = {found[kind].version: found[kind].schema} if kind else {}
    documents = {each.schema["$id"]: each.schema for each in found.values()}
    return Library(**{"documents": documents, "types": frozenset(TYPES), "live": live, **changed})


def schema_of(kind="Credential", version="1.0.0"):
    """Return a copy of a schema that ships, with the address of `version`."""
    found = json.loads(shipped()[kind].text)
    found["$id"] = f"https://hub.wioa.example/schemas/{kind}/{version}"
    return found


def examples_of(kind="Credential"):
    """Return the examples that ship beside a type."""
    one = shipped()[kind]
    texts = [*one.examples, *one.counterexamples]
    return [
        Example(name, at < len(one.examples), text.decode())
        for at, (name, text) in enumerate(zip(one.names, texts, strict=True))
    ]


def a_candidate(kind="Credential", version="1.0.0", schema=None, **changed):
    """Return a candidate with the examples that ship."""
    text = json.dumps(schema or schema_of(kind, version))
    named = {"text": text, "base": "1.0.0", "examples": examples_of(kind)}
    return Candidate(**{"type": kind, "version": version, **named, **changed})


def codes(gate):
    """Return the codes of what a gate found."""
    return [each.code for each in gate.findings]


def places(gate, code):
    """Return where a gate found a fault of one code."""
    return [each.path for each in gate.findings if each.code == code]
