"""FHIR create, update and delete.

Each loads what it needs, decides without side effects, and commits once.
https://hl7.org/fhir/R4/http.html#update
"""

from dataclasses import dataclass

from app.interactions import Hub
from app.model.access import Client, Decision, authorize
from app.model.codec import Resource
from app.model.errors import (
    Deleted,
    Invalid,
    Issue,
    LostRace,
    Malformed,
    NotAllowed,
    NotFound,
    PreconditionRequired,
    ReferenceMissing,
    VersionConflict,
)
from app.model.patch import difference
from app.model.precondition import Precondition
from app.model.resource_type import ResourceType
from app.model.version import Key, Version, deletion, following, same_content

ATTEMPTS = 8
"""How often a write without If-Match follows a version that came in between before it gives up."""


@dataclass(frozen=True)
class Written:
    """What a write left: the version, and whether it is the first, a new one, or none at all."""

    version: Version
    outcome: str


def said(written: Written) -> Issue:
    """Return the note that tells what a write did, for those who ask for an outcome."""
    text = f"{written.version.key.type} {written.outcome}, now version {written.version.number}."
    return Issue("informational", written.outcome, text, severity="information")


def create(hub: Hub, client: Client, kind: str, body: Resource) -> Written:
    """Store the first version of a new resource under an id of the hub's choosing.

    Raises Invalid with every fault of the body, ReferenceMissing, and Duplicate for a taken key.
    """
    published = hub.registry.type(kind)
    decision = authorize(client, "create", kind)
    check(published, body)
    version = _commit(hub, decision, Key(kind, hub.new_id()), body, None)
    return Written(version, "created")


def update(
    hub: Hub, client: Client, key: Key, body: Resource, if_match: Precondition | None = None
) -> Written:
    """Store the next version; `if_match` names the version that the client last saw.

    Raises VersionConflict when that is not the current one, PreconditionRequired when the type
    demands it, and what `create` raises. An identical body makes no new version.
    """
    published = hub.registry.type(key.type)
    decision = authorize(client, "update", key.type)
    if body.get("id", key.id) != key.id:
        raise Malformed("The id in the body is not the id in the address.", "/id")
    for _ in range(ATTEMPTS):
        former = hub.store.read(key)
        if former is None:
            _refuse_creation(hub, published, key, if_match)
        else:
            _refuse_unseen(hub, published, former, if_match)
        check(published, body)
        if former is not None and same_content(former.resource, body):
            return Written(former, "unchanged")
        try:
            version = _commit(hub, decision, key, body, former)
        except VersionConflict:
            continue
        return Written(version, "updated" if former else "created")
    raise LostRace(f"Others kept writing this {key.type}; send the request again.")


def delete(
    hub: Hub, client: Client, key: Key, if_match: Precondition | None = None
) -> Version | None:
    """Record the deletion and return its version; None when it was deleted before.

    Raises StillReferenced while other resources refer to it, NotAllowed for a lookup, NotFound
    when it never was.
    """
    published = hub.registry.type(key.type)
    decision = authorize(client, "delete", key.type)
    if published.is_lookup:
        raise NotAllowed(f"A {key.type} is never deleted; update its status to inactive instead.")
    for _ in range(ATTEMPTS):
        former = hub.store.read(key)
        if former is None:
            _refuse_never_was(hub, key)
            return None
        _refuse_unseen(hub, published, former, if_match)
        gone = deletion(former, hub.now(), decision.client.id)
        try:
            hub.store.commit([gone])
        except VersionConflict:
            continue
        return gone
    raise LostRace(f"Others kept writing this {key.type}; send the request again.")


def check(published: ResourceType, body: Resource) -> None:
    """Raise Invalid with every fault of `body` against its published schema."""
    faults = published.faults(body)
    if faults:
        raise Invalid("The resource breaks its schema.", issues=faults)


def _commit(
    hub: Hub, decision: Decision, key: Key, body: Resource, former: Version | None
) -> Version:
    client = decision.client
    meta = {**body.get("meta", {}), "source": client.source}
    version = following(former, key, hub.now(), client.id, {**body, "meta": meta})
    hub.store.commit([version], _gained_references(hub, version))
    return version


def _gained_references(hub: Hub, version: Version) -> set[Key]:
    """Return what the version newly refers to; raise ReferenceMissing for what is not there.

    What the former version referred to cannot have been deleted since.
    """
    published = hub.registry.type(version.key.type)
    before = (
        {key for key, _ in published.referred(version.former.resource)} if version.former else set()
    )
    gained = [(key, at) for key, at in published.referred(version.resource) if key not in before]
    known = {key for key, _ in gained}
    present = hub.store.present(known) if known else set()
    missing = [
        Issue(
            ReferenceMissing.code,
            ReferenceMissing.detail,
            "The resource referred to does not exist.",
            at,
        )
        for key, at in gained
        if key not in present and key != version.key
    ]
    if missing:
        raise ReferenceMissing("A reference leads nowhere.", issues=missing)
    return known - {version.key}


def _refuse_creation(
    hub: Hub, published: ResourceType, key: Key, if_match: Precondition | None
) -> None:
    """Refuse a PUT to an id that holds nothing, unless the type takes ids from its keepers."""
    if hub.store.latest(key) is not None:
        raise Deleted(f"This {key.type} was deleted; its history remains.")
    if if_match is not None:
        raise VersionConflict(f"There is no {key.type} with this id, so no version matches.")
    if not published.is_lookup:
        raise NotAllowed(f"The hub gives a {key.type} its id; create it with POST.")


def _refuse_unseen(
    hub: Hub, published: ResourceType, former: Version, if_match: Precondition | None
) -> None:
    """Refuse a change by someone who has not seen the current version."""
    if if_match is None:
        if published.needs_precondition:
            raise PreconditionRequired(
                f"A change of a {published.name} must say which version it saw: send If-Match.",
                "If-Match",
            )
        return
    if if_match.matches(former.number):
        return
    seen = [number for number in if_match.numbers if number < former.number]
    held = hub.store.vread(former.key, max(seen)) if seen else None
    raise VersionConflict(
        f"The {former.key.type} is at version {former.number}; read it and reconcile first.",
        current=former.etag,
        changes=difference(held.resource, former.resource) if held else None,
    )


def _refuse_never_was(hub: Hub, key: Key) -> None:
    if hub.store.latest(key) is None:
        raise NotFound(f"There is no {key.type} with this id.")
