"""Patch and the conditional writes of one resource type in the OpenAPI document.

FHIR: https://hl7.org/fhir/R4/http.html#patch, https://hl7.org/fhir/R4/http.html#cond-update
"""

from app.model.resource_type import ResourceType
from app.web.body import JSON
from app.web.openapi.parts import Part, operation, refusals, response, schema
from app.web.openapi.queries import criteria

BODY = (413, 415)
VERSION_HEADERS = ("ETag", "Last-Modified", "Deprecation", "Sunset", "Link")
WRITTEN_HEADERS = (*VERSION_HEADERS, "Location", "Idempotent-Replayed")


def written(kind: ResourceType, description: str) -> Part:
    """Return the response of a write, whose body is what `Prefer` asks for."""
    either = {"anyOf": [schema(kind.name), schema("OperationOutcome")]}
    return response(description, either, *WRITTEN_HEADERS)


def unseen(kind: ResourceType) -> tuple[int, ...]:
    """Return the status of a change without If-Match, if the type refuses it."""
    return (428,) if kind.needs_precondition else ()


def patch(kind: ResourceType) -> Part:
    """Return the operation that changes parts of a resource."""
    return _patch(kind, operation(kind, "patch", f"Patch a {kind.name}", {}, "id", *_KEYED))


def conditional(kind: ResourceType) -> dict[str, Part]:
    """Return the operations on the one resource that search criteria name, by method."""
    update = operation(
        kind, "conditional-update", f"Update or create the {kind.name} that matches", {}, "Prefer"
    )
    update["responses"] = {
        "200": written(kind, "The next version; the current one if nothing changed."),
        "201": written(kind, "The first version: nothing matched."),
        **refusals(409, 412, 422, *BODY, *unseen(kind)),
    }
    patched = operation(
        kind, "conditional-patch", f"Patch the {kind.name} that matches", {}, *_KEYED
    )
    found = {"put": update, "patch": _patch(kind, patched)}
    if not kind.is_lookup:
        gone = {
            "204": response("Deleted; or nothing matched."),
            **refusals(409, 412, *unseen(kind)),
        }
        summary = f"Delete the {kind.name} that matches"
        found["delete"] = operation(kind, "conditional-delete", summary, gone)
    for each in found.values():
        each["parameters"] += criteria(kind)
    return found


_KEYED = ("Prefer", "Idempotency-Key")


def _patch(kind: ResourceType, found: Part) -> Part:
    merge = {"type": "object"}
    either = {"anyOf": [merge, schema("JsonPatch")]}
    bodies = {
        "application/json-patch+json": schema("JsonPatch"),
        "application/merge-patch+json": merge,
        **dict.fromkeys(JSON, either),
    }
    found["requestBody"] = {
        "required": True,
        "description": "What to change; id, type and meta cannot be.",
        "content": {media: {"schema": body} for media, body in bodies.items()},
    }
    found["responses"] = {
        "200": written(kind, "The next version; the current one if nothing changed."),
        **refusals(409, 410, 412, 422, *BODY, *unseen(kind)),
    }
    return found
