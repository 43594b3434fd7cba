"""FHIR transaction: all entries in one commit, or nothing.

https://hl7.org/fhir/R4/http.html#transaction
"""

from collections.abc import Mapping, Sequence

from app.interactions import Hub
from app.interactions.batch import Done
from app.interactions.bundle_plan import Draft
from app.interactions.bundle_read import fetch
from app.interactions.plan import Plan
from app.interactions.write import ATTEMPTS
from app.model.access import Client
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
    for _ in range(ATTEMPTS):
        written = _replayed(hub, once) if once else None
        if written is not None:
            return Done(_answers(hub, client, entries, base, written), is_replayed=True)
        plans = Draft(hub, client, entries).plans()
        try:
            _commit(hub, plans, once)
        except (VersionConflict, Matched, AlreadyDone):
            continue
        except HubError as error:
            raise _told(error, plans) from None
        written = {index: Answer(each.outcome, each.version) for index, each in plans.items()}
        return Done(_answers(hub, client, entries, base, written))
    raise LostRace("Others kept writing the same resources; send the transaction again.")


def _commit(hub: Hub, plans: Mapping[int, Plan], once: Once | None) -> None:
    new = [plan for plan in plans.values() if plan.is_new]
    held = {key for plan in new for key in plan.held}
    absent = [query for plan in new for query in plan.absent]
    receipt = _receipt(hub, plans, once) if once else None
    if new or receipt:
        versions = [plan.version for plan in new]
        hub.store.commit(versions, held, absent=absent, receipt=receipt)


def _told(error: HubError, plans: Mapping[int, Plan]) -> HubError:
    """Return a refusal of the store with the entry that it is about, if it says which."""
    for index, plan in plans.items():
        if plan.is_new and str(plan.version.key) == error.about:
            return located(error, index)
    return error


def _answers(
    hub: Hub, client: Client, entries: Sequence[Entry], base: str, written: Mapping[int, Answer]
) -> list[Answer]:
    return [
        _found(hub, client, entry, base)
        if entry.is_reading
        else written.get(entry.index, Answer("gone"))
        for entry in entries
    ]


def _found(hub: Hub, client: Client, entry: Entry, base: str) -> Answer:
    """Return what a reading entry finds; it can no longer refuse the whole."""
    try:
        return fetch(hub, client, entry, base)
    except HubError as error:
        return Answer("refused", error=located(error, entry.index))


def _receipt(hub: Hub, plans: Mapping[int, Plan], once: Once) -> Receipt:
    """Return what a replay needs: which versions the entries left, not their text."""
    left = {
        str(index): (plan.outcome, str(plan.version.key), plan.version.number)
        for index, plan in plans.items()
    }
    return Receipt(once, "transaction", hub.now(), answer=encode(left))


def _replayed(hub: Hub, once: Once) -> dict[int, Answer] | None:
    receipt = hub.store.receipt(once.id)
    if receipt is None:
        return None
    receipt.refuse_other(once)
    left: dict[str, Outcome] = decode(receipt.answer)
    return {
        int(index): Answer(outcome, hub.store.vread(Key.parse(reference), number))
        for index, (outcome, reference, number) in left.items()
    }
