"""All versions of the schemas; one that shipped is only in the catalog until it is moved."""

import json
from collections.abc import Iterable
from typing import Any

from app.cli.schema.hub import Body, StaffHub
from app.cli.schema.naming import number
from app.cli.schema.refusal import Unusable

SHOWN = (
    *("type", "version", "base", "summary", "status", "authors", "submission", "approval"),
    *("publishedAt", "publishedBy", "deprecation", "retirement", "rejection"),
)
"""Elements of a version that lists and trees tell of."""
EXAMPLES = {"examples": True, "invalid-examples": False}
"""Where examples are published → whether the schema takes them."""


def versions(hub: StaffHub, kind: str = "") -> list[Body]:
    """Return the versions of a type, or of all types, without their texts, in their order."""
    asked = {"type": kind} if kind else {}
    stored = hub.search(_elements=",".join(SHOWN), **asked)
    known = {each["id"] for each in stored}
    found = [*stored, *(each for each in _shipped(hub, kind) if each["id"] not in known)]
    return sorted(found, key=lambda each: (each["type"], number(each["version"])))


def uses(hub: StaffHub, kinds: Iterable[str]) -> list[Body]:
    """Return the uses of the versions of these types, the latest of each type first."""
    answers = (hub.usage(kind) for kind in sorted(kinds))
    return [
        {
            part["name"]: next(value for name, value in part.items() if name != "name")
            for part in each["part"]
        }
        for answer in answers
        for each in answer.get("parameter", ())
    ]


def version(hub: StaffHub, id: str) -> Body:
    """Return a version as it stands; raise Unusable when there is none."""
    found = hub.found(id)
    if found is None:
        shipped = _shipped(hub, id.rpartition("-")[0])
        found = next((each for each in shipped if each["id"] == id), None)
    if found is None:
        raise Unusable(f"The hub has no version {id}; hub schema list shows what it has.")
    return found


def draft(hub: StaffHub, id: str) -> Body:
    """Return a version with its text and its examples, byte for byte."""
    row = version(hub, id)
    if "text" in row:
        return row
    path = f"/{row['type']}/{row['version']}"
    names = hub.published(f"{path}/status").get("exampleNames", {})
    examples = [
        {"name": name, "isValid": is_valid, "text": text}
        for part, is_valid in EXAMPLES.items()
        for name, text in _named(names.get(part, ()), _members(hub.text(f"{path}/{part}")), part)
    ]
    return {**row, "text": hub.text(path), "examples": examples}


def _shipped(hub: StaffHub, kind: str) -> list[Body]:
    """Return the versions in the catalog as rows whose versionId is still 0."""
    return [
        {
            **{name: each[name] for name in ("base", "summary", "publishedAt") if name in each},
            "id": f"{schema['name']}-{each['version']}",
            "meta": {"versionId": "0"},
            "type": schema["name"],
            "version": each["version"],
            "status": each["status"],
        }
        for schema in hub.published().get("schemas", ())
        if kind in ("", schema["name"])
        for each in schema["versions"]
    ]


def _members(text: str) -> list[str]:
    """Return the texts of the members of a JSON array, as they are written."""
    found, at, decoder = [], 1, json.JSONDecoder()
    while at < len(text.rstrip()) - 1:
        begin = at + len(text[at:]) - len(text[at:].lstrip())
        _, end = decoder.raw_decode(text, begin)
        found.append(text[begin:end])
        at = text.find(",", end) + 1 or len(text)
    return found


def _named(names: Any, texts: list[str], part: str) -> list[tuple[str, str]]:
    """Return each text with its name; one without a name is counted."""
    counted = [f"{part}-{at}" for at, _ in enumerate(texts, 1)]
    return list(zip(names if len(names) == len(texts) else counted, texts, strict=True))
