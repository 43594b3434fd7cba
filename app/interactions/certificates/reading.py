"""What anybody may read of certificates: what they say, how they stand, why they ended."""

from typing import Any

from app.interactions import Hub
from app.interactions.certificates import Row
from app.model.errors import NotFound

SHOWN = ("id", "partner", "level", "issued", "ends", "text")


def listed(hub: Hub) -> list[dict[str, Any]]:
    """Return all certificates in the order of issue."""
    rows, states = hub.certificates.all(), _states(hub)
    return [_told(each, states) for each in rows]


def read(hub: Hub, id: str) -> dict[str, Any]:
    """Return one certificate; raise NotFound."""
    found = hub.certificates.get(id)
    if found is None:
        raise NotFound("There is no such certificate.")
    return _told(found, _states(hub))


def _states(hub: Hub) -> dict[str, str]:
    today = hub.now().date()
    proved = hub.certificates.proved().certifications.values()
    return {each.id: each.state(today) for found in proved for each in found}


def _told(row: Row, states: dict[str, str]) -> dict[str, Any]:
    """Return a certificate as it is public; which member of staff decided is not."""
    revoked = row["revoked"]
    return {
        **{name: row[name] for name in SHOWN},
        "state": states[row["id"]],
        "revoked": _unsigned(revoked) if revoked else None,
        "extended": [_unsigned(each) for each in row["extended"]],
    }


def _unsigned(said: Row) -> Row:
    return {name: value for name, value in said.items() if name != "by"}
