"""Who plays in a sandbox, and under which clients: no two runs share one, nor any with the hub."""

from collections.abc import Mapping

from app import demo_clients
from conformance.exchange import PARTNER

GHOSTS: Mapping[str, str] = {
    "workforce": "mdes-mississippi-works",
    "human-services": "mdhs-eligibility",
    "adult-education": "mccb-adult-education",
    "college": "cc-hinds",
    "vr": "mdrs-vr",
    "staff": demo_clients.STAFF,
    "reviewer": demo_clients.REVIEWER,
}
"""The agencies that the hub plays → the seeded clients whose rights they have."""
DIGITS = 8
"""How much of the name of a sandbox is in the ids of its clients."""


def client_of(opaque: str, who: str) -> str:
    """Return the id of a client in a sandbox: of the partner's product, or of a ghost."""
    part = opaque[:DIGITS]
    return f"product-{part}" if who == PARTNER else f"ghost-{who}-{part}"


def names(opaque: str) -> Mapping[str, str]:
    """Return who the clients of a sandbox are, by their ids."""
    return {client_of(opaque, who): who for who in (PARTNER, *GHOSTS)}
