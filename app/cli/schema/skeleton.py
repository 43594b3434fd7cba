"""The least that a new type must say: a schema that passes the dialect, and two examples."""

import json
from typing import Any

from app.cli.schema.hub import Body
from app.cli.schema.naming import FIRST

CANONICAL = "https://hub.wioa.example/schemas"
DATATYPES = f"{CANONICAL}/datatypes/1.0.0#/$defs"
LABEL = {"x-sensitivity": "OPS"}


def skeleton(name: str) -> Body:
    """Return the draft of a type that does not exist yet."""
    least = {"resourceType": name, "status": "active"}
    return {
        "type": name,
        "version": FIRST,
        "text": _written(_schema(name)),
        "examples": [
            {"name": "minimal", "isValid": True, "text": _written(least)},
            {"name": "missing-status", "isValid": False, "text": _written({"resourceType": name})},
        ],
    }


def _schema(name: str) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{CANONICAL}/{name}/{FIRST}",
        "title": name,
        "description": f"Say here in a sentence what a {name} is, and which standard says so.",
        "x-kind": "lookup",
        "x-level": 0,
        "x-versioning": "optional",
        "x-unique": [["identifier"]],
        "type": "object",
        "additionalProperties": False,
        "required": ["resourceType", "status"],
        "properties": _elements(name),
    }


def _elements(name: str) -> dict[str, Any]:
    return {
        "resourceType": {
            "description": f"Says that this resource is of the type {name}.",
            "const": name,
            **LABEL,
        },
        "id": _element("Logical id of the resource within the hub.", "id") | {"x-readonly": True},
        "meta": _element("Version, time of last change and source, kept by the hub.", "Meta"),
        "identifier": _list("Numbers by which agencies know this resource.", "Identifier", 20),
        "extension": _list("Facts that the contract does not name.", "Extension", 50),
        "status": {
            "description": "Whether the resource is in use.",
            "type": "string",
            "enum": ["active", "inactive"],
            "x-codes": {"active": "In use", "inactive": "Kept for old records"},
            "x-search": "token",
            **LABEL,
        },
    }


def _element(text: str, kind: str) -> dict[str, Any]:
    return {"description": text, "$ref": f"{DATATYPES}/{kind}", **LABEL}


def _list(text: str, kind: str, most: int) -> dict[str, Any]:
    items = {"$ref": f"{DATATYPES}/{kind}"}
    return {"description": text, "type": "array", "maxItems": most, "items": items, **LABEL}


def _written(value: Any) -> str:
    return json.dumps(value, indent=2) + "\n"
