"""The sweep: what is past due becomes a fact of the referral, and the feed announces it.

Nothing is ever closed silently (domain section 3). Any number of workers may sweep: a version's
number says who was first.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from app.interactions import Hub
from app.interactions.records import Records
from app.model.access.client import STAFF, Client
from app.model.audit.trail import Act, Trail
from app.model.conflicts import VersionConflict
from app.model.query import parse
from app.model.version import Version, following
from app.rules.business_days import day_of
from app.rules.referrals.dates import STEPS, Step, overdue

KIND, BY = "Referral", "hub:worker"
PAGE = 100
PARAMETER = {
    "acknowledgeBy": "acknowledge-by",
    "acceptBy": "accept-by",
    "firstContactBy": "first-contact-by",
    "closeBy": "close-by",
    "reviewBy": "review-by",
}
"""Element → the search parameter of the day by which a step is due."""


def sweep(hub: Hub, is_over: Callable[[], bool] = lambda: False) -> int:
    """Mark the referrals with a step that is past due; return how many versions that made.

    It ends early when `is_over` says so. Raises Unavailable; what was marked stays marked, and the
    next sweep goes on from there.
    """
    today, made = day_of(hub.now()), 0
    for former in (each for step in STEPS for each in _late(hub, step, today)):
        if is_over():
            break
        made += _mark(hub, former, today)
    return made


def _late(hub: Hub, step: Step, today: date) -> Iterator[Version]:
    """Yield the referrals whose step may be past due and that do not say so."""
    kind = hub.registry.types.get(KIND)
    if kind is None:
        return
    asked = [
        ("status", ",".join(step.statuses)),
        (PARAMETER[step.due], f"lt{today}"),
        ("overdue:not", step.code),
    ]
    query = parse(kind, [*asked, ("_count", str(PAGE))], max_count=PAGE)
    while True:
        found = hub.store.search(query)
        yield from found.versions
        if found.next is None:
            return
        query = query.at(found.next)


def _mark(hub: Hub, former: Version, today: date) -> bool:
    """Whether a version was written that names the steps that are past due."""
    late = overdue(former.resource, today)
    if not set(late).difference(former.resource.get("overdue", ())):
        return False
    return _commit(hub, former, late)


def _commit(hub: Hub, former: Version, late: Sequence[str]) -> bool:
    """Append the version with its audit; not when somebody else wrote in between."""
    meta = {**former.resource.get("meta", {}), "source": BY}
    body = {**former.resource, "meta": meta, "overdue": [*late]}
    version = following(former, former.key, hub.now(), BY, body)
    trail = Trail(client=BY)
    client = Client(BY, frozenset({STAFF}), trail=trail)
    Records(hub, client, Act("update", KIND)).follow([version])
    try:
        hub.store.commit([version], audit=trail.events(hub.now, hub.new_id))
    except VersionConflict:
        return False
    return True
