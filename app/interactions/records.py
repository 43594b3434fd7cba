"""The one road to rows: what a client may see of them, and what the audit will say it saw.

Every interaction gets its rows from here, under an access decision for each type it touches.
"""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import replace

from app.interactions import Hub
from app.interactions.consents import Consents, consented
from app.interactions.contracts import projected, read_under
from app.model.access.authorize import authorize, standing
from app.model.access.client import Client
from app.model.access.consent import is_carried
from app.model.access.decision import Decision
from app.model.access.former import named
from app.model.access.policy import Policy
from app.model.access.redaction import redact
from app.model.access.sight import Sight
from app.model.audit.trail import Act
from app.model.codec import Resource, encode
from app.model.contracts import canonical, stated
from app.model.errors import Forbidden
from app.model.query_result import ALWAYS
from app.model.resource_type import ResourceType
from app.model.version import Key, Marks, Version

OK, CREATED = 200, 201
"""What HTTP would say of a version that follows another, and of a first one."""
WRITES = frozenset({"create", "update", "patch", "delete"})
PAST = frozenset({"vread", "history-instance", "history-type", "history-system", "changes"})
"""Interactions that answer former versions."""


class Records:
    """The rows of one interaction of one client; `act` tells the audit of it.

    `has_asked_secret` says that the rules searched by a secret on its behalf.
    """

    def __init__(self, hub: Hub, client: Client, act: Act) -> None:
        self.hub = hub
        self.client = client
        self.act = act
        self.policy: Policy = hub.policies.current()
        self.has_asked_secret = False
        self._decisions: dict[tuple[str, str], Decision | None] = {}
        self._contracts: dict[str, ResourceType] = {}

    def on(self, act: Act) -> "Records":
        """Return the same for another act of the same request."""
        made = copy(self)
        made.act = act
        return made

    def decide(self, interaction: str, name: str) -> Decision:
        """Return the decision on a type; raise UnknownType, and what `authorize` raises."""
        kind = self.hub.registry.type(name)
        made = authorize(self.client, interaction, kind, self._purpose, self.policy)
        self._decisions[interaction, name] = made
        return made

    def seen(self, interaction: str, versions: Sequence[Version]) -> list[Version | None]:
        """Return of each version what the client sees, None in the place of what it does not.

        The audit is told of what is seen.
        """
        sights = self.sights(interaction, versions)
        return [
            self.told(version, sight) if sight else None
            for version, sight in zip(versions, sights, strict=True)
        ]

    def sights(self, interaction: str, versions: Sequence[Version]) -> list[Sight | None]:
        """Return how the client sees each version, None for those it does not see at all."""
        decisions = [self._standing(interaction, each.key.type) for each in versions]
        pairs = zip(versions, decisions, strict=True)
        marked = [(d, self.marks(v, d.kind)) for v, d in pairs if d]
        asked = {marks.participant for d, marks in marked if d.asks_consent(marks)}
        whose = sorted(filter(None, asked))
        consents = consented(self.hub, self.client, self.policy, whose)
        pairs = zip(versions, decisions, strict=True)
        sights = [self._sight(each, decision, consents) for each, decision in pairs]
        return self._as_of_today(versions, sights) if interaction in PAST else sights

    def everything(self, interaction: str, name: str) -> Sight:
        """Return how the client sees the rows of a type that is open to it; raise Forbidden."""
        return (self._standing(interaction, name) or self.decide(interaction, name)).everything

    def _as_of_today(
        self, versions: Sequence[Version], sights: list[Sight | None]
    ) -> list[Sight | None]:
        """Return the sights, none for the past of what the client may not see as it is now."""
        types = self.hub.registry.types
        keys = {each.key for each in versions if not self._is_open(types[each.key.type])}
        owned = [each for each in keys if not types[each.type].is_shared]
        current = self.hub.store.read_many(owned) if owned else []
        pairs = zip(current, self.sights("read", current), strict=True)
        gone = {each.key for each, sight in pairs if sight is None}
        return [
            None if each.key in gone else sight
            for each, sight in zip(versions, sights, strict=True)
        ]

    def told(self, version: Version, sight: Sight) -> Version:
        """Return what is seen of a version, once the audit is told of it."""
        kind = self.hub.registry.type(version.key.type)
        self.note(version, kind, sight)
        if version.is_deleted:
            return version
        if self._is_blind(kind):
            return _named(version)
        contract = self.contract(kind.name)
        text = version.text
        if text is None or not sight.is_full or contract is not kind:
            text = encode(self.shown(version.resource, kind, sight))
        profile = canonical(contract.name, contract.version)
        return replace(version, text=stated(text, profile))

    def contract(self, name: str) -> ResourceType:
        """Return the version of a type in which the client is answered; raise NotAcceptable."""
        if name not in self._contracts:
            found = self._contracts[name] = read_under(self.hub, self.client, name)
            said = self.client.contracts
            said.answered[name] = found.version
            if found is not self.hub.registry.current(name):
                said.views[name] = found.version
        return self._contracts[name]

    def shown(self, resource: Resource, kind: ResourceType, sight: Sight) -> Resource:
        """Return what the client sees of a resource, in the version that it reads."""
        whole = resource if sight.is_full else named(kind, resource)
        seen = projected(self.hub.registry, self.contract(kind.name), whole)
        return redact(kind, seen, sight)

    def _is_blind(self, kind: ResourceType) -> bool:
        """Whether the client writes a type that it may not read."""
        return self.act.interaction in WRITES and not self.client.may("read", kind.name)

    def note(self, version: Version, kind: ResourceType, sight: Sight) -> None:
        """Tell the audit that a version was seen."""
        marks = self.marks(version, kind)
        act = self.act
        name, owners = f"{version.key}/{version.number}", self.policy.agencies(marks.ends)
        act.resources[name] = None
        act.whose[name] = marks.participant or "", " ".join(sorted(owners))
        act.owners |= owners
        act.labels |= kind.labels - sight.labels
        act.basis |= {*sight.basis}
        if marks.participant:
            act.participants.add(marks.participant)

    def follow(self, versions: Iterable[Version]) -> None:
        """Tell the audit of versions that the rules make of this act; nobody is shown them."""
        trail = self.client.trail
        for version in versions:
            kind = self.hub.registry.type(version.key.type)
            name = "update" if version.former else "create"
            act = trail.begin(name, kind.name)
            act.status = CREATED if version.former is None else OK
            self.on(act).note(version, kind, Sight(kind.labels, basis=("rule",)))

    def marks(self, version: Version, kind: ResourceType) -> Marks:
        """Return whose a version is; one that is being written does not carry its marks yet."""
        if version.is_deleted and version.former:
            return self.marks(version.former, kind)
        if version.marks != Marks() or version.is_deleted:
            return version.marks
        return kind.marks(version.resource)

    def present(self, keys: Iterable[Key]) -> set[Key]:
        """Return those of `keys` that exist and may be referred to by the client."""
        asked = set(keys)
        types = self.hub.registry.types
        hidden = {key for key in asked if not self._is_open(types.get(key.type))}
        found = self.hub.store.present(asked - hidden)
        if not hidden:
            return found
        versions = self.hub.store.read_many(hidden)
        sights = self.sights("read", versions)
        return found | {v.key for v, sight in zip(versions, sights, strict=True) if sight}

    @property
    def _purpose(self) -> str | None:
        return self.client.purpose

    def _is_open(self, kind: ResourceType | None) -> bool:
        return kind is None or self.client.is_staff or kind.is_lookup

    def _standing(self, interaction: str, name: str) -> Decision | None:
        asked, kind = (interaction, name), self.hub.registry.type(name)
        known = self._decisions.get(asked)
        if known and known.kind is not kind:
            # Published since: what is new in it is to be hidden by its own labels.
            self._decisions[asked] = replace(known, kind=kind)
        if asked not in self._decisions:
            try:
                made = standing(self.client, interaction, kind, self._purpose, self.policy)
            except Forbidden:
                made = None
            self._decisions[asked] = made
        return self._decisions[asked]

    def _sight(self, each: Version, decision: Decision | None, consents: Consents) -> Sight | None:
        if decision is None or decision.is_open:
            return decision.everything if decision else None
        kind = decision.kind
        carried = "consent" in kind.names and is_carried(each.resource, self.policy.today)
        marks = self.marks(each, kind)
        return decision.sight(marks, consents.get(marks.participant or "", ()), carried=carried)


def _named(version: Version) -> Version:
    """Return a version without its content, for a client that may write it and not read it."""
    kept = {name: version.resource[name] for name in ALWAYS}
    return replace(version, text=encode(kept))


def begin(hub: Hub, client: Client, interaction: str, name: str | None) -> Records:
    """Return the rows of an interaction that begins, which the audit will tell of."""
    return Records(hub, client, client.trail.begin(interaction, name))
