"""Searches of the audit trail: a closed list of parameters, newest first, page by page.

FHIR R4 AuditEvent: https://hl7.org/fhir/R4/auditevent.html#search; `purpose` is the hub's own.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Self
from urllib.parse import urlencode

from app.model.access.purpose import PURPOSES
from app.model.audit.event import SUCCESS, AuditEvent
from app.model.dates import interval
from app.model.errors import BadParameter
from app.model.query import CURSOR, TOLERATED

ONCE = ("agent", "entity", "patient", "action", "outcome", "purpose", "_count", CURSOR)
KNOWN = ("date", *ONCE)
DEFAULT_COUNT = 20
PATIENT = "ParticipantProfile"

ACTIONS = {
    "create": "C", "read": "R", "vread": "R", "update": "U", "patch": "U", "delete": "D",
    "history-instance": "R", "history-type": "R", "history-system": "R", "changes": "R",
}  # fmt: skip
"""FHIR interaction → https://hl7.org/fhir/R4/valueset-audit-event-action.html; others execute."""
EXECUTE = "E"
OUTCOMES = {"0": "Success", "4": "Refused", "8": "Failed"}
"""https://hl7.org/fhir/R4/valueset-audit-event-outcome.html: 8 is a fault of the hub itself."""
FAILED = 500
"""The least HTTP status that says a fault of the hub."""

_COUNT = re.compile(r"[1-9][0-9]{0,8}\Z")
_ENTITY = re.compile(r"[A-Z][A-Za-z]*/[A-Za-z0-9\-.]{1,64}\Z")
_AGENT = re.compile(r"(Partner/)?[A-Za-z0-9\-._:]{1,128}\Z")
_DATE = re.compile(r"(eq|ge|gt|le|lt)?(\d.*)\Z", re.ASCII)


@dataclass(frozen=True)
class AuditQuery:
    """What is asked of the trail; `start` and `end` bound `at`, in milliseconds since 1970.

    `owner` bounds the answer to events that touched rows of an agency, `before` is the id of the
    last event of the page before, and `at` the moment of asking, where the search begins.
    """

    start: int | None = None
    end: int | None = None
    agent: str | None = None
    entity: str | None = None
    participant: str | None = None
    action: str | None = None
    outcome: str | None = None
    purpose: str | None = None
    owner: str | None = None
    count: int = DEFAULT_COUNT
    before: str | None = None
    at: datetime | None = None
    cursor: str | None = None
    pairs: tuple[tuple[str, str], ...] = ()

    @cached_property
    def canonical(self) -> str:
        """The query string that asks the same from the first page on."""
        return urlencode(self.pairs)

    def after(self, id: str) -> Self:
        """Return the query of the page that follows the event of that id."""
        return replace(self, before=id)


@dataclass(frozen=True)
class AuditFound:
    """One page of events, newest first; `next` is the id to go on after, None at the end."""

    events: list[AuditEvent]
    next: str | None


def parse(pairs: Sequence[tuple[str, str]], max_count: int) -> AuditQuery:
    """Return the query of decoded pairs; raise BadParameter for what is not understood."""
    asked = [(name, text) for name, text in pairs if name not in TOLERATED]
    said = dict(asked)
    for name, _ in asked:
        if name not in KNOWN:
            raise BadParameter("There is no such parameter here.", name, allowed=KNOWN)
        if name in ONCE and sum(each == name for each, _ in asked) > 1:
            raise BadParameter("This parameter is given once at most.", name)
    start, end = period([text for name, text in asked if name == "date"])
    count = min(int(_read(said, "_count", _COUNT) or DEFAULT_COUNT), max_count)
    kept = [(name, text) for name, text in asked if name not in ("_count", CURSOR)]
    return AuditQuery(
        start=start,
        end=end,
        agent=_read(said, "agent", _AGENT),
        entity=_read(said, "entity", _ENTITY),
        participant=participant(said["patient"]) if "patient" in said else None,
        action=_one_of(said, "action", {*ACTIONS.values(), EXECUTE}),
        outcome=_one_of(said, "outcome", OUTCOMES),
        purpose=_one_of(said, "purpose", PURPOSES),
        count=count,
        cursor=said.get(CURSOR),
        pairs=(*sorted(kept), ("_count", str(count))),
    )


def period(dates: Sequence[str], name: str = "date") -> tuple[int | None, int | None]:
    """Return the first millisecond that all dates allow and the first that they do not.

    Each may have a prefix eq, ge, gt, le or lt; raise BadParameter for what is no date.
    """
    starts: list[int] = []
    ends: list[int] = []
    for text in dates:
        match = _DATE.match(text)
        try:
            first, after = interval(match[2] if match else "")
        except ValueError:
            raise BadParameter("A date, with a prefix eq, ge, gt, le or lt.", name) from None
        prefix = (match[1] if match else None) or "eq"
        starts += {"eq": [first], "ge": [first], "gt": [after]}.get(prefix, [])
        ends += {"eq": [after], "le": [after], "lt": [first]}.get(prefix, [])
    return max(starts, default=None), min(ends, default=None)


def participant(text: str) -> str:
    """Return the id of a participant given as `ParticipantProfile/id`, or as the id alone."""
    reference = text if "/" in text else f"{PATIENT}/{text}"
    if not _ENTITY.match(reference) or not reference.startswith(f"{PATIENT}/"):
        raise BadParameter(f"Name a participant as {PATIENT}/id.", "patient")
    return reference.partition("/")[2]


def action(interaction: str) -> str:
    """Return the action code of an interaction."""
    return ACTIONS.get(interaction, EXECUTE)


def outcome(event: AuditEvent) -> str:
    """Return the outcome code: success, refused, or failed by a fault of the hub."""
    if event.status >= FAILED:
        return "8"
    return "0" if event.outcome == SUCCESS else "4"


def _read(said: dict[str, str], name: str, form: re.Pattern[str]) -> str | None:
    text = said.get(name)
    if text is not None and not form.match(text):
        raise BadParameter("This value is not well formed.", name)
    return text


def _one_of(said: dict[str, str], name: str, allowed: Iterable[str]) -> str | None:
    text = said.get(name)
    codes = sorted(allowed)
    if text is not None and text not in codes:
        raise BadParameter("This is not one of the codes.", name, allowed=tuple(codes))
    return text
