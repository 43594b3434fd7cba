"""A resource type with a parameter of every kind, and rows of it, for the tests of search."""

from datetime import UTC, datetime

from app.model.codec import encode
from app.model.element import Walker
from app.model.query import parse
from app.model.resource_type import ResourceType
from app.model.search_keys import search_keys
from app.model.version import Key, Version
from app.store.rows import row

TARGETS = ["Person", "Place"]
IDENTIFIER = {
    "type": "object",
    "properties": {
        "system": {"type": "string"},
        "value": {
            "type": "string",
            "x-search": {"param": "identifier", "type": "token", "system": "system"},
        },
    },
}
ACCOUNT = {
    "type": "object",
    "properties": {
        "bank": {"type": "object"},
        "number": {
            "type": "string",
            "x-search": {"param": "account", "type": "token", "system": "bank"},
        },
    },
}
DAY = {"type": "string", "format": "date", "x-search": "date"}
INSTANT = {"type": "string", "format": "date-time", "x-search": "date"}
PROPERTIES = {
    "resourceType": {"const": "Thing"},
    "id": {"type": "string"},
    "meta": {"type": "object"},
    "name": {"type": "string", "x-search": "string"},
    "otherNames": {"type": "array", "items": {"type": "string"}, "x-search": "string"},
    "status": {"enum": ["open", "closed"], "x-search": "token"},
    "isOld": {"type": "boolean", "x-search": "token"},
    "labels": {"type": "array", "items": {"type": "string"}, "x-search": "token"},
    "identifier": {"type": "array", "items": IDENTIFIER},
    "account": ACCOUNT,
    "owner": {"type": "object", "x-search": "reference", "x-target": TARGETS},
    "friends": {
        "type": "array",
        "items": {"type": "object"},
        "x-search": "reference",
        "x-target": TARGETS,
    },
    "born": DAY,
    "visits": {"type": "array", "items": DAY},
    "seen": INSTANT,
    "calls": {"type": "array", "items": INSTANT},
    "size": {"type": "number", "x-search": "number"},
    "sizes": {"type": "array", "items": {"type": "number"}, "x-search": "number"},
    "note": {"type": "string"},
}
MANY = ("other-names", "labels", "identifier", "account", "friends", "visits", "calls", "sizes")


def a_kind(properties=PROPERTIES, *, unique=(), name="Thing", **annotations):
    """Return a type with these elements."""
    schema = {
        "$id": f"https://hub.example/schemas/{name}/1.0.0",
        "x-kind": "data",
        "x-level": 1,
        "x-versioning": "optional",
        "x-unique": unique,
        "properties": properties,
        **annotations,
    }
    walker = Walker({schema["$id"]: schema})
    elements = tuple(walker.elements(schema))
    return ResourceType(name, "1.0.0", b"{}", schema, elements, lambda _: [], lambda _: [])


def a_version(id, body, *, number=1, at=datetime(2026, 3, 1, tzinfo=UTC), kind="Thing"):
    """Return a version of a Thing, or of another type."""
    text = encode({"resourceType": kind, "id": id, **body})
    return Version(Key(kind, id), number, at, "tester", text)


def a_row(kind, id, body, **rest):
    """Return the current row of a Thing."""
    version = a_version(id, body, **rest)
    return row(version, {"r": version.text}, search_keys(kind, version.resource))


def a_query(kind, *pairs, max_count=100):
    """Return the query that these pairs ask."""
    return parse(kind, pairs, max_count=max_count)
