"""Taking in what others did: the hub's change feed, and lists that are read to their end.

What the product does about a change is a reaction, registered for a resource type; `complete` is
one: an address without its postal code gets it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from conformance.client.errors import Refused
from conformance.client.product import CaseTrack
from conformance.client.steps import step

Body = dict[str, Any]
Reaction = Callable[[CaseTrack, Body, Body], None]
"""Gets the product, a resource as the feed told it, and the data of the step."""
REACTIONS: dict[str, list[Reaction]] = {}
"""Resource type → what is done when one changed."""
NOT_OURS = (403, 404, 410)
GONE = 410
WAIT = 1
"""How long the hub may hold the answer until something happens, in seconds."""


@dataclass(frozen=True)
class reacts:  # noqa: N801 - reads as a decorator
    """Marks a function as what is done when a resource of a type changed."""

    kind: str

    def __call__(self, act: Reaction) -> Reaction:
        """Keep the function."""
        REACTIONS.setdefault(self.kind, []).append(act)
        return act


@step("sync.now")
def sync(product: CaseTrack, data: Body) -> str:
    """Read the list when asked to, else what changed since last time; act on what is new."""
    if data.get("source") == "list":
        rule = data["complete"]
        found = product.hub.search("ParticipantProfile", **{"address-city": rule["city"]})
        for each in found:
            complete(product, each, data)
        return f"{len(found)} people on the list"
    return f"{follow(product, data)} changes"


def follow(product: CaseTrack, data: Body) -> int:
    """Act once on the newest version of whatever changed, and only then move the cursor on."""
    kept = product.memory.setdefault("feed", {"cursor": "", "seen": {}})
    entries, cursor = _changes(product, kept["cursor"])
    news = newest(entries, kept["seen"])
    for reference, resource in news.items():
        for act in REACTIONS.get(resource["resourceType"], ()):
            _reacted(act, product, resource, data)
        kept["seen"][reference] = number(resource)
    kept["cursor"] = cursor
    return len(news)


def newest(entries: Iterable[Body], seen: dict[str, int]) -> dict[str, Body]:
    """Return the newest version of each resource that is newer than the one acted on.

    The feed may tell a change twice, or an older one later: numbers decide, not the order.
    """
    found: dict[str, Body] = {}
    for resource in (each["resource"] for each in entries if "resource" in each):
        reference = f"{resource['resourceType']}/{resource['id']}"
        held = number(found[reference]) if reference in found else seen.get(reference, 0)
        if number(resource) > held:
            found[reference] = resource
    return found


def number(resource: Body) -> int:
    """Return the number of the version that a resource is."""
    return int(resource["meta"]["versionId"])


@reacts("ParticipantProfile")
def complete(product: CaseTrack, told: Body, data: Body) -> None:
    """Enter the postal code of a town for somebody who lives there."""
    rule = data.get("complete")
    if rule and completed(told, rule) != told:
        reference = f"ParticipantProfile/{told['id']}"
        product.hub.update(reference, lambda body: completed(body, rule))


def completed(profile: Body, rule: Body) -> Body:
    """Return a profile whose addresses in a town have the postal code of the town."""
    code = {"postalCode": rule["postalCode"]}
    addresses = [
        each | code if each.get("city") == rule["city"] else each
        for each in profile.get("address", ())
    ]
    return profile | {"address": addresses} if addresses else profile


def _changes(product: CaseTrack, cursor: str) -> tuple[list[Body], str]:
    kinds = tuple(sorted(REACTIONS))
    try:
        return product.hub.changes(cursor, kinds, wait=WAIT)
    except Refused as refusal:
        if refusal.status != GONE:
            raise
    # The hub no longer keeps what the cursor leads to: everything is read once, from the start.
    return product.hub.changes("", kinds, wait=WAIT)


def _reacted(act: Reaction, product: CaseTrack, resource: Body, data: Body) -> None:
    try:
        act(product, resource, data)
    except Refused as refusal:
        # What the agency may no longer see is not for it to act on; the rest of the feed is.
        if refusal.status not in NOT_OURS:
            raise
