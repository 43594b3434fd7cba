"""What participants consented to, as it is stored now."""

from collections.abc import Iterable, Mapping, Sequence

from app.interactions import Hub
from app.model.access.client import Client
from app.model.access.consent import Grant, grants, profile_grants
from app.model.access.policy import Policy
from app.model.clause import Clause, OneOf
from app.model.codec import Resource
from app.model.query import plain
from app.model.resource_type import PARTICIPANT
from app.model.version import Key, Version

CONSENT = "Consent"
MOST_CONSENTS = 200
"""Rows that are read at once."""
Consents = Mapping[str, tuple[Grant, ...]]


def consented(hub: Hub, client: Client, policy: Policy, participants: Sequence[str]) -> Consents:
    """Return what the participants consented to, in favour of the client's agency."""
    party = policy.parties.get(client.partner or "")
    if not participants or party is None:
        return {}
    today = policy.today
    profiles = hub.store.read_many([Key(PARTICIPANT, each) for each in participants])
    given: dict[str, list[Resource]] = {each: [] for each in participants}
    for each in _rows(hub, participants):
        given[each.marks.participant or ""].append(each.resource)
    found = {
        whose: tuple(grants(those, party.agency, client.purpose, today))
        for whose, those in given.items()
    }
    for each in profiles:
        those = given[each.key.id]
        found[each.key.id] += tuple(profile_grants(each.resource, those, party.agency, today))
    return found


def _rows(hub: Hub, participants: Sequence[str]) -> Iterable[Version]:
    kind = hub.registry.types.get(CONSENT)
    if kind is None:
        return
    named = OneOf(tuple(f"{PARTICIPANT}/{each}" for each in participants))
    query = plain(kind, (Clause(kind.parameters["participant"], named),), MOST_CONSENTS)
    while True:
        found = hub.store.search(query)
        yield from found.versions
        if found.next is None:
            return
        query = query.at(found.next)
