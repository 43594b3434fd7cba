"""FHIR create, update, patch and delete, plain and conditional.

Each plans without side effects and commits once; when another write came in between, it plans
again. https://hl7.org/fhir/R4/http.html#update
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from app.interactions import Hub
from app.interactions.effects import spread
from app.interactions.facts import LiveFacts
from app.interactions.plan import Plan
from app.interactions.records import Records, begin
from app.interactions.secret_questions import counted
from app.interactions.settling import Written, settle
from app.interactions.view import View
from app.interactions.writer import Writer, refuse_deletion
from app.model.access.client import Client
from app.model.codec import Resource
from app.model.conflicts import MultipleMatches, VersionConflict
from app.model.errors import BadParameter, NotFound
from app.model.precondition import Precondition
from app.model.query import Pairs, Query, parse
from app.model.receipt import Once
from app.model.version import Key, Version

Change = Callable[[Resource], Resource]


@dataclass(frozen=True)
class Target:
    """What a request names: one resource by its key, or of a type the one that matches criteria."""

    type: str
    id: str | None = None
    criteria: Pairs = ()

    @property
    def key(self) -> Key | None:
        """The key, None when criteria name the resource."""
        return Key(self.type, self.id) if self.id is not None else None


def create(
    hub: Hub, client: Client, target: Target, body: Resource, once: Once | None = None
) -> Written:
    """Store a new resource; with criteria only if nothing matches, else return what does.

    Raises Invalid with every fault of the body, ReferenceMissing, Duplicate for a taken key,
    MultipleMatches, and KeyReused.
    """
    records = begin(hub, client, "create", target.type)
    records.decide("create", target.type)
    key = Key(target.type, hub.new_id())

    def plan(writer: Writer) -> Plan:
        if not target.criteria:
            return writer.create(key, body)
        query, found = match(records, target)
        return Plan("existing", found) if found else writer.create(key, body, (query,))

    return _settled(records, plan, once)


def update(  # noqa: PLR0913, PLR0917 - who, where, what, on which condition, under which key
    hub: Hub,
    client: Client,
    target: Target,
    body: Resource,
    if_match: Precondition | None = None,
    once: Once | None = None,
) -> Written:
    """Store the next version of what `target` names; see `Writer.update` for what it raises.

    Criteria that match nothing create the resource (FHIR conditional update).
    """
    records = begin(hub, client, "update", target.type)
    records.decide("update", target.type)

    def plan(writer: Writer) -> Plan:
        if target.key:
            return writer.update(target.key, body, if_match)
        query, found = match(records, target)
        if found:
            return writer.update(found.key, body, if_match)
        if if_match is not None:
            raise VersionConflict("Nothing matches the criteria, so no version matches.")
        records.decide("create", target.type)
        return writer.create(Key(target.type, hub.new_id()), body, (query,))

    return _settled(records, plan, once)


def patch(  # noqa: PLR0913, PLR0917 - who, where, what, on which condition, under which key
    hub: Hub,
    client: Client,
    target: Target,
    change: Change,
    if_match: Precondition | None = None,
    once: Once | None = None,
) -> Written:
    """Store what `change` makes of the resource; raise NotFound when criteria match nothing."""
    records = begin(hub, client, "patch", target.type)
    records.decide("patch", target.type)

    def plan(writer: Writer) -> Plan:
        key = target.key
        if key is None:
            _, found = match(records, target)
            if found is None:
                raise NotFound(f"No {target.type} matches the criteria.")
            key = found.key
        return writer.patch(key, change, if_match)

    return _settled(records, plan, once)


def delete(
    hub: Hub,
    client: Client,
    target: Target,
    if_match: Precondition | None = None,
    once: Once | None = None,
) -> Version | None:
    """Record the deletion and return its version; None when nothing was left to delete.

    Raises StillReferenced while other resources refer to it, NotAllowed for a lookup, NotFound
    when it never was.
    """
    records = begin(hub, client, "delete", target.type)
    records.decide("delete", target.type)
    refuse_deletion(hub, target.type)
    if target.key is None and match(records, target)[1] is None:
        return None

    def plan(writer: Writer) -> Plan:
        found = target.key or _matched_key(records, target)
        return writer.delete(found, if_match)

    written = _settled(records, plan, once)
    return None if written.outcome == "gone" else written.version


def match(records: Records, target: Target) -> tuple[Query, Version | None]:
    """Return the query that criteria make and the one resource that matches, if there is one.

    Only what the client may see can match. Raises MultipleMatches for several, BadParameter for
    criteria that are unknown or say nothing.
    """
    view, hub = View(records, "search-type", target.type), records.hub
    query = parse(hub.registry.type(target.type), target.criteria, max_count=hub.max_count)
    if not query.clauses:
        raise BadParameter("Criteria must narrow the search; these match everything.")
    found = view.matches(replace(query, count=2, sort=(), position=None))
    if len(found) > 1:
        raise MultipleMatches(f"Several resources of type {target.type} match the criteria.")
    return view.certain(query), found[0] if found else None


def _matched_key(records: Records, target: Target) -> Key:
    _, found = match(records, target)
    if found is None:
        raise NotFound(f"No {target.type} matches the criteria.")
    return found.key


def _settled(records: Records, plan: Callable[[Writer], Plan], once: Once | None) -> Written:
    """Plan and commit a write with all that follows from it, made anew when it has to be."""

    def made() -> Plan:
        facts = LiveFacts(records)
        return spread(records, facts, plan(Writer(records, facts)))

    with counted(records):
        return settle(records, made, once)
