"""The level in a partner's registration, as certificates raise it and their end lowers it."""

from collections.abc import Callable

from app.interactions import Hub
from app.interactions.records import Records
from app.model.access.client import STAFF, Client
from app.model.audit.trail import Act, Trail
from app.model.conflicts import LostRace, VersionConflict
from app.model.version import Key, following

BY = "urn:wioa-hub:conformance"
ATTEMPTS = 8


def registered(hub: Hub, partner: str) -> int:
    """Return the level in a partner's registration, 0 when there is none."""
    found = hub.store.read(Key.parse(partner))
    return int(found.resource["onboardingLevel"]) if found else 0


def change_level(hub: Hub, partner: str, change: Callable[[int], int]) -> None:
    """Write the level that `change` makes of a partner's; nothing when it stays.

    The partner's next request finds it so, within the seconds that a policy is believed. Raises
    LostRace when others keep writing the registration.
    """
    key = Key.parse(partner)
    for _ in range(ATTEMPTS):
        former = hub.store.read(key)
        if former is None:
            return
        level = change(former.resource["onboardingLevel"])
        if level == former.resource["onboardingLevel"]:
            return
        meta = {**former.resource["meta"], "source": BY}
        body = {**former.resource, "meta": meta, "onboardingLevel": level}
        version = following(former, key, hub.now(), BY, body)
        trail = Trail(client=BY)
        client = Client(BY, frozenset({STAFF}), trail=trail)
        Records(hub, client, Act("update", key.type)).follow([version])
        try:
            hub.store.commit([version], audit=trail.events(hub.now, hub.new_id))
        except VersionConflict:
            continue
        hub.policies.renew()
        return
    raise LostRace("Others keep writing this registration; send the request again.")
