"""The published life cycle of a referral, and what exchanges tell of where one stands."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.evaluators.unbundled import told
from conformance.exchange import Evidence, Exchange

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


def shown(exchange: Exchange, reference: str) -> Mapping[str, Any] | None:
    """Return what an answer tells of `Type/id`, None when it has nothing of it."""
    found = (
        each
        for each in resources(exchange.answer)
        if f"{each['resourceType']}/{each['id']}" == reference
    )
    return next(found, None) if exchange.is_ok else None


def last_told(evidence: Evidence, reference: str, before: Exchange) -> Mapping[str, Any]:
    """Return what the partner knew of `Type/id` before an exchange, empty for nothing."""
    for each in reversed(evidence.partner.before(before).exchanges):
        found = shown(each, reference)
        if found is not None:
            return found
    return {}


def moves(evidence: Evidence) -> Evidence:
    """Return the partner's writes that ask for another status than the one it had read last."""
    return evidence.partner.where(lambda each: _is_move(evidence, each))


def _is_move(evidence: Evidence, exchange: Exchange) -> bool:
    asked = asked_status(exchange)
    if asked is None:
        return False
    return asked != last_told(evidence, exchange.reference, exchange).get("status")


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
