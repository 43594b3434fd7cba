"""The sweep for exits: known 90 days after the last service and dated back to it.

20 CFR 677.150(c). Any number of workers may sweep: a version's number says who was first.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

from app.interactions import Hub
from app.interactions.facts import LiveFacts
from app.interactions.records import Records
from app.model.access.client import STAFF, Client
from app.model.audit.trail import Act, Trail
from app.model.conflicts import VersionConflict
from app.model.query import parse
from app.model.version import Key, Version, following
from app.rules.business_days import day_of
from app.rules.participation.participation import GAP, last_service
from app.rules.participation.period import ENROLLMENT, changed, together

BY = "hub:worker"
PAGE = 100


def sweep(hub: Hub, is_over: Callable[[], bool] = lambda: False) -> int:
    """Write the exits that are known by now; return how many versions that made.

    It ends early when `is_over` says so. Raises Unavailable; what was written stays written, and
    the next sweep goes on from there.
    """
    made, seen = 0, set[str]()
    for each in _ended(hub):
        if is_over():
            break
        if str(each.key) not in seen:
            made += _exit(hub, each, seen)
    return made


def _ended(hub: Hub) -> Iterator[Version]:
    """Yield the enrollments of periods without an exit whose last service is 90 days past.

    The last day of service may be long before the end that was recorded.
    """
    kind = hub.registry.types.get(ENROLLMENT)
    if kind is None:
        return
    latest = day_of(hub.now()) - timedelta(days=GAP + 1)
    asked = [(f"{each}:missing", "false") for each in ("end-date", "period")]
    asked += [("program-exit-date:missing", "true"), ("_count", str(PAGE))]
    query = parse(kind, asked, max_count=PAGE)
    while True:
        found = hub.store.search(query)
        ends = ((each, last_service(each.resource)) for each in found.versions)
        yield from (each for each, last in ends if last is not None and last <= latest)
        if found.next is None:
            return
        query = query.at(found.next)


def _exit(hub: Hub, ended: Version, seen: set[str]) -> int:
    """Write what is new in the periods of a person's programs; note in `seen` whose they are."""
    trail = Trail(client=BY)
    client = Client(BY, frozenset({STAFF}), trail=trail)
    records = Records(hub, client, Act("update", ENROLLMENT))
    facts = LiveFacts(records)
    rows = together(ended.resource, str(ended.key), facts)
    seen.update(rows)
    versions = []
    for name, body in changed(rows, facts):
        key = Key.parse(name)
        signed = {**body, "meta": {**body.get("meta", {}), "source": BY}}
        versions.append(following(facts.version(key), key, hub.now(), BY, signed))
    if not versions:
        return 0
    records.follow(versions)
    try:
        hub.store.commit(versions, audit=trail.events(hub.now, hub.new_id))
    except VersionConflict:
        return 0
    return len(versions)
