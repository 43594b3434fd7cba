"""What a write would append, decided from what is stored; nothing is written here.

One write is one plan; a transaction bundle is many plans and one commit.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import NoReturn

from app.interactions import Hub
from app.interactions.facts import LiveFacts
from app.interactions.judgement import Judged, judged, refuse_broken
from app.interactions.records import Records
from app.interactions.stale import refuse_stale
from app.model.access.decision import Decision
from app.model.access.ownership import refuse_foreign
from app.model.access.redaction import redact, restore
from app.model.access.seen_pointer import seen_by
from app.model.access.sight import Sight
from app.model.codec import Resource
from app.model.conflicts import ReferenceMissing, VersionConflict
from app.model.errors import (
    Deleted,
    HubError,
    Issue,
    Malformed,
    NotAllowed,
    NotFound,
    PreconditionRequired,
)
from app.model.precondition import Precondition
from app.model.query import Query
from app.model.resource_type import ResourceType
from app.model.version import Key, Version, deletion, following, same_content
from app.rules.persons import merging
from app.rules.workflow import Move

NEW = ("created", "updated", "deleted")
"""The outcomes that append a version."""


@dataclass(frozen=True)
class Plan:
    """The version that a write leaves, and what must hold when it is committed.

    `outcome` is one of NEW, or `unchanged`, `existing`, or `gone` for what was deleted before.
    `also` is what the same commit writes besides, as the rules say; `answer` is what an operation
    says of it all.
    """

    outcome: str
    version: Version
    held: frozenset[Key] = frozenset()
    absent: tuple[Query, ...] = ()
    also: tuple["Plan", ...] = ()
    answer: str = ""

    @property
    def is_new(self) -> bool:
        """Whether there is a version to append."""
        return self.outcome in NEW


@dataclass(frozen=True)
class Writer:
    """Whose rows are written, and what is known already when many writes share a commit.

    `facts` are what the rules know. `among` are resources that the same commit brings along;
    `current` and `present` are versions and keys that were read for all its writes at once.
    """

    records: Records
    facts: LiveFacts
    among: Collection[Key] = ()
    current: Mapping[Key, Version] = field(default_factory=dict)
    present: Collection[Key] = ()

    @property
    def _hub(self) -> Hub:
        return self.records.hub

    def create(self, key: Key, body: Resource, absent: tuple[Query, ...] = ()) -> Plan:
        """Plan the first version of a resource under an id of the hub's choosing.

        Raises Invalid with every fault of the body, and ReferenceMissing.
        """
        return self._created(key, body, absent)

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
        return self._created(key, body)

    def patch(
        self, key: Key, change: Callable[[Resource], Resource], if_match: Precondition | None
    ) -> Plan:
        """Plan the version that `change` makes of the current one; it is validated as a whole."""
        self._refuse_blind(key.type, if_match)
        former = self._read(key)
        if former is None:
            self._refuse_absent(key)
        return self._change(former, change, if_match)

    def delete(self, key: Key, if_match: Precondition | None) -> Plan:
        """Plan a deletion; `gone` when it was deleted before.

        Raises NotAllowed for a lookup, NotFound when it never was, RuleBroken for a merged record,
        VersionConflict and PreconditionRequired as `update` does.
        """
        refuse_deletion(self._hub, key.type)
        self._refuse_blind(key.type, if_match)
        former = self._read(key) or self._former_deletion(key)
        if former.is_deleted:
            return Plan("gone", former)
        refuse_stale(self.records, former, if_match)
        refuse_foreign(self._decision("delete", key.type), former, None)
        refuse_broken(merging.deletion_faults(former.resource))
        return Plan("deleted", deletion(former, self._hub.now(), self.records.client.id))

    def _decision(self, interaction: str, name: str) -> Decision:
        return self.records.decide(interaction, name)

    def _sight(self, version: Version) -> Sight | None:
        return self.records.sights("read", [version])[0]

    def _read(self, key: Key) -> Version | None:
        """Return the current version, None when there is none that the client may see."""
        found = self.current.get(key) or self._hub.store.read(key)
        return found if found is not None and self._sight(found) else None

    def _refuse_absent(self, key: Key) -> NoReturn:
        """Raise Deleted when the resource once was and might be seen, NotFound otherwise."""
        self._former_deletion(key)
        raise Deleted(f"This {key.type} was deleted; its history remains.")

    def _created(self, key: Key, body: Resource, absent: tuple[Query, ...] = ()) -> Plan:
        decision = self._decision("create", key.type)
        refuse_foreign(decision, None, body)
        body = restore(decision.kind, None, body, decision.fresh)
        made = self.judge(decision.kind, Move(str(key), None, body, self.facts.actor))
        return self._next("created", key, None, replace(made, alone=(*absent, *made.alone)))

    def _change(
        self,
        former: Version,
        change: Callable[[Resource], Resource],
        if_match: Precondition | None,
    ) -> Plan:
        decision = self._decision("update", former.key.type)
        sight = self._sight(former)
        if sight is None:
            raise NotFound(f"There is no {former.key.type} with this id.")
        refuse_stale(self.records, former, if_match)
        seen = redact(decision.kind, former.resource, sight)
        body = restore(decision.kind, former.resource, change(seen), sight)
        refuse_foreign(decision, former, body)
        made = self.judge_next(decision.kind, former, body, sight)
        if same_content(former.resource, made.move.body):
            return Plan("unchanged", former)
        return self._next("updated", former.key, former, made)

    def judge(self, kind: ResourceType, move: Move) -> Judged:
        """Return what would be written of a move; raise as `judged` does, and ReferenceMissing."""
        return judged(self.facts, kind, move, self._held)

    def judge_next(
        self, kind: ResourceType, former: Version, body: Resource, sight: Sight
    ) -> Judged:
        """Return the same of the next version; what is hidden is back in `body`, and not told."""
        move = Move(str(former.key), former.resource, body, self.facts.actor)
        try:
            return self.judge(kind, move)
        except HubError as error:
            error.issues = seen_by(error.issues, body, sight.barred)
            raise

    def _next(self, outcome: str, key: Key, former: Version | None, made: Judged) -> Plan:
        body = made.move.body
        meta = {**body.get("meta", {}), "source": self.records.client.source}
        signed = {**body, "meta": meta}
        version = following(former, key, self._hub.now(), self.records.client.id, signed)
        self.facts.bring(key, version.resource)
        return Plan(outcome, version, made.held, made.alone)

    def _held(self, kind: ResourceType, move: Move) -> frozenset[Key]:
        """Return what a body newly refers to; raise ReferenceMissing for what is not there.

        What the former version referred to cannot have been deleted since. Raises RuleBroken for
        a participant whose record goes on as another.
        """
        own = Key.parse(move.reference)
        before = {key for key, _ in kind.referred(move.former or {})} | {own, *self.among}
        gained = [(key, at) for key, at in kind.referred(move.body) if key not in before]
        known = {key for key, _ in gained}
        asked = known.difference(self.present)
        absent = asked - self.records.present(asked) if asked else set()
        missing = [reference_missing(at) for key, at in gained if key in absent]
        if missing:
            raise ReferenceMissing("A reference leads nowhere.", issues=missing)
        refuse_broken(merging.reference_faults(gained, self.facts))
        return frozenset(known)

    def _refuse_creation(self, key: Key, if_match: Precondition | None) -> None:
        """Refuse a PUT to an id that holds nothing, unless the type takes ids from its keepers."""
        latest = self._hub.store.latest(key)
        if latest is not None and self._sight(latest) is not None:
            raise Deleted(f"This {key.type} was deleted; its history remains.")
        if if_match is not None:
            raise VersionConflict(f"There is no {key.type} with this id, so no version matches.")
        if not self._hub.registry.type(key.type).is_lookup:
            raise NotAllowed(f"The hub gives a {key.type} its id; create it with POST.")

    def _refuse_blind(self, kind: str, if_match: Precondition | None) -> None:
        """Refuse a change that does not say which version it saw, where the type demands it."""
        if if_match is None and self._hub.registry.type(kind).needs_precondition:
            raise PreconditionRequired(
                f"A change of a {kind} must say which version it saw: send If-Match.", "If-Match"
            )

    def _former_deletion(self, key: Key) -> Version:
        latest = self._hub.store.latest(key)
        if latest is None or self._sight(latest) is None:
            raise NotFound(f"There is no {key.type} with this id.")
        return latest


def refuse_deletion(hub: Hub, kind: str) -> None:
    """Raise NotAllowed for a lookup, whatever it is called."""
    if hub.registry.type(kind).is_lookup:
        raise NotAllowed(f"A {kind} is never deleted; update its status instead.")


def reference_missing(pointer: str) -> Issue:
    """Return the fault of a reference that leads nowhere."""
    text = "The resource referred to does not exist."
    return Issue(ReferenceMissing.code, ReferenceMissing.detail, text, pointer)
