"""Puts a version of a schema through its gates and tells what they found; nothing is written."""

from collections.abc import Sequence
from typing import Any

from app.interactions import Hub
from app.interactions.publishing import scanning
from app.interactions.publishing.shelves import candidate, library
from app.interactions.records import begin
from app.model.access.client import Client
from app.model.codec import Resource, encode
from app.model.errors import BadParameter, Invalid, Issue
from app.model.publication import SCHEMA_VERSION
from app.rules.publishing import stored
from app.rules.publishing.finding import Finding, Gate
from app.rules.publishing.report import report

KEYS = frozenset({"schema", "examples", "base", "version"})


def check(hub: Hub, client: Client, name: str, body: Any) -> dict[str, Any]:
    """Return the report on a candidate that is stored nowhere.

    `body` is a schema, or an object with `schema`, `base`, and `examples` as a SchemaVersion has
    them. Raises BadParameter for a body of another form, and what an access decision raises.
    """
    records = begin(hub, client, "validate", SCHEMA_VERSION)
    records.decide("validate", SCHEMA_VERSION)
    row = _row(hub, name, body)
    return report(candidate(row), gates(hub, row))


def checked(hub: Hub, row: Resource) -> dict[str, Any]:
    """Return the report on a SchemaVersion as it stands, its stored documents included."""
    return report(candidate(row), [*gates(hub, row), stored_gate(hub, row)])


def gates(hub: Hub, row: Resource) -> Sequence[Gate]:
    """Return the gates that need no rows."""
    return hub.desk.judge(candidate(row), library(hub.registry, row["type"]))


def stored_gate(hub: Hub, row: Resource) -> Gate:
    """Return gate G7 as far as the stored documents were looked at."""
    try:
        return stored.gate(scanning.kept(hub, row))
    except Invalid as error:
        return Gate("G7", stored.TITLE, [Finding("no-type", str(error))])


def issues(found: Sequence[Gate]) -> list[Issue]:
    """Return one issue for each finding that keeps a gate shut."""
    return [
        Issue("business-rule", each.code, _sentence(gate, each), each.path or "/text")
        for gate in found
        for each in gate.findings
        if each.level == "error" and not each.waiver
    ]


def _sentence(gate: Gate, found: Finding) -> str:
    against = f" (against {found.against})" if found.against else ""
    return " ".join(filter(None, (f"{gate.code}{against}: {found.text}", found.hint)))


def _row(hub: Hub, name: str, body: Any) -> Resource:
    if not isinstance(body, dict):
        raise BadParameter("A schema is a JSON object.", "/")
    told = body if "schema" in body and body.keys() <= KEYS else {"schema": body}
    schema = told["schema"]
    if not isinstance(schema, dict):
        raise BadParameter("A schema is a JSON object.", "/schema")
    newest = hub.registry.types.get(name)
    version = str(schema.get("$id", "")).rpartition("/")[2]
    base = told.get("base") or (newest.version if newest else "")
    if not isinstance(base, str):
        raise BadParameter("The base is a version such as 1.0.0.", "/base")
    examples = _examples(hub, name, base, told.get("examples"))
    text = encode(schema)
    return {"type": name, "version": version, "base": base, "text": text, "examples": examples}


def _examples(hub: Hub, name: str, base: str, given: Any) -> list[Resource]:
    """Return the examples that came with a candidate, or else those of its base."""
    if given is None:
        known = hub.registry.publications.get((name, base))
        return known.documents if known else []
    if not isinstance(given, list) or not all(map(_is_example, given)):
        raise BadParameter("Examples are a list of {name, isValid, text}.", "/examples")
    return given


def _is_example(each: Any) -> bool:
    wanted = {"name": str, "isValid": bool, "text": str}
    return isinstance(each, dict) and all(
        isinstance(each.get(name), kind) for name, kind in wanted.items()
    )
