"""Batches and transactions in the OpenAPI document.

https://hl7.org/fhir/R4/http.html#transaction
"""

from collections.abc import Iterator

from app.model.bundle_request import KINDS, METHODS
from app.web.openapi.parts import Part, content, refusals, response, schema

TEXT: Part = {"type": "string"}
REFUSED = (405, 409, 410, 412, 413, 415, 422, 428)


def paths(base: str, max_entries: int) -> Iterator[tuple[str, Part]]:
    """Yield (path, operations by method) of what is sent to the base itself."""
    yield base, {"post": _bundle(max_entries)}


def _bundle(max_entries: int) -> Part:
    answer = response("What became of each entry, in order.", _answer(), "Idempotent-Replayed")
    return {
        "operationId": "bundle",
        "tags": ["System"],
        "summary": "Many requests at once: each on its own, or all or nothing",
        "parameters": ["Prefer", "Idempotency-Key", "_format"],
        "requestBody": {"required": True, "content": content(_asked(max_entries))},
        "responses": {"200": answer, **refusals(*REFUSED)},
    }


def _asked(max_entries: int) -> Part:
    texts = ("url", "ifMatch", "ifNoneMatch", "ifNoneExist", "ifModifiedSince")
    request = {
        "type": "object",
        "required": ["method", "url"],
        "properties": {"method": {"enum": list(METHODS)}, **dict.fromkeys(texts, TEXT)},
    }
    entry = {
        "type": "object",
        "required": ["request"],
        "properties": {"fullUrl": TEXT, "resource": {"type": "object"}, "request": request},
    }
    return {
        "type": "object",
        "required": ["resourceType", "type"],
        "properties": {
            "resourceType": {"const": "Bundle"},
            "type": {"enum": list(KINDS)},
            "entry": {"type": "array", "maxItems": max_entries, "items": entry},
        },
    }


def _answer() -> Part:
    kinds = [f"{kind}-response" for kind in KINDS]
    return {"allOf": [schema("Bundle"), {"properties": {"type": {"enum": kinds}}}]}
