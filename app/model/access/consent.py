"""Consents of participants: which of them let a recipient see what another agency holds.

34 CFR 99.30, 34 CFR 361.38(e), 20 CFR 603.5(d), 7 CFR 272.1(c).
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from app.model.codec import Resource


class Grant(NamedTuple):
    """Under one law, one agency may disclose; `basis` names what says so."""

    regime: str
    discloser: str
    basis: str


def grants(
    consents: Iterable[Resource], recipient: str, purpose: str | None, today: date
) -> Iterator[Grant]:
    """Yield what Consent resources let `recipient` see on a day, for a purpose."""
    for each in consents:
        if each["status"] == "active" and _is_for(each, recipient, purpose) and _is_on(each, today):
            basis = f"Consent/{each['id']}"
            yield Grant(each["regime"], each["disclosingAgency"]["reference"], basis)


def profile_grants(
    profile: Resource, consents: Iterable[Resource], recipient: str, today: date
) -> Iterator[Grant]:
    """Yield what the consents on a participant's profile let `recipient` see on a day.

    One that the participant has withdrawn since, by a Consent of its own, counts no more.
    """
    gone = [each for each in consents if each["status"] == "withdrawn"]
    for each in profile.get("consents", ()):
        is_revoked = "revokedOn" in each or any(_is_ended(each, other) for other in gone)
        if _is_for(each, recipient, None) and _is_on(each, today) and not is_revoked:
            basis = f"ParticipantProfile/{profile['id']}"
            yield Grant(each["regime"], each["disclosingAgency"]["reference"], basis)


def is_granted(grants: Iterable[Grant], regime: str, discloser: str) -> bool:
    """Whether one of the grants lets an agency disclose under a law."""
    return any(each.regime == regime and each.discloser == discloser for each in grants)


def is_carried(resource: Resource, today: date) -> bool:
    """Whether a referral carries the participant's own consent to it, in force on a day."""
    found = resource.get("consent", {})
    return bool(found.get("obtainedOn")) and found.get("expiresOn", "9999") >= today.isoformat()


def _is_ended(consent: Resource, withdrawn: Resource) -> bool:
    """Whether a withdrawn consent is about the same disclosure, and was not given anew since."""
    same = ("regime", "disclosingAgency")
    if any(consent[name] != withdrawn[name] for name in same):
        return False
    return bool(consent["grantedOn"] <= withdrawn.get("withdrawnOn", "9999"))


def _is_for(consent: Resource, recipient: str, purpose: str | None) -> bool:
    recipients = {each["reference"] for each in consent["recipients"]}
    purposes = consent.get("purposes")
    return recipient in recipients and (purposes is None or purpose in purposes)


def _is_on(consent: Resource, today: date) -> bool:
    day = today.isoformat()
    return bool(consent["grantedOn"] <= day <= consent.get("expiresOn", "9999"))
