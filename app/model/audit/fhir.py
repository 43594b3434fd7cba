"""Audit events as FHIR AuditEvent resources, and what the capability statement says of them.

https://hl7.org/fhir/R4/auditevent.html, shaped after IHE Basic Audit Log Patterns
(https://profiles.ihe.net/ITI/BALP/); what FHIR has no place for is in extensions of the hub.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from app.model.audit.event import SUCCESS, AuditEvent, unversioned
from app.model.audit.query import OUTCOMES, PATIENT, action, outcome
from app.model.codec import Resource
from app.model.query import CURSOR
from app.model.version import instant

DISCLOSURES = "https://hub.wioa.example/operations/disclosures"
EXTENSION = "https://hub.wioa.example/extensions/audit"
INTERACTIONS = "http://hl7.org/fhir/restful-interaction"
OPERATIONS = "https://hub.wioa.example/codes/operation"
PURPOSES = "https://hub.wioa.example/codes/purpose-of-use"
LABELS = "https://hub.wioa.example/codes/sensitivity"
AGENTS = "https://hub.wioa.example/codes/audit-agent"
REST = {
    "system": "http://terminology.hl7.org/CodeSystem/audit-event-type",
    "code": "rest",
    "display": "RESTful Operation",
}
LOGIN = {
    "system": "http://dicom.nema.org/resources/ontology/DCM",
    "code": "110114",
    "display": "User Authentication",
}
ROLE = {
    "system": "http://terminology.hl7.org/CodeSystem/object-role",
    "code": "1",
    "display": "Patient",
}
"""The person that an event is about; a participant, in the words of the hub."""
AUTHENTICATE = "authenticate"
_RESTFUL = frozenset({
    "read", "vread", "update", "patch", "delete", "history", "history-instance", "history-type",
    "history-system", "create", "search", "search-type", "search-system", "capabilities",
    "transaction", "batch", "operation",
})  # fmt: skip


def resource(event: AuditEvent) -> Resource:
    """Return an event as an AuditEvent."""
    found: Resource = {
        "resourceType": "AuditEvent",
        "id": event.id,
        "extension": list(_extensions(event)),
        "type": LOGIN if event.interaction == AUTHENTICATE else REST,
        "subtype": [_subtype(event.interaction)],
        "action": action(event.interaction),
        "recorded": instant(event.at),
        "outcome": outcome(event),
    }
    if event.outcome != SUCCESS:
        found["outcomeDesc"] = event.outcome
    if event.purpose:
        found["purposeOfEvent"] = [{"coding": [_coding(PURPOSES, event.purpose)]}]
    found["agent"] = list(_agents(event))
    found["source"] = {"observer": {"display": "WIOA Hub"}}
    entities = list(_entities(event))
    return {**found, "entity": entities} if entities else found


def searchset(
    base: str, address: str, events: Sequence[AuditEvent], following: str | None
) -> Resource:
    """Return a page of events as a Bundle; `address` asks for it below the `base` URL."""
    links = [{"relation": "self", "url": f"{base}/{address}"}]
    if following is not None:
        joint = "&" if "?" in address else "?"
        url = f"{base}/{address}{joint}{CURSOR}={quote(following)}"
        links.append({"relation": "next", "url": url})
    entries = [
        {
            "fullUrl": f"{base}/AuditEvent/{each.id}",
            "resource": resource(each),
            "search": {"mode": "match"},
        }
        for each in events
    ]
    found: Resource = {"resourceType": "Bundle", "type": "searchset", "link": links}
    return {**found, "entry": entries} if entries else found


def capability() -> Resource:
    """Return what the capability statement says of the audit trail."""
    names = {
        "date": ("date", "When it happened."),
        "agent": ("token", "Id of the client, or Partner/id."),
        "entity": ("reference", "A resource that was touched, Type/id."),
        "patient": ("reference", f"A participant whose facts were touched, {PATIENT}/id."),
        "action": ("token", "C, R, U, D or E."),
        "outcome": ("token", ", ".join(f"{code} {text}" for code, text in OUTCOMES.items()) + "."),
        "purpose": ("token", "Purpose of use."),
    }
    return {
        "type": "AuditEvent",
        "profile": "http://hl7.org/fhir/StructureDefinition/AuditEvent",
        "documentation": "What was done, by whom and why; for those with the scope hub/audit.",
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "no-version",
        "searchParam": [
            {"name": name, "type": kind, "documentation": text}
            for name, (kind, text) in names.items()
        ],
    }


def _subtype(interaction: str) -> Resource:
    return _coding(INTERACTIONS if interaction in _RESTFUL else OPERATIONS, interaction)


def _extensions(event: AuditEvent) -> Iterator[Resource]:
    yield {"url": f"{EXTENSION}-request", "valueString": event.request}
    for each in event.basis:
        yield {"url": f"{EXTENSION}-basis", "valueString": each}
    for each in event.owners:
        yield {"url": f"{EXTENSION}-owner", "valueReference": {"reference": each}}
    told: dict[str, Any] = {
        "status": event.status or None,
        "method": event.method,
        "route": event.route,
        "query": event.query,
        "type": event.type,
    }
    for name, value in told.items():
        if value is not None:
            kind = "valueInteger" if isinstance(value, int) else "valueString"
            yield {"url": f"{EXTENSION}-{name}", kind: value}


def _agents(event: AuditEvent) -> Iterator[Resource]:
    """Yield the client, which asked, and those it asked for; somebody unknown is an agent too."""
    client = {"identifier": {"value": event.client}} if event.client else {"display": "unknown"}
    yield {"type": _agent("client"), "who": client, "requestor": True}
    for name, reference in (("partner", event.partner), ("agency", event.agency)):
        if reference:
            yield {"type": _agent(name), "who": {"reference": reference}, "requestor": False}
    if event.staff:
        who = {"identifier": {"value": event.staff}}
        yield {"type": _agent("staff"), "who": who, "requestor": False}


def _entities(event: AuditEvent) -> Iterator[Resource]:
    labels = [_coding(LABELS, each) for each in event.labels]
    marks = {"securityLabel": labels} if labels else {}
    shown = {unversioned(name) for name in event.resources}
    for each in event.resources:
        yield {"what": {"reference": _versioned(each)}, **marks}
    for each in event.participants:
        if f"{PATIENT}/{each}" not in shown:
            yield {"what": {"reference": f"{PATIENT}/{each}"}, "role": ROLE, **marks}


def _versioned(name: str) -> str:
    """Return `Type/id/n` as FHIR refers to a version, `Type/id` as it is."""
    known = unversioned(name)
    return name if name == known else f"{known}/_history{name.removeprefix(known)}"


def _agent(code: str) -> Resource:
    return {"coding": [_coding(AGENTS, code)]}


def _coding(system: str, code: str) -> Resource:
    return {"system": system, "code": code}
