"""The schemas of what is no resource type: Bundle, OperationOutcome, token, catalog and such.

FHIR R4: https://hl7.org/fhir/R4/bundle.html, https://hl7.org/fhir/R4/operationoutcome.html
"""

from typing import Any

from app.model.bundle_request import KINDS
from app.model.patch import MAX_OPERATIONS
from app.web.openapi.parts import Part, schema

TEXT = {"type": "string"}
COUNT = {"type": "integer", "minimum": 0}


def envelopes() -> dict[str, Part]:
    """Return the schemas by component name."""
    return {
        "OperationOutcome": _outcome(),
        "Bundle": _bundle(),
        "Parameters": _parameters(),
        "Answers": _resource("Parameters", "parameter"),
        "AuditEvent": _resource("AuditEvent", "id", "type", "recorded", "agent", "source"),
        "JsonPatch": _json_patch(),
        "CapabilityStatement": _resource("CapabilityStatement", "status", "kind", "rest"),
        "AccessToken": _closed(
            access_token=TEXT, token_type={"const": "bearer"}, expires_in=COUNT, scope=TEXT
        ),
        "OAuthError": _closed(error=TEXT, error_description=TEXT),
        "TokenRequest": _token_request(),
        "Status": _closed(status={"enum": ["up", "ready", "unavailable"]}),
        "Catalog": _closed(schemas={"type": "array", "items": {"type": "object"}}),
        "JsonWebKeySet": _closed(keys={"type": "array", "items": {"type": "object"}}),
    }


def bundle_of(kind: str, name: str) -> Part:
    """Return the schema of a Bundle of one type (`searchset`, `history`) whose resources are whole.

    A page asked for with `_elements` holds parts, marked SUBSETTED as FHIR does; what a page brings
    along may be of any type.
    """
    subsetted = {"properties": {"code": {"const": "SUBSETTED"}}, "required": ["code"]}
    marked = {
        "properties": {
            "meta": {"properties": {"tag": {"contains": subsetted}}, "required": ["tag"]}
        },
        "required": ["meta"],
    }
    resource = {"if": marked, "else": schema(name)}
    mode = {"properties": {"mode": {"const": "include"}}, "required": ["mode"]}
    brought = {"properties": {"search": mode}, "required": ["search"]}
    entry = {"if": brought, "else": {"properties": {"resource": resource}}}
    return {
        "allOf": [
            schema("Bundle"),
            {"properties": {"type": {"const": kind}, "entry": {"items": entry}}},
        ]
    }


def _outcome() -> Part:
    extension = _closed(("url",), url=TEXT, valueString=TEXT, valueBoolean={"type": "boolean"})
    coding = _closed(system=TEXT, code=TEXT)
    issue = _closed(
        ("severity", "code", "details", "diagnostics"),
        severity={"enum": ["fatal", "error", "warning", "information"]},
        code=TEXT,
        details=_closed(coding={"type": "array", "items": coding}),
        diagnostics=TEXT,
        extension={"type": "array", "items": extension},
        expression={"type": "array", "items": TEXT},
    )
    return {
        **_resource("OperationOutcome", "id", "issue"),
        "description": "Every refusal: what is wrong, where, and whether trying again can help.",
        "properties": {
            "resourceType": {"const": "OperationOutcome"},
            "id": {"type": "string", "description": "Correlation id, also in the hub's log."},
            "issue": {"type": "array", "minItems": 1, "items": issue},
        },
    }


def _bundle() -> Part:
    link = _closed(relation=TEXT, url=TEXT)
    entry = {
        "type": "object",
        "properties": {
            "fullUrl": TEXT,
            "resource": {"type": "object", "required": ["resourceType"]},
            "search": {"type": "object"},
            "request": {"type": "object", "required": ["method", "url"]},
            "response": {"type": "object", "required": ["status"]},
        },
    }
    return {
        **_resource("Bundle", "type"),
        "properties": {
            "resourceType": {"const": "Bundle"},
            "type": {"enum": ["searchset", "history", *(f"{kind}-response" for kind in KINDS)]},
            "total": COUNT,
            "link": {"type": "array", "items": link},
            "entry": {"type": "array", "items": entry},
        },
    }


def _parameters() -> Part:
    given = {
        "type": "object",
        "required": ["name", "resource"],
        "properties": {"name": {"const": "resource"}, "resource": {"type": "object"}},
    }
    return {
        **_resource("Parameters", "parameter"),
        "properties": {
            "resourceType": {"const": "Parameters"},
            "parameter": {"type": "array", "minItems": 1, "items": given},
        },
    }


def _json_patch() -> Part:
    change = {
        "type": "object",
        "required": ["op", "path"],
        "properties": {
            "op": {"enum": ["add", "remove", "replace", "move", "copy", "test"]},
            "path": {"type": "string", "pattern": "^/"},
            "from": TEXT,
        },
    }
    return {"type": "array", "maxItems": MAX_OPERATIONS, "items": change}


def _token_request() -> Part:
    return {
        "type": "object",
        "required": ["grant_type"],
        "properties": {
            "grant_type": {"const": "client_credentials"},
            "scope": {"type": "string", "description": "Space-separated; all allowed without."},
            "client_id": {"type": "string", "description": "Unless sent by HTTP Basic."},
            "client_secret": {"type": "string", "description": "Unless sent by HTTP Basic."},
            "client_assertion_type": {
                "const": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
            },
            "client_assertion": {
                "type": "string",
                "description": "A JWT signed by the client, instead of a secret (RFC 7523).",
            },
        },
    }


def _resource(name: str, *required: str) -> Part:
    return {
        "type": "object",
        "required": ["resourceType", *required],
        "properties": {"resourceType": {"const": name}},
    }


def _closed(required: tuple[str, ...] = (), **properties: Any) -> Part:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required or properties),
        "properties": properties,
    }
