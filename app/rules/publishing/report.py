"""What the gates found, as the JSON that is kept with a version and shown to everyone."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from app.model.publication import digest
from app.rules.publishing.finding import Candidate, Finding, Gate

COMPARISONS, BUMP = "comparisons", "bump"
"""Facts of gates G5 and G9 that stand at the top of a report."""
TOP = {"G5": COMPARISONS, "G9": BUMP}


def report(candidate: Candidate, gates: Sequence[Gate]) -> dict[str, Any]:
    """Return the report of a candidate; the same candidate and library give the same report."""
    facts = {each.code: each.facts for each in gates}
    return {
        "type": candidate.type,
        "version": candidate.version,
        "base": candidate.base,
        "digest": _digest(candidate.text),
        "isOpen": all(each.is_open for each in gates),
        BUMP: dict(facts.get("G9", {}).get(BUMP, {})),
        COMPARISONS: list(facts.get("G5", {}).get(COMPARISONS, ())),
        "gates": [_gate(each) for each in gates],
    }


def gates_of(found: Mapping[str, Any]) -> list[Gate]:
    """Return the gates that a report was made of."""
    gates = []
    for each in found["gates"]:
        code = each["code"]
        above = {TOP[code]: found[TOP[code]]} if code in TOP else {}
        findings = tuple(_finding(one) for one in each["findings"])
        gates.append(Gate(code, each["title"], findings, {**each["facts"], **above}))
    return gates


def _digest(text: str) -> str:
    try:
        return digest(text)
    except ValueError:
        return ""  # gate G0 says why the text cannot be read


def _gate(gate: Gate) -> dict[str, Any]:
    return {
        "code": gate.code,
        "title": gate.title,
        "isOpen": gate.is_open,
        "facts": {k: v for k, v in gate.facts.items() if k != TOP.get(gate.code)},
        "findings": [finding_json(each) for each in gate.findings],
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    """Return the fields of a finding in camelCase, empty ones left out."""
    found = {each.name: getattr(finding, each.name) for each in fields(Finding)}
    found["witness"] = list(found["witness"])
    return {_camel(name): value for name, value in found.items() if value not in ("", [], 0)}


def _finding(members: Mapping[str, Any]) -> Finding:
    names = {_camel(each.name): each.name for each in fields(Finding)}
    found = {names[name]: value for name, value in members.items()}
    return Finding(**{**found, "witness": tuple(found.get("witness", ()))})


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return "".join((first, *(each.capitalize() for each in others)))
