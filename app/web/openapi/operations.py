"""The operations in the OpenAPI document, made from their signatures."""

from collections.abc import Iterable, Iterator
from typing import Any

from app.model.operation import MOST_INPUTS, Input, Signature
from app.web.openapi.parts import Part, content, refusals, response, schema

WRITTEN = ("ETag", "Last-Modified", "Location", "Idempotent-Replayed")
MOST = 999_999_999
PRIMITIVES = {"integer": "integer", "decimal": "number", "boolean": "boolean"}


def paths(signatures: Iterable[Signature], base: str) -> Iterator[tuple[str, Part]]:
    """Yield (path, operations by method) of all operations below `base`."""
    for each in signatures:
        yield f"{base}/{each.path}", {each.method.lower(): _operation(each)}


def _operation(signature: Signature) -> Part:
    # Of two operations of one name, such as on a type and on one resource, each has its own id.
    name = f"{signature.name}-{signature.kind}"
    shared = ["id"] if signature.is_on_instance else []
    found: dict[str, Any] = {
        "operationId": name,
        "tags": [signature.kind],
        "summary": signature.summary,
        "responses": _responses(signature),
    }
    if signature.method == "GET":
        asked = [_query(each) for each in signature.inputs]
        return {**found, "parameters": [*shared, *asked, "_format"]}
    keyed = ["Idempotency-Key"] if signature.writes else []
    body = {"required": True, "description": _told(signature), "content": content(_body(signature))}
    return {**found, "parameters": [*shared, *keyed, "_format"], "requestBody": body}


def _responses(signature: Signature) -> Part:
    headers = WRITTEN if signature.writes else ()
    name = "Answers" if signature.answers == "Parameters" else signature.answers
    answer = response("What the operation found or did.", schema(name), *headers)
    refused = (409, 410, 412, 413, 415, 422) if signature.method == "POST" else (410, 422)
    return {"200": answer, **refusals(*refused)}


def _query(each: Input) -> Part:
    return {
        "name": each.name,
        "in": "query",
        "required": each.is_required,
        "description": each.text,
        "schema": {"type": "string"} if each.type == "Reference" else _value(each),
    }


def _value(each: Input) -> Part:
    if each.type == "Reference":
        return {
            "type": "object",
            "required": ["reference"],
            "properties": {"reference": {"type": "string"}},
        }
    if each.type == "resource":
        return schema(each.takes) if each.takes else {"type": "object"}
    found: Part = {"type": PRIMITIVES.get(each.type, "string")}
    if each.type == "date":
        found["format"] = "date"
    if each.codes:
        found["enum"] = list(each.codes)
    bounds = {"minimum": each.least, "maximum": MOST if each.type == "integer" else None}
    bounds |= {"maximum": each.most} if each.most is not None else {}
    return found | {name: value for name, value in bounds.items() if value is not None}


def _body(signature: Signature) -> Part:
    """Return the schema of a body: Parameters, or the one resource that it takes by itself."""
    whole = [each.takes for each in signature.inputs if each.type == "resource" and each.takes]
    told = _parameters(signature)
    return {"anyOf": [told, schema(whole[0])]} if len(whole) == 1 else told


def _parameters(signature: Signature) -> Part:
    envelope = {"resourceType": {"const": "Parameters"}}
    if not signature.inputs:
        nothing = {"type": "array", "maxItems": 0}
        return _object(["resourceType"], {**envelope, "parameter": nothing})
    said = [_parameter(each) for each in signature.inputs]
    needed = [{"contains": _named(each)} for each in signature.inputs if each.is_required]
    most = MOST_INPUTS if any(each.is_many for each in signature.inputs) else len(said)
    given = {"type": "array", "maxItems": most, "items": {"anyOf": said}}
    told = {**given, "allOf": needed} if needed else given
    return _object(["resourceType", "parameter"], {**envelope, "parameter": told})


def _object(required: list[str], properties: Part) -> Part:
    return {"type": "object", "required": required, "properties": properties}


def _parameter(each: Input) -> Part:
    return {
        "type": "object",
        "required": ["name", each.field],
        "properties": {"name": {"const": each.name}, each.field: _value(each)},
    }


def _named(each: Input) -> Part:
    return {"properties": {"name": {"const": each.name}}, "required": ["name"]}


def _told(signature: Signature) -> str:
    said = (
        f"`{each.name}` ({each.type}{', required' if each.is_required else ''}): {each.text}"
        for each in signature.inputs
    )
    return "\n\n".join(("FHIR Parameters.", *said))
