"""What a write brings about besides: further versions in the same commit, as the rules say."""

from collections import deque
from collections.abc import Iterable
from dataclasses import replace

from app.interactions.facts import LiveFacts
from app.interactions.judgement import completed, refuse
from app.interactions.plan import NEW, Plan
from app.interactions.records import Records
from app.model.codec import Resource
from app.model.errors import RuleBroken
from app.model.resource_type import ResourceType
from app.model.version import Key, Version, following, same_content
from app.rules.workflow import Effect, Move
from app.rules.workflows import workflow

BY_RULE = "urn:wioa-hub:rules"
"""What `meta.source` says of a version that the rules made."""
ERROR = "entered-in-error"
MOST, MOST_EACH = 2000, 20
"""Most versions whose effects are looked for in one commit, and how many more for each entry."""


class Effects:
    """The effects of the plans of one commit, gathered until there are no more."""

    def __init__(self, records: Records, facts: LiveFacts, plans: Iterable[Plan]) -> None:
        self._records = records
        self._facts = facts
        self._plans = {each.version.key: each for each in plans if each.outcome in NEW}
        self._asked = {*self._plans}
        for key, plan in self._plans.items():
            facts.bring(key, plan.version.resource)

    def spread(self) -> dict[Key, Plan]:
        """Return all plans by key: those that were asked for, as they became, and their effects."""
        waiting = deque(self._plans)
        for _ in range(MOST + MOST_EACH * len(self._asked)):
            if not waiting:
                return self._plans
            move = self._move(self._plans[waiting.popleft()])
            kind, _, _ = move.reference.partition("/")
            for effect in workflow(kind).effects(move, self._facts):
                key = self._follow(effect, move)
                if key is not None:
                    waiting.append(key)
        raise RuleBroken("The rules do not come to an end with this write.")

    def _move(self, plan: Plan) -> Move:
        """Return what a plan does; to the rules, what is deleted had been entered in error."""
        version = plan.version
        former = version.former.resource if version.former else None
        body = {**(former or {}), "status": ERROR} if version.is_deleted else version.resource
        is_effect = version.key not in self._asked
        return Move(str(version.key), former, body, self._facts.actor, is_effect)

    def _follow(self, effect: Effect, cause: Move) -> Key | None:
        """Plan what an effect writes; return its key, None when it changes nothing."""
        key = Key.parse(effect.reference)
        planned = self._plans.get(key)
        if planned and planned.outcome == "deleted":
            return None
        former = planned.version.former if planned else self._facts.version(key)
        now = planned.version.resource if planned else former.resource if former else None
        kind = self._records.hub.registry.type(key.type)
        before = former.resource if former else None
        move = completed(
            self._facts, kind, Move(str(key), before, effect.body, cause.actor, is_effect=True)
        )
        if now is not None and same_content(now, move.body):
            return None
        refuse(RuleBroken, "What follows from this write is not valid.", kind.faults(move.body))
        plan = self._planned(key, move.body, planned)
        alone = tuple(map(self._facts.query, workflow(key.type).alone(move, self._facts)))
        self._plans[key] = replace(plan, absent=(*(planned.absent if planned else ()), *alone))
        self._facts.bring(key, plan.version.resource)
        return key

    def _planned(self, key: Key, body: Resource, planned: Plan | None) -> Plan:
        former = planned.version.former if planned else self._facts.version(key)
        source = body.get("meta", {}).get("source") if key in self._asked else BY_RULE
        signed = {**body, "meta": {**body.get("meta", {}), "source": source}}
        hub = self._records.hub
        version = following(former, key, hub.now(), self._records.client.id, signed)
        kind = hub.registry.type(key.type)
        held = _gained(kind, version) - self._plans.keys() - {key}
        outcome = planned.outcome if planned else "updated" if former else "created"
        return Plan(outcome, version, (planned.held if planned else frozenset()) | held)


def spread(records: Records, facts: LiveFacts, plan: Plan) -> Plan:
    """Return a plan with its effects."""
    if plan.outcome not in NEW:
        return plan
    plans = Effects(records, facts, [plan]).spread()
    own = plans.pop(plan.version.key)
    return replace(own, also=tuple(plans.values()))


def _gained(kind: ResourceType, version: Version) -> frozenset[Key]:
    """Return what a version refers to that its former one did not."""
    former = version.former.resource if version.former else {}
    before = {key for key, _ in kind.referred(former)}
    return frozenset(key for key, _ in kind.referred(version.resource)) - before
