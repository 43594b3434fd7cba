"""FHIR create, update, patch and delete, plain and conditional.

Each plans without side effects and commits once; when another write came in between, it plans
again. https://hl7.org/fhir/R4/http.html#update
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from app.interactions import Hub
from app.interactions.plan import Plan, Writer
from app.model.access import Client, authorize
from app.model.codec import Resource
from app.model.conflicts import AlreadyDone, LostRace, Matched, MultipleMatches, VersionConflict
from app.model.errors import BadParameter, NotFound
from app.model.precondition import Precondition
from app.model.query import Pairs, Query, parse
from app.model.receipt import Once, Receipt
from app.model.version import Key, Version

ATTEMPTS = 8
"""How often a write follows what came in between before it gives up."""
Change = Callable[[Resource], Resource]


@dataclass(frozen=True)
class Written:
    """What a write left: the version and how it came about (the outcomes of a plan).

    `is_replayed` says that it was done before, under the same idempotency key.
    """

    version: Version
    outcome: str
    is_replayed: bool = False


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
    hub.registry.type(target.type)
    authorize(client, "create", target.type)
    writer = Writer(hub, client)
    key = Key(target.type, hub.new_id())

    def plan() -> Plan:
        if not target.criteria:
            return writer.create(key, body)
        query, found = match(hub, client, target)
        return Plan("existing", found) if found else writer.create(key, body, (query,))

    return _settle(hub, plan, once)


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
    hub.registry.type(target.type)
    authorize(client, "update", target.type)
    writer = Writer(hub, client)

    def plan() -> Plan:
        if target.key:
            return writer.update(target.key, body, if_match)
        query, found = match(hub, client, target)
        if found:
            return writer.update(found.key, body, if_match)
        if if_match is not None:
            raise VersionConflict("Nothing matches the criteria, so no version matches.")
        authorize(client, "create", target.type)
        return writer.create(Key(target.type, hub.new_id()), body, (query,))

    return _settle(hub, plan, once)


def patch(  # noqa: PLR0913, PLR0917 - who, where, what, on which condition, under which key
    hub: Hub,
    client: Client,
    target: Target,
    change: Change,
    if_match: Precondition | None = None,
    once: Once | None = None,
) -> Written:
    """Store what `change` makes of the resource; raise NotFound when criteria match nothing."""
    hub.registry.type(target.type)
    authorize(client, "patch", target.type)
    writer = Writer(hub, client)

    def plan() -> Plan:
        key = target.key
        if key is None:
            _, found = match(hub, client, target)
            if found is None:
                raise NotFound(f"No {target.type} matches the criteria.")
            key = found.key
        return writer.patch(key, change, if_match)

    return _settle(hub, plan, once)


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
    hub.registry.type(target.type)
    authorize(client, "delete", target.type)
    writer = Writer(hub, client)
    writer.refuse_deletion(target.type)
    if target.key is None and match(hub, client, target)[1] is None:
        return None

    def plan() -> Plan:
        found = target.key or _matched_key(hub, client, target)
        return writer.delete(found, if_match)

    written = _settle(hub, plan, once)
    return None if written.outcome == "gone" else written.version


def match(hub: Hub, client: Client, target: Target) -> tuple[Query, Version | None]:
    """Return the query that criteria make and the one resource that matches, if there is one.

    Raises MultipleMatches for several, BadParameter for criteria that are unknown or say nothing.
    """
    authorize(client, "search-type", target.type)
    query = parse(hub.registry.type(target.type), target.criteria, max_count=hub.max_count)
    if not query.clauses:
        raise BadParameter("Criteria must narrow the search; these match everything.")
    found = hub.store.search(replace(query, count=2, sort=(), position=None)).versions
    if len(found) > 1:
        raise MultipleMatches(f"Several resources of type {target.type} match the criteria.")
    return query, found[0] if found else None


def _matched_key(hub: Hub, client: Client, target: Target) -> Key:
    _, found = match(hub, client, target)
    if found is None:
        raise NotFound(f"No {target.type} matches the criteria.")
    return found.key


def _settle(hub: Hub, plan: Callable[[], Plan], once: Once | None = None) -> Written:
    """Plan and commit until nobody else comes in between; under a key, do it only once."""
    for _ in range(ATTEMPTS):
        done = _replayed(hub, once) if once else None
        if done:
            return done
        made = plan()
        versions = [made.version] if made.is_new else []
        receipt = _receipt(hub, made, once) if once else None
        if not versions and receipt is None:
            return Written(made.version, made.outcome)
        try:
            hub.store.commit(versions, made.held, absent=made.absent, receipt=receipt)
        except (VersionConflict, Matched, AlreadyDone):
            continue
        return Written(made.version, made.outcome)
    raise LostRace("Others kept writing the same resource; send the request again.")


def _receipt(hub: Hub, made: Plan, once: Once) -> Receipt:
    version = made.version
    return Receipt(once, made.outcome, hub.now(), str(version.key), version.number)


def _replayed(hub: Hub, once: Once) -> Written | None:
    receipt = hub.store.receipt(once.id)
    if receipt is None:
        return None
    receipt.refuse_other(once)
    version = hub.store.vread(Key.parse(receipt.reference), receipt.number)
    return Written(version, receipt.outcome, is_replayed=True) if version else None
