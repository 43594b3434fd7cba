"""What rules may know of the stored rows: all of them, as they would be after the write.

Rules judge the whole, so the rows are not filtered for the client; what a rule may say of them is
the rule's duty (`app.rules.workflow.Facts`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from app.interactions.records import Records
from app.model.access.redaction import redact
from app.model.clause import Clause, OneOf
from app.model.codec import Resource
from app.model.query import Query, parse, plain
from app.model.version import Key, Version
from app.rules.reference import Reference
from app.rules.workflow import Actor, Criteria

PAGE = 100


class LiveFacts:
    """The facts of one planning; `coming` are the resources that the same commit brings."""

    def __init__(self, records: Records, coming: Mapping[Key, Resource] | None = None) -> None:
        self._records = records
        self._hub = records.hub
        self._coming: dict[Key, Resource | None] = dict(coming or {})
        self._versions: dict[Key, Version | None] = {}
        self._about: dict[tuple[str, str], list[Resource]] = {}
        self.now: datetime = self._hub.now()

    @property
    def reference(self) -> Reference:
        """The facts that ship with the hub."""
        return self._hub.reference

    @property
    def actor(self) -> Actor:
        """Who writes."""
        client = self._records.client
        if client.is_staff or client.partner is None:
            return Actor(client=client.id)
        return Actor(client.partner, self.agency(client.partner), client.id)

    @property
    def lookups(self) -> frozenset[str]:
        """The types whose rows the state keeps."""
        return self._hub.registry.lookups

    def fetch(self, keys: Iterable[Key]) -> None:
        """Read rows that rules will ask for, all at once."""
        wanted = {each for each in keys if each not in self._versions and each not in self._coming}
        found = {each.key: each for each in self._hub.store.read_many(wanted)} if wanted else {}
        self._versions |= {key: found.get(key) for key in wanted}

    def bring(self, key: Key, body: Resource) -> None:
        """Take note of what the same commit writes; an empty body is a deletion."""
        self._coming[key] = {**body, "resourceType": key.type, "id": key.id} if body else None

    def version(self, key: Key) -> Version | None:
        """Return the current version as it is stored, None when there is none."""
        if key not in self._versions:
            known = key.type in self._hub.registry.types
            self._versions[key] = self._hub.store.read(key) if known else None
        return self._versions[key]

    def row(self, reference: str | None) -> Resource | None:
        """Return the current resource of `Type/id`, None when there is none."""
        key = Key.parse(reference or "")
        if key in self._coming:
            return self._coming[key]
        found = self.version(key)
        return found.resource if found else None

    def seen(self, reference: str | None) -> Resource | None:
        """Return what the actor may see of the current resource of `Type/id`, None for nothing.

        What the same commit makes is the actor's own word.
        """
        body, key = self.row(reference), Key.parse(reference or "")
        version = self.version(key) if body else None
        if body is None or version is None:
            return body
        sight = self._records.sights("read", [version])[0]
        return redact(self._hub.registry.type(key.type), body, sight) if sight else None

    def about(self, kind: str, participant: str | None) -> Sequence[Resource]:
        """Return the current resources of a type about a participant."""
        if participant is None:
            return []
        asked = kind, participant
        if asked not in self._about:
            self._about[asked] = list(self._stored(kind, participant))
        coming = {key: body for key, body in self._coming.items() if key.type == kind}
        kept = [each for each in self._about[asked] if Key(kind, each["id"]) not in coming]
        return kept + [each for each in coming.values() if each and _is_about(each, participant)]

    def matches(self, criteria: Criteria) -> Sequence[Resource]:
        """Return at most a hundred current resources that match, rows of this commit aside."""
        query = self.query(criteria)
        if any(each.is_secret for each in query.clauses):
            self._records.has_asked_secret = True
        found = self._hub.store.search(query)
        return [each.resource for each in found.versions]

    def query(self, criteria: Criteria) -> Query:
        """Return the search that criteria ask."""
        name, pairs = criteria
        kind = self._hub.registry.type(name)
        return parse(kind, [*pairs, ("_count", str(PAGE))], max_count=PAGE)

    def agency(self, party: str | None) -> str | None:
        """Return the agency of a partner or program, or the agency itself; None when unknown."""
        policy = self._records.policy
        name = party or ""
        if name in policy.parties:
            return policy.parties[name].agency
        if name in policy.programs:
            return policy.programs[name][0]
        return name if name in policy.regimes else None

    def guard(self, name: str | None) -> str | None:
        """Return the agency that alone may know of rows that name `name`, if there is one."""
        return self._records.policy.guards.get(name or "")

    def is_published(self, kind: str, version: str) -> bool:
        """Whether a version of a type is or was in force."""
        return (kind, version) in self._hub.registry.publications

    def new_id(self) -> str:
        """Return an id for a resource or an item that the hub makes."""
        return self._hub.new_id()

    def _stored(self, name: str, participant: str) -> Iterator[Resource]:
        kind = self._hub.registry.type(name)
        clause = Clause(kind.parameters["participant"], OneOf((participant,)))
        query = plain(kind, (clause,), PAGE)
        while True:
            found = self._hub.store.search(query)
            yield from (each.resource for each in found.versions)
            if found.next is None:
                return
            query = query.at(found.next)


def _is_about(body: Resource, participant: str) -> bool:
    return bool(body.get("participant", {}).get("reference") == participant)
