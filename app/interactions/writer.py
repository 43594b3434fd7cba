"""Decides from what is stored what a write would append: one plan for each."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import NoReturn

from app.interactions import Hub
from app.interactions.contracts import projected, written_under
from app.interactions.facts import LiveFacts
from app.interactions.gaining import Known
from app.interactions.judgement import (
    Judged,
    judged,
    refuse_broken,
    refuse_broken_contract,
)
from app.interactions.plan import Plan
from app.interactions.records import Records
from app.interactions.stale import refuse_stale
from app.model.access.decision import Decision
from app.model.access.ownership import refuse_foreign
from app.model.access.redaction import redact, restore
from app.model.access.seen_pointer import seen_by
from app.model.access.sight import Sight
from app.model.codec import Resource
from app.model.conflicts import VersionConflict
from app.model.contracts import canonical, declaring, undeclared
from app.model.errors import (
    Deleted,
    HubError,
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
        is_lookup = self._hub.registry.type(key.type).is_lookup
        if not is_lookup:
            self._refuse_blind(key.type, if_match)
        former = self._read(key) or self._just_born(key)
        if former is not None:
            # A lookup that is created had no version to be seen.
            self._refuse_blind(key.type, if_match)
            contract = written_under(self._hub, self.records.client, key.type, body)
            return self._change(former, lambda _: body, if_match, contract)
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
        return self._change(former, change, if_match, self.records.contract(key.type))

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
        made = self.judge_first(decision.kind, key, body)
        return self._next("created", key, None, replace(made, alone=(*absent, *made.alone)))

    def _change(
        self,
        former: Version,
        change: Callable[[Resource], Resource],
        if_match: Precondition | None,
        contract: ResourceType,
    ) -> Plan:
        decision = self._decision("update", former.key.type)
        sight = self._sight(former)
        if sight is None:
            raise NotFound(f"There is no {former.key.type} with this id.")
        refuse_stale(self.records, former, if_match)
        base = projected(self._hub.registry, contract, former.resource)
        seen = declaring(base, canonical(contract.name, contract.version))
        body = change(redact(decision.kind, seen, sight))
        body = restore(decision.kind, base, body, sight)
        refuse_foreign(decision, former, body)
        made = self.judge_next(contract, former, body, sight)
        if same_content(former.resource, made.move.body):
            return Plan("unchanged", former)
        return self._next("updated", former.key, former, made)

    def judge_first(self, kind: ResourceType, key: Key, body: Resource) -> Judged:
        """Return what would be written of a new resource.

        Raises as `written_under` and `judged` do, and ReferenceMissing.
        """
        contract = written_under(self._hub, self.records.client, kind.name, body)
        kind = self._hub.registry.type(kind.name)
        body = undeclared(kind.name, body)
        refuse_broken_contract(kind, contract, body)
        return self._judged(kind, Move(str(key), None, body, self.facts.actor))

    def judge_next(
        self, contract: ResourceType, former: Version, body: Resource, sight: Sight
    ) -> Judged:
        """Return the same of the next version, whose body a client wrote under a contract.

        What is hidden is back in `body`, and not told; what the contract has no words for comes
        back from the former version.
        """
        registry = self._hub.registry
        kind = registry.type(contract.name)
        body = undeclared(kind.name, body)
        try:
            refuse_broken_contract(kind, contract, body)
            if contract is not kind:
                body = registry.lens(contract).rejoined(body, former.resource)
            return self._judged(
                kind, Move(str(former.key), former.resource, body, self.facts.actor)
            )
        except HubError as error:
            error.issues = seen_by(error.issues, body, sight.barred)
            raise

    def _judged(self, kind: ResourceType, move: Move) -> Judged:
        known = Known(self.records, self.facts, self.among, self.present)
        return judged(self.facts, kind, move, known.gained)

    def _next(self, outcome: str, key: Key, former: Version | None, made: Judged) -> Plan:
        body = made.move.body
        meta = {**body.get("meta", {}), "source": self.records.client.source}
        signed = {**body, "meta": meta}
        version = following(former, key, self._hub.now(), self.records.client.id, signed)
        self.facts.bring(key, version.resource)
        return Plan(outcome, version, made.held, made.alone)

    def _just_born(self, key: Key) -> Version | None:
        """Return what somebody else created since it was looked for, None when nobody did."""
        latest = self._hub.store.latest(key)
        is_there = latest is not None and not latest.is_deleted and self._sight(latest)
        return latest if is_there else None

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
