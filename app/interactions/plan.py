"""What a write would append, decided from what is stored; nothing is written here.

One write is one plan; a transaction bundle is many plans and one commit.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from app.interactions import Hub
from app.interactions.read import refuse_absent
from app.model.access import Client
from app.model.codec import Resource
from app.model.conflicts import ReferenceMissing, VersionConflict
from app.model.errors import (
    Deleted,
    Invalid,
    Issue,
    Malformed,
    NotAllowed,
    NotFound,
    PreconditionRequired,
)
from app.model.patch import difference
from app.model.precondition import Precondition
from app.model.query import Query
from app.model.resource_type import ResourceType
from app.model.version import Key, Version, deletion, following, same_content

NEW = ("created", "updated", "deleted")
"""The outcomes that append a version."""


@dataclass(frozen=True)
class Plan:
    """The version that a write leaves, and what must hold when it is committed.

    `outcome` is one of NEW, or `unchanged`, `existing`, or `gone` for what was deleted before.
    """

    outcome: str
    version: Version
    held: frozenset[Key] = frozenset()
    absent: tuple[Query, ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether there is a version to append."""
        return self.outcome in NEW


@dataclass(frozen=True)
class Writer:
    """Who writes in which tenant, and what is known already when many writes share a commit.

    `among` are resources that the same commit brings along; `current` and `present` are versions
    and keys that were read for all its writes at once.
    """

    hub: Hub
    client: Client
    among: Collection[Key] = ()
    current: Mapping[Key, Version] = field(default_factory=dict)
    present: Collection[Key] = ()

    def create(self, key: Key, body: Resource, absent: tuple[Query, ...] = ()) -> Plan:
        """Plan the first version of a resource under an id of the hub's choosing.

        Raises Invalid with every fault of the body, and ReferenceMissing.
        """
        self._check(self.hub.registry.type(key.type), body)
        return self._next("created", key, body, None, absent)

    def update(self, key: Key, body: Resource, if_match: Precondition | None) -> Plan:
        """Plan the next version; `if_match` names the version that the client last saw.

        Raises VersionConflict when that is not the current one, PreconditionRequired when the
        type demands it, and what `create` raises. An identical body makes no new version.
        """
        if body.get("id", key.id) != key.id:
            raise Malformed("The id in the body is not the id in the address.", "/id")
        self._refuse_blind(key.type, if_match)
        former = self._read(key)
        if former is not None:
            return self._change(former, lambda _: body, if_match)
        self._refuse_creation(key, if_match)
        self._check(self.hub.registry.type(key.type), body)
        return self._next("created", key, body, None)

    def patch(
        self, key: Key, change: Callable[[Resource], Resource], if_match: Precondition | None
    ) -> Plan:
        """Plan the version that `change` makes of the current one; it is validated as a whole."""
        self._refuse_blind(key.type, if_match)
        former = self._read(key)
        if former is None:
            refuse_absent(self.hub, key)
        return self._change(former, change, if_match)

    def delete(self, key: Key, if_match: Precondition | None) -> Plan:
        """Plan a deletion; `gone` when it was deleted before.

        Raises NotAllowed for a lookup, NotFound when it never was, VersionConflict and
        PreconditionRequired as `update` does.
        """
        self.refuse_deletion(key.type)
        self._refuse_blind(key.type, if_match)
        former = self._read(key) or self._former_deletion(key)
        if former.is_deleted:
            return Plan("gone", former)
        self._refuse_unseen(former, if_match)
        return Plan("deleted", deletion(former, self.hub.now(), self.client.id))

    def refuse_deletion(self, kind: str) -> None:
        """Raise NotAllowed for a lookup, whatever it is called."""
        if self.hub.registry.type(kind).is_lookup:
            raise NotAllowed(f"A {kind} is never deleted; update its status to inactive instead.")

    def _read(self, key: Key) -> Version | None:
        return self.current.get(key) or self.hub.store.read(key)

    def _change(
        self,
        former: Version,
        change: Callable[[Resource], Resource],
        if_match: Precondition | None,
    ) -> Plan:
        published = self.hub.registry.type(former.key.type)
        self._refuse_unseen(former, if_match)
        body = change(former.resource)
        self._check(published, body)
        if same_content(former.resource, body):
            return Plan("unchanged", former)
        return self._next("updated", former.key, body, former)

    def _next(
        self,
        outcome: str,
        key: Key,
        body: Resource,
        former: Version | None,
        absent: tuple[Query, ...] = (),
    ) -> Plan:
        meta = {**body.get("meta", {}), "source": self.client.source}
        signed = {**body, "meta": meta}
        version = following(former, key, self.hub.now(), self.client.id, signed)
        return Plan(outcome, version, self._gained_references(version), absent)

    def _check(self, published: ResourceType, body: Resource) -> None:
        faults = published.faults(body)
        if faults:
            raise Invalid("The resource breaks its schema.", issues=faults)

    def _gained_references(self, version: Version) -> frozenset[Key]:
        """Return what the version newly refers to; raise ReferenceMissing for what is not there.

        What the former version referred to cannot have been deleted since.
        """
        published = self.hub.registry.type(version.key.type)
        former = version.former.resource if version.former else {}
        before = {key for key, _ in published.referred(former)} | {version.key, *self.among}
        gained = [
            (key, at) for key, at in published.referred(version.resource) if key not in before
        ]
        known = {key for key, _ in gained}
        asked = known.difference(self.present)
        absent = asked - self.hub.store.present(asked) if asked else set()
        missing = [reference_missing(at) for key, at in gained if key in absent]
        if missing:
            raise ReferenceMissing("A reference leads nowhere.", issues=missing)
        return frozenset(known)

    def _refuse_creation(self, key: Key, if_match: Precondition | None) -> None:
        """Refuse a PUT to an id that holds nothing, unless the type takes ids from its keepers."""
        if self.hub.store.latest(key) is not None:
            raise Deleted(f"This {key.type} was deleted; its history remains.")
        if if_match is not None:
            raise VersionConflict(f"There is no {key.type} with this id, so no version matches.")
        if not self.hub.registry.type(key.type).is_lookup:
            raise NotAllowed(f"The hub gives a {key.type} its id; create it with POST.")

    def _refuse_blind(self, kind: str, if_match: Precondition | None) -> None:
        """Refuse a change that does not say which version it saw, where the type demands it."""
        if if_match is None and self.hub.registry.type(kind).needs_precondition:
            raise PreconditionRequired(
                f"A change of a {kind} must say which version it saw: send If-Match.", "If-Match"
            )

    def _refuse_unseen(self, former: Version, if_match: Precondition | None) -> None:
        """Refuse a change by someone who has not seen the current version."""
        if if_match is None or if_match.matches(former.number):
            return
        seen = [number for number in if_match.numbers if number < former.number]
        held = self.hub.store.vread(former.key, max(seen)) if seen else None
        raise VersionConflict(
            f"The {former.key.type} is at version {former.number}; read it and reconcile first.",
            current=former.etag,
            changes=difference(held.resource, former.resource) if held else None,
        )

    def _former_deletion(self, key: Key) -> Version:
        latest = self.hub.store.latest(key)
        if latest is None:
            raise NotFound(f"There is no {key.type} with this id.")
        return latest


def reference_missing(pointer: str) -> Issue:
    """Return the fault of a reference that leads nowhere."""
    text = "The resource referred to does not exist."
    return Issue(ReferenceMissing.code, ReferenceMissing.detail, text, pointer)
