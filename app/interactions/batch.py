"""FHIR batch: each entry on its own, as if it had been sent alone; never one commit.

https://hl7.org/fhir/R4/http.html#batch
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.interactions import Hub, write
from app.interactions.bundle_read import fetch
from app.interactions.write import Target
from app.model.access.client import Client
from app.model.bundle_patch import change_of, patch_of
from app.model.bundle_request import Entry
from app.model.bundle_response import Answer
from app.model.conflicts import AlreadyDone
from app.model.errors import HubError, Unavailable
from app.model.receipt import Once, Receipt
from app.model.refusals import located


@dataclass(frozen=True)
class Done:
    """The answers to a bundle in the order of its entries.

    `is_replayed` says that it was done before, under the same idempotency key.
    """

    answers: list[Answer]
    is_replayed: bool = False


def batch(
    hub: Hub,
    client: Client,
    entries: Sequence[Entry | HubError],
    base: str,
    once: Once | None = None,
) -> Done:
    """Do every entry and return what became of each; a refusal stands in its entry's place.

    Under a key each entry is done once: sent again, a batch goes on where it broke off, and
    entries that were refused are tried again. Raises KeyReused for another batch.
    """
    is_replayed = once is not None and _was_begun(hub, once)
    answers: list[Answer] = []
    outage: Unavailable | None = None
    for index, entry in enumerate(entries):
        key = replace(once, key=f"{once.key} {index}") if once else None
        answer = _refused(outage, index) if outage else _answer(hub, client, entry, base, key)
        if isinstance(answer.error, Unavailable):
            outage = answer.error
        answers.append(answer)
    return Done(answers, is_replayed)


def _answer(
    hub: Hub, client: Client, entry: Entry | HubError, base: str, once: Once | None
) -> Answer:
    if isinstance(entry, HubError):
        client.trail.refuse_since(len(client.trail.acts), "batch", entry.detail)
        return Answer("refused", error=entry)
    before = len(client.trail.acts)
    try:
        if entry.is_reading:
            return fetch(hub, client, entry, base)
        return _write(hub, client, entry, once)
    except HubError as error:
        client.trail.refuse_since(before, "batch", error.detail)
        return Answer("refused", error=located(error, entry.index))


def _refused(outage: Unavailable, index: int) -> Answer:
    """Return the refusal of an entry that is not tried any more, as the database is away."""
    return Answer("refused", error=located(Unavailable(str(outage)), index))


def _write(hub: Hub, client: Client, entry: Entry, once: Once | None) -> Answer:
    target = Target(entry.type, entry.id, () if entry.id else entry.criteria)
    if entry.method == "POST":
        done = write.create(hub, client, target, entry.body, once)
    elif entry.method == "PUT":
        done = write.update(hub, client, target, entry.body, entry.if_match, once)
    elif entry.method == "PATCH":
        change = change_of(*patch_of(entry.body))
        done = write.patch(hub, client, target, change, entry.if_match, once)
    else:
        gone = write.delete(hub, client, target, entry.if_match, once)
        return Answer("deleted" if gone else "gone", gone)
    return Answer(done.outcome, done.version)


def _was_begun(hub: Hub, once: Once) -> bool:
    """Take the key; return whether it was taken before, for the same batch."""
    try:
        hub.store.commit([], receipt=Receipt(once, "batch", hub.now()))
    except AlreadyDone:
        found = hub.store.receipt(once.id)
        if found is None:
            raise
        found.refuse_other(once)
        return True
    return False
