"""Three small types, one of each kind, on the published data types: cheap to make bodies for."""

import json
import shutil

from app.composition import schema_folder
from app.settings import Settings

ENVELOPE = ("id", "meta", "identifier", "extension", "status")
"""Elements that every type has."""
ORIGIN = "https://hub.wioa.example/schemas"
DATATYPES = f"{ORIGIN}/datatypes/1.0.0#/$defs"


def write(folder):
    """Write a lookup, a data type and one with forced If-Match to `folder` and return it."""
    shipped = schema_folder(Settings())
    for shared in ("annotations", "datatypes"):
        shutil.copytree(shipped / shared, folder / shared)
    agency = json.loads((shipped / "Agency/1.0.0/schema.json").read_text("utf-8"))
    envelope = {name: agency["properties"][name] for name in ENVELOPE}
    for name, kind, versioning, key, elements in (
        ("Room", "lookup", "optional", ["door"], envelope | SHORT | ROOM),
        ("Visit", "data", "optional", ["ticket"], envelope | SHORT | VISIT),
        ("Route", "versioned", "required", ["sign"], envelope | SHORT | ROUTE),
    ):
        file = folder / name / "1.0.0" / "schema.json"
        file.parent.mkdir(parents=True)
        schema = _schema(name, elements)
        schema |= {"x-kind": kind, "x-versioning": versioning, "x-unique": [key]}
        file.write_text(json.dumps(schema), "utf-8")
    return folder


def _schema(name, elements):
    named = {"description": f"Says that this resource is a {name}.", "const": name, **OPS}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{ORIGIN}/{name}/1.0.0",
        "title": name,
        "description": f"A {name} of a one-stop center.",
        "x-level": 0,
        "type": "object",
        "additionalProperties": False,
        "required": ["resourceType", "status"],
        "properties": {"resourceType": named, **elements},
    }


OPS = {"x-sensitivity": "OPS"}
META = ("versionId", "lastUpdated", "source")
EMPTY = {"type": "array", "maxItems": 0, **OPS}
SHORT = {
    "meta": {
        "description": "What the hub says of every version.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            **{name: {"description": "Said by the hub.", "type": "string", **OPS} for name in META},
            "profile": {
                "description": "The versions that it is of.",
                "type": "array",
                "maxItems": 20,
                "items": {"type": "string", "maxLength": 200},
                **OPS,
            },
        },
        **OPS,
    },
    "identifier": {"description": "None; a code is the key.", **EMPTY},
    "extension": {"description": "There are none.", **EMPTY},
}
"""An envelope that is quick to make bodies for."""
ROOM = {
    "door": {
        "description": "Code on the door.",
        "$ref": f"{DATATYPES}/code",
        "x-search": "token",
        **OPS,
    },
    "name": {
        "description": "Name of the room.",
        "$ref": f"{DATATYPES}/string",
        "x-search": "string",
        **OPS,
    },
    "seats": {
        "description": "How many people may sit.",
        "type": "integer",
        "minimum": 0,
        "maximum": 500,
        "x-search": "number",
        **OPS,
    },
}
VISIT = {
    "ticket": {
        "description": "Code on the ticket.",
        "$ref": f"{DATATYPES}/code",
        "x-search": "token",
        **OPS,
    },
    "day": {
        "description": "Day of the visit.",
        "$ref": f"{DATATYPES}/date",
        "x-search": "date",
        **OPS,
    },
    "room": {
        "description": "Room that was visited.",
        "$ref": f"{DATATYPES}/Reference",
        "x-target": ["Room"],
        "x-search": "reference",
        **OPS,
    },
}
ROUTE = {
    "sign": {
        "description": "Code on the signs along it.",
        "$ref": f"{DATATYPES}/code",
        "x-search": "token",
        **OPS,
    },
    "steps": {
        "description": "Rooms to go through, in this order.",
        "type": "array",
        "maxItems": 3,
        "items": {
            "description": "One room and what to do there.",
            "type": "object",
            "additionalProperties": False,
            "required": ["note"],
            "properties": {
                "note": {
                    "description": "What to do in the room.",
                    "$ref": f"{DATATYPES}/string",
                    **OPS,
                },
            },
        },
        **OPS,
    },
}
