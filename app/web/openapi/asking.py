"""The two headers that say why someone asks, on every operation that takes a token."""

from app.model.access.purpose import PURPOSES
from app.model.codec import Resource
from app.web.bearer import PURPOSE, STAFF

HEADERS = {
    PURPOSE: {
        "description": "Why the client asks; without it the purpose of its registration. "
        "What agreements let it see depends on this.",
        "schema": {"type": "string", "enum": list(PURPOSES)},
    },
    STAFF: {
        "description": "Opaque id of the person who asks, for the audit trail only.",
        "schema": {"type": "string", "pattern": r"^[A-Za-z0-9._\-]{1,64}$"},
    },
}


def parameters() -> dict[str, Resource]:
    """Return the shared parameters by name."""
    return {name: {"name": name, "in": "header", **part} for name, part in HEADERS.items()}


def extend(document: Resource) -> Resource:
    """Return the document whose operations take both headers where they take a token."""
    for operations in document["paths"].values():
        for operation in operations.values():
            if operation.get("security") is None:
                named = [{"$ref": f"#/components/parameters/{name}"} for name in HEADERS]
                operation["parameters"] = [*operation.get("parameters", ()), *named]
    return document
