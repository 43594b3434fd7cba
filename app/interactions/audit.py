"""Reading the audit trail: by entitled staff, and by agencies as far as their own facts go.

Reading it is audited like any other reading.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Protocol

from app.interactions import Hub
from app.model.access.client import Client
from app.model.audit.event import AuditEvent, unversioned
from app.model.audit.query import AuditFound, AuditQuery, parse, period
from app.model.audit.trail import Act
from app.model.audit.view import of_agency
from app.model.codec import Resource
from app.model.errors import BadParameter, Forbidden, NotFound, TooCostly
from app.model.query import TOLERATED
from app.reports.disclosures import Account, accounting, parameters

TYPE = "AuditEvent"
SCOPE = "hub/audit"
PERIOD = ("start", "end")
MOST_EVENTS = 10_000
"""Most events that one report looks at."""
PAGE = 200


class AuditTrail(Protocol):
    """What the interactions ask of the audit trail; every method raises Unavailable."""

    def record(self, events: Sequence[AuditEvent]) -> None:
        """Store events for good before returning."""

    def read(self, id: str) -> AuditEvent | None:
        """Return the event of that id."""

    def search(self, query: AuditQuery) -> AuditFound:
        """Return one page of events, newest first."""


@dataclass(frozen=True)
class AuditPage:
    """A page of events and the cursor to go on with, None at the end."""

    query: AuditQuery
    events: list[AuditEvent]
    next: str | None


def search(
    hub: Hub, trail: AuditTrail, client: Client, pairs: Sequence[tuple[str, str]]
) -> AuditPage:
    """Return one page of what the client may see of the trail; `pairs` are decoded parameters.

    Raises Forbidden, and BadParameter for a parameter or cursor that is not understood.
    """
    act = client.trail.begin("search-type", TYPE)
    agency = _entitled(hub, client, act)
    query = replace(parse(pairs, hub.max_count), owner=agency, at=hub.now())
    act.query = sha256(query.canonical.encode()).hexdigest()
    bound = {"client_id": client.id, "query": f"{TYPE}?{query.canonical}"}
    if query.cursor is not None:
        query = query.after(hub.cursors.open(query.cursor, **bound))
    found = trail.search(query)
    events = list(_visible(found.events, query))
    act.resources |= {f"{TYPE}/{each.id}": None for each in events}
    following = hub.cursors.seal(found.next, **bound) if found.next is not None else None
    return AuditPage(query, events, following)


def read(hub: Hub, trail: AuditTrail, client: Client, id: str) -> AuditEvent:
    """Return one event; raise NotFound for one that is not, or is not the client's to see."""
    act = client.trail.begin("read", TYPE)
    agency = _entitled(hub, client, act)
    found = trail.read(id)
    if found is None or (agency is not None and agency not in found.owners):
        raise NotFound(f"There is no {TYPE} with this id.")
    act.resources[f"{TYPE}/{id}"] = None
    return found if agency is None else of_agency(found, agency)


def disclosures(
    hub: Hub,
    trail: AuditTrail,
    client: Client,
    participant: str,
    pairs: Sequence[tuple[str, str]],
) -> Resource:
    """Return, as FHIR Parameters, who was given facts about a participant.

    `pairs` may say `start` and `end`. Raises Forbidden, BadParameter, and TooCostly for a period
    that holds too much.
    """
    act = client.trail.begin("disclosures", "ParticipantProfile")
    agency = _entitled(hub, client, act)
    start, end = _period(pairs)
    act.participants.add(participant)
    query = AuditQuery(start, end, participant=participant, owner=agency, count=PAGE, at=hub.now())
    return parameters(account(trail, query))


def account(trail: AuditTrail, query: AuditQuery) -> Account:
    """Return the disclosures that a query of one participant finds; raise TooCostly."""
    participant = query.participant or ""
    events = list(_visible(_all(trail, query), query))
    return Account(participant, query.owner, accounting(participant, events))


def _entitled(hub: Hub, client: Client, act: Act) -> str | None:
    """Return the agency whose facts the client may ask about, None for all; raise Forbidden."""
    if SCOPE not in client.scopes:
        raise Forbidden(f"No scope of this token allows reading the audit trail; take {SCOPE}.")
    if client.is_staff:
        act.basis.add("staff")
        return None
    party = hub.policies.current().parties.get(client.partner or "")
    if party is None or not party.is_admitted:
        raise Forbidden("Only staff and partners read the audit trail.")
    act.basis.add("own")
    act.owners.add(party.agency)
    return party.agency


def _visible(events: Sequence[AuditEvent], query: AuditQuery) -> Iterator[AuditEvent]:
    """Yield what may be seen of events; an agency finds nothing by what it may not see of them."""
    for each in events:
        seen = each if query.owner is None else of_agency(each, query.owner)
        named = {unversioned(name) for name in seen.resources}
        if query.entity is not None and query.entity not in named:
            continue
        if query.participant is None or query.participant in seen.participants:
            yield seen


def _all(trail: AuditTrail, query: AuditQuery) -> list[AuditEvent]:
    found: list[AuditEvent] = []
    while True:
        page = trail.search(query)
        found += page.events
        if page.next is None:
            return found
        if len(found) >= MOST_EVENTS:
            raise TooCostly(f"There are more than {MOST_EVENTS} events; ask for a shorter period.")
        query = query.after(page.next)


def _period(pairs: Sequence[tuple[str, str]]) -> tuple[int | None, int | None]:
    said: dict[str, str] = {}
    for name, text in pairs:
        if name in said or name not in (*PERIOD, *TOLERATED):
            raise BadParameter("This operation takes start and end, once.", name, allowed=PERIOD)
        said[name] = text
    starts = [f"ge{said['start']}"] if "start" in said else []
    ends = [f"le{said['end']}"] if "end" in said else []
    return period(starts, "start")[0], period(ends, "end")[1]
