"""What `$merge` and `$unmerge` share: who may, the rows of a person, the commit, the answer."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.interactions.effects import BY_RULE
from app.interactions.facts import LiveFacts
from app.interactions.judgement import refuse
from app.interactions.operations import Answer, Call
from app.interactions.plan import Plan
from app.interactions.records import Records, begin
from app.interactions.settling import Written
from app.interactions.stale import refuse_stale
from app.interactions.view import View
from app.model.clause import ID, Clause, NoneOf, OneOf
from app.model.codec import Resource, decode, encode
from app.model.conflicts import VersionConflict
from app.model.errors import BadParameter, Forbidden, Invalid, Issue, TooCostly
from app.model.operation import parameters
from app.model.outcome import outcome
from app.model.parameter import Parameter
from app.model.precondition import Precondition
from app.model.query import Query, plain
from app.model.resource_type import PARTICIPANT, ResourceType
from app.model.version import Key, Version, following
from app.rules.participation import period
from app.rules.participation.period import ENROLLMENT
from app.rules.persons import repointing

MOST = 500
"""Most rows that one operation re-points: so many are written well within the deadline."""
PAGE = 200
MOST_LOOKS = 50
"""How many pages of one type's rows are looked through."""
TOO_MANY = "More rows would have to be re-pointed than one request may write."
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}\Z")


@dataclass(frozen=True)
class Person:
    """The rows of people, as one planning of an operation sees and changes them."""

    records: Records
    facts: LiveFacts

    def profile(self, key: Key) -> Version:
        """Return a current profile as it is stored; raise Deleted or NotFound."""
        view = View(self.records, "update", PARTICIPANT)
        found = self.facts.version(key)
        return found if found is not None else view.refuse_absent(key)

    def rows(self, key: Key) -> list[Version]:
        """Return the current rows of all types that refer to a participant.

        Raises Forbidden for whoever may not write one of the types, TooCostly for too many rows.
        """
        found: dict[Key, Version] = {}
        for kind, parameter in self._naming():
            view = View(self.records, "update", kind.name)
            query = plain(kind, (_names(parameter, key),), PAGE)
            for _ in range(MOST_LOOKS):
                pairs, position = view.page(query)
                found |= {each.key: each for each, _ in pairs}
                if position is None:
                    break
                query = query.at(position)
            else:
                raise TooCostly(TOO_MANY)
        return list(found.values())

    def no_others(self, key: Key, known: Iterable[Version]) -> tuple[Query, ...]:
        """Return searches that find what refers to a participant besides what is known."""
        ids: dict[str, list[str]] = {}
        for each in known:
            ids.setdefault(each.key.type, []).append(each.key.id)
        return tuple(
            plain(kind, (_names(parameter, key), *_besides(ids.get(kind.name, ()))), 1)
            for kind, parameter in self._naming()
        )

    def changed(self, former: Version, body: Resource, absent: tuple[Query, ...] = ()) -> Plan:
        """Plan the next version of a profile; raise Invalid when it has too many identifiers."""
        faults = self.records.hub.registry.type(PARTICIPANT).faults(body)
        refuse(Invalid, f"{former.key} would break its schema.", faults)
        return replace(self._next(former, body), absent=absent)

    def moved(self, former: Version, body: Resource, whence: Key, where: Key) -> Plan:
        """Plan the version of a row that refers to another participant than before."""
        kind = self.records.hub.registry.type(former.key.type)
        return self._next(former, repointing.repointed(kind, body, str(whence), str(where)))

    def settled(self, rows: Sequence[Plan], *people: Key) -> Iterable[Plan]:
        """Return the plans of rows that moved, with the periods of these people found anew."""
        plans = {each.version.key: each for each in rows}
        for key, plan in plans.items():
            self.facts.bring(key, plan.version.resource)
        enrolled = {str(k): p.version.resource for k, p in plans.items() if k.type == ENROLLMENT}
        for name, body in period.moved(enrolled, [*map(str, people)], self.facts):
            key = Key.parse(name)
            former = plans[key].version.former if key in plans else self.facts.version(key)
            if former is not None:
                plans[key] = self._next(former, body)
        return plans.values()

    def together(
        self, merged: Plan, survivor: Plan, rows: Sequence[Plan], warnings: Sequence[Issue]
    ) -> Plan:
        """Return the plan of an operation, with its answer.

        It says who is who now, how many rows were re-pointed, and what is to be looked at.
        Raises TooCostly for too many rows.
        """
        if len(rows) > MOST:
            raise TooCostly(TOO_MANY)
        told = [
            *_told("merged", merged.version),
            *_told("survivor", survivor.version),
            {"name": "repointed", "valueInteger": len(rows)},
        ]
        if warnings:
            body = outcome(warnings, self.records.client.trail.request)
            told.append({"name": "warnings", "resource": body})
        moved = self.settled(rows, merged.version.key, survivor.version.key)
        return replace(merged, also=(survivor, *moved), answer=encode(parameters(*told)))

    def _next(self, former: Version, body: Resource) -> Plan:
        hub = self.records.hub
        signed = {**body, "meta": {**body["meta"], "source": BY_RULE}}
        version = following(former, former.key, hub.now(), self.records.client.id, signed)
        return Plan("updated", version)

    def _naming(self) -> Sequence[tuple[ResourceType, Parameter]]:
        """Return the types that name participants with the parameters by which they do."""
        return [
            (kind, each)
            for _, kind in sorted(self.records.hub.registry.types.items())
            for each in kind.parameters.values()
            if PARTICIPANT in each.targets
        ]


def admitted(call: Call) -> Records:
    """Return the rows of an operation that only state staff may ask; raise Forbidden."""
    records = begin(call.hub, call.client, "update", PARTICIPANT)
    records.decide("update", PARTICIPANT)
    if not call.client.is_staff:
        raise Forbidden("Records of persons are merged by state staff only.")
    return records


def refuse_unseen(records: Records, former: Version, number: int, name: str) -> None:
    """Raise VersionConflict, for the input `name`, when the version is not the current one."""
    try:
        refuse_stale(records, former, Precondition(frozenset({number})))
    except VersionConflict as error:
        error.issues = tuple(replace(each, pointer=name) for each in error.issues)
        raise


def named(reference: str, name: str) -> Key:
    """Return the profile that an input names; raise BadParameter when it names none."""
    key = Key.parse(reference)
    if key.type != PARTICIPANT or not _ID.match(key.id):
        raise BadParameter(f"The input names a {PARTICIPANT}/id.", name)
    return key


def answer(written: Written) -> Answer:
    """Return the answer to an operation that was done, now or before under the same key."""
    return Answer(decode(written.answer), is_replayed=written.is_replayed)


def _told(name: str, version: Version) -> tuple[Resource, Resource]:
    return (
        {"name": name, "valueReference": {"reference": str(version.key)}},
        {"name": f"{name}Version", "valueInteger": version.number},
    )


def _besides(ids: Sequence[str]) -> tuple[Clause, ...]:
    return (Clause(ID, NoneOf(tuple(ids))),) if ids else ()


def _names(parameter: Parameter, key: Key) -> Clause:
    return Clause(parameter, OneOf((str(key),)))
