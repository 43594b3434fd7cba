"""The published life cycle of a referral, and what exchanges tell of where one stands."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.exchange import Evidence, Exchange, number_of
from conformance.reading.unbundled import told, version

REFERRAL = "Referral"
MOVES: Mapping[str, frozenset[str]] = {
    "requested": frozenset({"received", "accepted", "rejected", "cancelled", "entered-in-error"}),
    "received": frozenset({"accepted", "rejected", "cancelled", "entered-in-error"}),
    "accepted": frozenset({"in-progress", "on-hold", "closed", "cancelled"}),
    "in-progress": frozenset({"on-hold", "closed", "cancelled"}),
    "on-hold": frozenset({"in-progress", "closed", "cancelled"}),
}
"""Status → those that may follow; what is not named here is an end."""
REFUSALS = frozenset({"wrong-agency", "out-of-area", "no-capacity", "duplicate",
                      "insufficient-information"})  # fmt: skip
"""The codes with which a referral is rejected."""
LOST = (409, 412)
Known = dict[str, tuple[int, Mapping[str, Any]]]
"""Reference → its newest version that somebody knows, 0 for one without number, and its body."""
NOTHING: tuple[int, Mapping[str, Any]] = (0, {})


def asked_status(exchange: Exchange) -> str | None:
    """Return the status that a write of a referral asks for, None when it says nothing of it."""
    if exchange.kind != REFERRAL or exchange.method not in {"PUT", "PATCH"}:
        return None
    asked = told(exchange).get("status")
    return asked if isinstance(asked, str) else None


def resources(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every resource with an id in an answer: itself, or what it bundles."""
    if isinstance(value, list):
        for each in value:
            yield from resources(each)
    elif isinstance(value, dict):
        if "resourceType" in value and "id" in value:
            yield value
        else:
            for each in value.values():
                yield from resources(each)


def versions_shown(exchange: Exchange, reference: str) -> list[Mapping[str, Any]]:
    """Return all that an answer tells of `Type/id`; a page of the feed may tell each version."""
    found = resources(exchange.answer) if exchange.is_ok else ()
    return [each for each in found if _reference(each) == reference]


def shown(exchange: Exchange, reference: str) -> Mapping[str, Any] | None:
    """Return the newest that an answer tells of `Type/id`, None when it has nothing of it."""
    return max(versions_shown(exchange, reference), key=_number, default=None)


def last_told(evidence: Evidence, reference: str, before: Exchange) -> Mapping[str, Any]:
    """Return the newest that the partner knew of `Type/id` before an exchange, empty for nothing.

    What it wrote itself it knows, though the answer may have no body.
    """
    known: Known = {}
    for each in evidence.partner.before(before):
        _learn(known, each)
    return known.get(reference, NOTHING)[1]


def asked_from(evidence: Evidence) -> Iterator[tuple[Exchange, str, str]]:
    """Yield the partner's writes that ask for a status, from which as it knew, and for which."""
    known: Known = {}
    for each in evidence.partner:
        asked = asked_status(each)
        if asked is not None:
            yield each, str(known.get(each.reference, NOTHING)[1].get("status") or ""), asked
        _learn(known, each)


def moves(evidence: Evidence) -> Evidence:
    """Return the partner's writes that ask for another status than the one that it knew."""
    return Evidence([each for each, here, there in asked_from(evidence) if here != there])


def _learn(known: Known, exchange: Exchange) -> None:
    """Keep what an answer shows, unless something newer is known."""
    if not exchange.is_ok:
        return
    shows = {_reference(each) for each in resources(exchange.answer)}
    for each in resources(exchange.answer):
        _keep(known, _reference(each), _number(each), each)
    if exchange.method in {"PUT", "PATCH"} and exchange.reference not in shows:
        before = known.get(exchange.reference, NOTHING)[1]
        now = {**before, **told(exchange)}
        _keep(known, exchange.reference, version(exchange), now)


def _keep(known: Known, reference: str, number: int, resource: Mapping[str, Any]) -> None:
    newest = known.get(reference, NOTHING)[0]
    if number == 0 or number >= newest:
        known[reference] = max(newest, number), resource


def _reference(resource: Mapping[str, Any]) -> str:
    return f"{resource['resourceType']}/{resource['id']}"


def _number(resource: Mapping[str, Any]) -> int:
    meta = resource.get("meta")
    return number_of(str(meta.get("versionId", ""))) if isinstance(meta, dict) else 0


def read_after(evidence: Evidence, refused: Exchange) -> Exchange | None:
    """Return the partner's next read of what a refused write was about."""
    reference = refused.reference
    later = evidence.partner.after(refused)
    return later.where(lambda each: not each.is_write and shown(each, reference) is not None).first


def written_unread(evidence: Evidence, refused: Exchange) -> Exchange | None:
    """Return the write that follows a refused one of the same referral with no read between."""
    write = evidence.partner.after(refused).about(refused.reference).writes.first
    read = read_after(evidence, refused)
    if write is None or (read is not None and read.number < write.number):
        return None
    return write


def made(evidence: Evidence) -> Evidence:
    """Return the partner's creations of referrals that were done."""
    return created(evidence).done


def created(evidence: Evidence) -> Evidence:
    """Return the partner's attempts to create a referral."""
    return evidence.partner.by("POST").where(lambda each: each.path == REFERRAL)
