"""One line of the audit trail: who did what to whose facts, when, why, and with what outcome.

The content asked for by 20 CFR 603.9(b), 34 CFR 99.32 and NIST SP 800-53 AU-3; never the facts
themselves. https://hl7.org/fhir/R4/auditevent.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import orjson

from app.model.version import instant

SUCCESS = "success"
"""The outcome of what was done; any other outcome is the detail code of the refusal."""


@dataclass(frozen=True, kw_only=True)
class AuditEvent:
    """What one request did; references are relative, and what does not apply is None or empty.

    `request` is the correlation id, `interaction` a FHIR interaction code, an operation or
    `authenticate`. `resources` are `Type/id/n` or `Type/id`, `participants` the ids of those they
    are about, `owners` the agencies (`Agency/x`) whose rows were touched, `labels` the sensitivity
    labels returned, `basis` the grounds of access, `query` a keyed hash of the canonical query, and
    `status`, `method` and `route` those of HTTP; the route is the pattern, never the address.
    `about` and `held_by` tell of each of `resources` in turn the participant it is about and the
    agencies that hold it, separated by spaces; empty where there is none. Only with them can an
    agency see its own part of an event that touched the rows of several.
    """

    id: str
    at: datetime
    request: str
    interaction: str
    client: str | None = None
    partner: str | None = None
    agency: str | None = None
    staff: str | None = None
    purpose: str | None = None
    type: str | None = None
    resources: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    outcome: str = SUCCESS
    query: str | None = None
    status: int = 0
    method: str | None = None
    route: str | None = None
    about: tuple[str, ...] = ()
    held_by: tuple[str, ...] = ()


def plain(event: AuditEvent) -> dict[str, Any]:
    """Return an event as JSON values, without what does not apply."""
    found = {each.name: getattr(event, each.name) for each in fields(event)}
    kept = {name: value for name, value in found.items() if value is not None and value != ()}
    lists = {name: list(value) for name, value in kept.items() if isinstance(value, tuple)}
    return {**kept, **lists, "at": instant(event.at)}


def unversioned(name: str) -> str:
    """Return `Type/id` of a resource or of a version, `Type/id/n`."""
    return "/".join(name.split("/")[:2])


def canonical(value: Mapping[str, Any]) -> bytes:
    """Return the one spelling of a JSON object.

    As RFC 8785, for the strings, whole numbers and lists under ASCII names that the trail is of. A
    value of another kind can only have been put into the database by somebody else; it is spelt so
    that it equals no JSON value.
    """
    options = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME
    return orjson.dumps(value, default=_foreign, option=options)


def _foreign(value: object) -> dict[str, str]:
    return {"not-json": repr(value)}
