"""What a certificate opens: it is kept, and the level of its partner rises."""

from app.interactions import Hub
from app.interactions.certificates import Row
from app.interactions.certificates.level import change_level, registered
from app.model.access.certification import by_hand


def award(hub: Hub, certificate: Row) -> None:
    """Keep a certificate as it was issued and open its level, with no restart.

    Asked again it does what a crash may have kept from being done; what ended stays ended.
    """
    partner = certificate["partner"]
    if hub.certificates.get(certificate["id"]) is None:
        earlier = hub.certificates.proved().certifications.get(partner, ())
        granted = by_hand(registered(hub, partner), earlier)
        hub.certificates.add({**certificate, "granted": granted})
    open_level(hub, certificate["id"], partner)


def open_level(hub: Hub, id: str, partner: str) -> None:
    """Raise a partner's registered level to that of a certificate, if it holds."""
    today, proved = hub.now().date(), hub.certificates.proved().certifications.get(partner, ())
    levels = [each.level for each in proved if each.id == id and each.holds(today)]
    change_level(hub, partner, lambda now: max([now, *levels]))
    hub.policies.renew()
