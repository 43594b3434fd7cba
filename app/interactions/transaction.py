"""FHIR transaction: all entries in one commit, or nothing.

https://hl7.org/fhir/R4/http.html#transaction
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.interactions import Hub
from app.interactions.batch import Done
from app.interactions.bundle_plan import INTERACTIONS, Draft
from app.interactions.bundle_read import fetch
from app.interactions.plan import Plan
from app.interactions.records import Records, begin
from app.interactions.secret_questions import counted
from app.interactions.settling import ATTEMPTS, OK, STATUS, commit, told
from app.model.access.client import Client
from app.model.bundle_request import Entry
from app.model.bundle_response import Answer
from app.model.codec import decode, encode
from app.model.conflicts import AlreadyDone, LostRace, Matched, VersionConflict
from app.model.errors import HubError
from app.model.receipt import Once, Receipt
from app.model.refusals import located
from app.model.version import Key

Outcome = tuple[str, str, int]
"""What a receipt keeps of an entry: its outcome, the reference and the number of its version."""


def transaction(
    hub: Hub, client: Client, entries: Sequence[Entry], base: str, once: Once | None = None
) -> Done:
    """Store everything that the entries ask in one commit; reading entries see what it left.

    Raises the refusal of the first entry that is refused, with the issues of all, LostRace when
    others kept writing the same resources, and KeyReused.
    """
    records = begin(hub, client, "transaction", None)
    with counted(records):
        return _settled(records, entries, base, once)


def _settled(records: Records, entries: Sequence[Entry], base: str, once: Once | None) -> Done:
    """Plan and commit until nobody else comes in between."""
    client = records.client
    for _ in range(ATTEMPTS):
        client.trail.collapse("transaction")
        written = _replayed(records, entries, once) if once else None
        if written is not None:
            return Done(_answers(records, entries, base, written), is_replayed=True)
        plans, besides = Draft(records, entries).plans()
        written = {index: Answer(each.outcome, each.version) for index, each in plans.items()}
        seen = _seen(records, entries, written)
        try:
            _commit(records, plans, besides, once)
        except (VersionConflict, Matched, AlreadyDone):
            continue
        except HubError as error:
            client.trail.collapse("transaction")
            raise _told(error, plans) from None
        return Done(_answers(records, entries, base, seen))
    raise LostRace("Others kept writing the same resources; send the transaction again.")


def _commit(
    records: Records, plans: Mapping[int, Plan], besides: Sequence[Plan], once: Once | None
) -> None:
    new = [plan for plan in (*plans.values(), *besides) if plan.is_new]
    receipt = _receipt(records.hub, plans, once) if once else None
    if new or receipt:
        records.follow(each.version for each in besides)
        commit(records, new, receipt)


def _seen(
    records: Records, entries: Sequence[Entry], written: Mapping[int, Answer]
) -> dict[int, Answer]:
    """Return what the client sees of what its entries leave; the audit tells each as an act."""
    trail = records.client.trail
    trail.settle()
    seen: dict[int, Answer] = {}
    for entry in entries:
        if entry.is_reading:
            continue
        answer = written.get(entry.index, Answer("gone"))
        act = trail.begin(INTERACTIONS[entry.method], entry.type)
        act.status = STATUS.get(answer.outcome, OK)
        own = records.on(act)
        version = told(own, answer.version) if answer.version else None
        seen[entry.index] = replace(answer, version=version)
    return seen


def _told(error: HubError, plans: Mapping[int, Plan]) -> HubError:
    """Return a refusal of the store with the entry that it is about, if it says which."""
    for index, plan in plans.items():
        if plan.is_new and str(plan.version.key) == error.about:
            return located(error, index)
    return error


def _answers(
    records: Records, entries: Sequence[Entry], base: str, written: Mapping[int, Answer]
) -> list[Answer]:
    return [
        _found(records.hub, records.client, entry, base)
        if entry.is_reading
        else written[entry.index]
        for entry in entries
    ]


def _found(hub: Hub, client: Client, entry: Entry, base: str) -> Answer:
    """Return what a reading entry finds; it can no longer refuse the whole."""
    before = len(client.trail.acts)
    try:
        return fetch(hub, client, entry, base)
    except HubError as error:
        client.trail.refuse_since(before, "transaction", error.detail)
        return Answer("refused", error=located(error, entry.index))


def _receipt(hub: Hub, plans: Mapping[int, Plan], once: Once) -> Receipt:
    """Return what a replay needs: which versions the entries left, not their text."""
    left = {
        str(index): (plan.outcome, str(plan.version.key), plan.version.number)
        for index, plan in plans.items()
    }
    return Receipt(once, "transaction", hub.now(), answer=encode(left))


def _replayed(records: Records, entries: Sequence[Entry], once: Once) -> dict[int, Answer] | None:
    store = records.hub.store
    receipt = store.receipt(once.id)
    if receipt is None:
        return None
    receipt.refuse_other(once)
    left: dict[str, Outcome] = decode(receipt.answer)
    written = {
        int(index): Answer(outcome, store.vread(Key.parse(reference), number))
        for index, (outcome, reference, number) in left.items()
    }
    return _seen(records, entries, written)
