"""How a certificate ends, or does not yet: revoked or extended by staff, or by its date."""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from app.interactions import Hub
from app.interactions.certificates import Row
from app.interactions.certificates.award import open_level
from app.interactions.certificates.level import change_level
from app.interactions.certificates.minting import LIFE, Mint
from app.model.access.certification import Certification, standing
from app.model.access.client import Client
from app.model.conflicts import LostRace
from app.model.errors import BadParameter, Forbidden, NotFound, RuleBroken
from app.model.version import instant

LEAST_REASON, MOST_REASON = 3, 500
logger = logging.getLogger("hub.certificates")


def revoke(hub: Hub, client: Client, id: str, asked: dict[str, Any]) -> Row:
    """End a certificate at once, for a reason, and return it.

    Raises Forbidden for whoever is not staff, NotFound, BadParameter without a reason, and
    RuleBroken for one that was revoked already; its level is lowered then, if a crash kept it.
    """
    row = _for_staff(hub, client, "certificate-revoke", id)
    if row["revoked"]:
        _settle(hub, row)
        raise RuleBroken("This certificate was revoked already; its first reason stands.")
    by = {"at": instant(hub.now()), "by": client.id, "reason": _reason(asked)}
    row = _kept(hub, {**row, "revoked": by})
    hub.policies.renew()
    _settle(hub, row)
    return row


def extend(hub: Hub, client: Client, id: str, asked: dict[str, Any], mint: Mint) -> Row:
    """Let a certificate hold until another day, for a reason, and return it as signed anew.

    Raises Forbidden for whoever is not staff, NotFound, BadParameter for a day that is not ahead
    or more than LIFE away, and RuleBroken for one that was revoked.
    """
    row = _for_staff(hub, client, "certificate-extend", id)
    if row["revoked"]:
        raise RuleBroken("This certificate was revoked; a new run makes a new one.")
    until = _until(asked, hub.now())
    said = {"until": instant(until), "reason": _reason(asked)}
    by = {"at": instant(hub.now()), "by": client.id, **said}
    row = _kept(
        hub,
        {
            **row,
            "ends": instant(until),
            "text": mint.prolonged(row["text"], until),
            "extended": [*row["extended"], by],
            "noticed": [],
            "isSettled": False,
        },
    )
    hub.policies.renew()
    open_level(hub, id, row["partner"])
    return row


def sweep(hub: Hub, is_over: Callable[[], bool] = lambda: False) -> int:
    """Note which certificates end soon, and write down the end of those that are over.

    Returns how many were touched. Each notice is noted, and logged, once. Raises Unavailable;
    what was done stays done.
    """
    made, rows = 0, hub.certificates.all()
    proved = hub.certificates.proved().certifications
    known = {each.id: each for found in proved.values() for each in found}
    for row in rows:
        if is_over():
            break
        try:
            made += _notice(hub, row, known[row["id"]]) or _settle(hub, row)
        except LostRace:
            continue
    return made


def _notice(hub: Hub, row: Row, known: Certification) -> bool:
    today = hub.now().date()
    new = [days for days in known.notices(today) if days not in row["noticed"]]
    if not new:
        return False
    _kept(hub, {**row, "noticed": [*row["noticed"], *new]})
    left = (known.ends - today).days
    logger.warning("Certificate %s of %s ends in %d days.", row["id"], row["partner"], left)
    return True


def _settle(hub: Hub, row: Row) -> bool:
    """Lower the registered level by a certificate that is over; whether that was to be done."""
    today, partner = hub.now().date(), row["partner"]
    proved = _proved(hub, partner)
    is_over = any(each.id == row["id"] and not each.lets_finish(today) for each in proved)
    if row["isSettled"] or not is_over:
        return False
    change_level(hub, partner, lambda now: standing(now, proved, today).finishing)
    for each in _proved(hub, partner):
        if each not in proved:  # issued or extended meanwhile: what it opened was just shut
            open_level(hub, each.id, partner)
    _kept(hub, {**row, "isSettled": True})
    return True


def _proved(hub: Hub, partner: str) -> Sequence[Certification]:
    return hub.certificates.proved().certifications.get(partner, ())


def _for_staff(hub: Hub, client: Client, interaction: str, id: str) -> Row:
    act = client.trail.begin(interaction, None)
    if not client.is_staff:
        raise Forbidden("Only state staff do this; it takes the scope hub/staff.")
    act.basis.add("staff")
    return _again(hub, id)


def _again(hub: Hub, id: str) -> Row:
    row = hub.certificates.get(id)
    if row is None:
        raise NotFound("There is no such certificate.")
    return row


def _kept(hub: Hub, row: Row) -> Row:
    if not hub.certificates.put(row):
        raise LostRace("Somebody else changed this certificate at the same time.")
    return _again(hub, row["id"])


def _reason(asked: dict[str, Any]) -> str:
    reason = asked.get("reason")
    if not isinstance(reason, str) or not LEAST_REASON <= len(reason.strip()) <= MOST_REASON:
        raise BadParameter("Give a reason of 3 to 500 letters; it is public.", "reason")
    return reason.strip()


def _until(asked: dict[str, Any], now: datetime) -> datetime:
    try:
        day = date.fromisoformat(asked["until"])
    except (KeyError, TypeError, ValueError):
        raise BadParameter("The last day is a date, as in 2027-06-30.", "until") from None
    until = datetime.combine(day, time(23, 59, 59), UTC)
    if not now < until <= now + LIFE:
        raise BadParameter("The last day lies ahead, within a year.", "until")
    return until
