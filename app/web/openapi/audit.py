"""The audit trail in the OpenAPI document."""

from collections.abc import Iterator
from typing import Any

from app.model.access.purpose import PURPOSES
from app.model.audit.query import ACTIONS, EXECUTE, OUTCOMES
from app.web.openapi.parts import Part, refusals, response, schema

TEXT: Part = {"type": "string"}
TAG = "Audit"
ABOUT = "Who did what, and why; for clients with the scope `hub/audit`."


def paths(base: str) -> Iterator[tuple[str, Part]]:
    """Yield (path, operations by method) of the audit trail below `base`."""
    yield f"{base}/AuditEvent", {"get": _search()}
    yield f"{base}/AuditEvent/{{id}}", {"get": _read()}
    yield f"{base}/ParticipantProfile/{{id}}/$disclosures", {"get": _disclosures()}


def _search() -> Part:
    found = {"200": response("A page of events, newest first.", schema("Bundle")), **refusals()}
    operation = _operation("search-type-AuditEvent", "Search the audit trail", found)
    actions = sorted({*ACTIONS.values(), EXECUTE})
    operation["parameters"] = [
        _query("date", "When, with a prefix eq, ge, gt, le or lt.", TEXT),
        _query("agent", "Id of the client, or Partner/id.", TEXT),
        _query("entity", "A resource that was touched, Type/id.", TEXT),
        _query("patient", "A participant, ParticipantProfile/id.", TEXT),
        _query("action", "What was done.", _one_of(actions)),
        _query("outcome", "How it went: done, refused, failed.", _one_of(OUTCOMES)),
        _query("purpose", "Why it was done.", _one_of(PURPOSES)),
        "_count-history",
        "_cursor",
        "_format",
    ]
    return operation


def _read() -> Part:
    found = {"200": response("The event.", schema("AuditEvent")), **refusals()}
    return {**_operation("read-AuditEvent", "Read an event", found), "parameters": IDENTIFIED}


def _disclosures() -> Part:
    found = {"200": response("The account.", schema("Answers")), **refusals()}
    summary = "To whom facts about a participant were given, when and why"
    operation = _operation("disclosures", summary, found)
    bounds = [
        _query("start", "The first day or moment.", TEXT),
        _query("end", "The last day or moment.", TEXT),
    ]
    return {**operation, "parameters": [*IDENTIFIED, *bounds]}


IDENTIFIED = ["id", "_format"]


def _operation(name: str, summary: str, responses: Part) -> dict[str, Any]:
    return {"operationId": name, "tags": [TAG], "summary": summary, "responses": responses}


def _query(name: str, description: str, body: Part) -> Part:
    return {"name": name, "in": "query", "description": description, "schema": body}


def _one_of(values: Any) -> Part:
    return {"type": "string", "enum": list(values)}
