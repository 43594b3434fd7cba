"""Who may say that a participant consented: the agency that discloses under it, or state staff.

Another agency that was handed the form proposes it; the discloser, who answers for the disclosure
(34 CFR 99.30, 34 CFR 361.38(e)), makes it active. Anyone who has a part in it may withdraw it.
"""

from collections.abc import Iterator

from app.model.codec import Resource
from app.model.errors import Forbidden, Issue
from app.model.resource_type import PARTICIPANT, ResourceType

CONSENT = "Consent"
TEXT = "Only the agency that discloses makes a consent to it active; propose it instead."


def faults(
    kind: ResourceType, former: Resource | None, body: Resource, agency: str | None
) -> list[Issue]:
    """Return what of a write only the disclosing agency may say; `agency` is None for staff."""
    if agency is None:
        return []
    if kind.name == CONSENT:
        is_active = body.get("status") == "active"
        return [_fault("/status")] if is_active and _discloser(body) != agency else []
    return list(_on_profile(former or {}, body, agency)) if kind.name == PARTICIPANT else []


def _on_profile(former: Resource, body: Resource, agency: str) -> Iterator[Issue]:
    """Yield a fault for each entry of `consents` that is new and another agency's to say.

    One that is revoked lets nobody see anything, so anyone may say so.
    """
    before = former.get("consents", ())
    for at, each in enumerate(body.get("consents", ())):
        if "revokedOn" not in each and each not in before and _discloser(each) != agency:
            yield _fault(f"/consents/{at}")


def _discloser(consent: Resource) -> str | None:
    named = consent.get("disclosingAgency")
    return named.get("reference") if isinstance(named, dict) else None


def _fault(pointer: str) -> Issue:
    return Issue(Forbidden.code, "not-discloser", TEXT, pointer)
