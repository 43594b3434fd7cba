"""Load, decide, commit: plans are made anew until nobody else comes in between.

Under an idempotency key what was planned is done only once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.interactions import Hub
from app.interactions.plan import Plan
from app.interactions.records import Records
from app.model.conflicts import AlreadyDone, LostRace, Matched, VersionConflict
from app.model.errors import NotFound
from app.model.receipt import Once, Receipt
from app.model.version import Key, Version

ATTEMPTS = 8
"""How often a write follows what came in between before it gives up."""
OK = 200
STATUS = {"created": 201, "deleted": 204, "gone": 204}
"""The HTTP status of an outcome where it is not OK, for the audit row in the write's own commit."""


@dataclass(frozen=True)
class Written:
    """What a write left: the version and how it came about (the outcomes of a plan).

    `is_replayed` says that it was done before, under the same idempotency key; `answer` is what an
    operation says of it.
    """

    version: Version
    outcome: str
    is_replayed: bool = False
    answer: str = ""


def told(records: Records, version: Version) -> Version:
    """Return what the client sees of a version it wrote or names; raise NotFound for nothing."""
    found = records.seen("read", [version])[0]
    if found is None:
        raise NotFound(f"There is no {version.key.type} with this id.")
    return found


def settle(records: Records, plan: Callable[[], Plan], once: Once | None = None) -> Written:
    """Plan and commit until nobody else comes in between; under a key, do it only once.

    Raises LostRace when others kept writing, KeyReused, and what the plan raises.
    """
    hub, trail = records.hub, records.client.trail
    before = len(trail.acts)
    for _ in range(ATTEMPTS):
        records.act.reset()
        del trail.acts[before:]
        done = _replayed(records, once) if once else None
        if done:
            return done
        made = plan()
        written = Written(told(records, made.version), made.outcome, answer=made.answer)
        records.act.status = STATUS.get(made.outcome, OK)
        receipt = _receipt(hub, made, once) if once else None
        if not made.is_new and receipt is None:
            return written
        records.follow(each.version for each in made.also)
        new = [each for each in (made, *made.also) if each.is_new]
        try:
            commit(records, new, receipt)
        except (VersionConflict, Matched, AlreadyDone):
            continue
        return written
    raise LostRace("Others kept writing the same resource; send the request again.")


def commit(records: Records, new: Sequence[Plan], receipt: Receipt | None) -> None:
    """Append what plans say, with the audit of all acts of the request; raise as the store does."""
    hub, trail = records.hub, records.client.trail
    versions = [each.version for each in new]
    held = {key for each in new for key in each.held}
    absent = [query for each in new for query in each.absent]
    events = trail.events(hub.now, hub.new_id)
    hub.store.commit(versions, held, absent=absent, receipt=receipt, audit=events)
    trail.settle()
    for version in versions:
        hub.policies.notice(version.key.type)


def _receipt(hub: Hub, made: Plan, once: Once) -> Receipt:
    version = made.version
    key, now = str(version.key), hub.now()
    return Receipt(once, made.outcome, now, key, version.number, made.answer)


def _replayed(records: Records, once: Once) -> Written | None:
    store = records.hub.store
    receipt = store.receipt(once.id)
    if receipt is None:
        return None
    receipt.refuse_other(once)
    version = store.vread(Key.parse(receipt.reference), receipt.number)
    if version is None:
        return None
    seen = told(records, version)
    return Written(seen, receipt.outcome, is_replayed=True, answer=receipt.answer)
