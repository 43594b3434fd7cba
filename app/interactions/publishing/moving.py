"""Moves a version of a schema on: submitted, approved, published, deprecated, retired, or not.

Each move is one write of its resource, upon the version of it that the client saw and that was
judged; so nobody can change the draft, or its authors, between a judgement and its commit.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from app.interactions import Hub
from app.interactions.facts import LiveFacts
from app.interactions.judgement import refuse
from app.interactions.merging import refuse_unseen
from app.interactions.operations import Answer, Call
from app.interactions.plan import Plan
from app.interactions.records import Records, begin
from app.interactions.settling import settle
from app.interactions.view import View
from app.model.codec import Resource, encode
from app.model.errors import Forbidden, Invalid, RuleBroken
from app.model.publication import LIVE, SCHEMA_VERSION
from app.model.query import Query, parse
from app.model.version import Key, Version, following
from app.rules import life_cycle
from app.rules.publishing.moves import Step


@dataclass(frozen=True)
class Mover:
    """One client of state staff that makes a move."""

    records: Records
    call: Call

    @property
    def hub(self) -> Hub:
        """The hub."""
        return self.records.hub

    @property
    def step(self) -> Step:
        """Who moves it, and when."""
        return Step(self.records.client.id, self.hub.now())

    @property
    def inputs(self) -> Any:
        """What the client says besides."""
        return self.call.inputs


Change = Callable[[Mover, Resource], Resource]
"""Returns the resource after a move of it; raises what keeps it from moving."""


def move(call: Call, change: Change) -> Answer:
    """Answer the resource after a move.

    Raises Forbidden for all but staff, VersionConflict for who has not seen its current version,
    RuleBroken for a move that its life cycle does not know, and what `change` raises.
    """
    mover = admitted(call)

    def plan() -> Plan:
        mover.hub.publications.refresh(at_once=True)
        alone = _alone(mover)
        former = row(mover)
        refuse_unseen(mover.records, former, call.inputs["version"], "version")
        made = _plan(mover, former, change(mover, former.resource))
        return replace(made, absent=(alone,))

    written = settle(mover.records, plan, call.once)
    mover.hub.publications.refresh(at_once=True)
    version = written.version
    return Answer(version.text or "", version=version, is_replayed=written.is_replayed)


def admitted(call: Call) -> Mover:
    """Return who makes a move; raise Forbidden for all but state staff."""
    records = begin(call.hub, call.client, "update", SCHEMA_VERSION)
    records.decide("update", SCHEMA_VERSION)
    if not call.client.is_staff:
        raise Forbidden("Schemas are published by state staff only.")
    return Mover(records, call)


def row(mover: Mover) -> Version:
    """Return the version of the resource as it is stored.

    One that ships with the hub has none until it is moved for the first time: then it begins as
    published. Raises NotFound and Deleted.
    """
    key = Key(SCHEMA_VERSION, mover.call.id)
    found = LiveFacts(mover.records).version(key)
    return (
        found
        or _shipped(mover, key)
        or View(mover.records, "update", SCHEMA_VERSION).refuse_absent(key)
    )


def _alone(mover: Mover) -> Query:
    """Return the search for versions of the type that are published and not known here yet.

    When it finds one at the commit, or somebody else moves a version of the type just then, all
    is judged again: of two that are published at once the second must stand beside the first.
    """
    name = mover.call.id.rpartition("-")[0]
    known = [version for kind, version in mover.hub.registry.publications if kind == name]
    asked = [("type", name), ("status", ",".join(sorted(LIVE)))]
    if known:
        asked.append(("version:not", ",".join(known)))
    return parse(mover.hub.registry.type(SCHEMA_VERSION), asked, max_count=1)


def fixed(report: dict[str, Any]) -> tuple[str, str]:
    """Return a report as text, and the SHA-256 of its bytes."""
    text = encode(report)
    return text, hashlib.sha256(text.encode()).hexdigest()


def _shipped(mover: Mover, key: Key) -> Version | None:
    name, _, number = key.id.rpartition("-")
    found = mover.hub.registry.publications.get((name, number))
    if found is None:
        return None
    body = {
        "type": found.type,
        "version": found.version,
        "text": found.text.decode(),
        "examples": found.documents,
        "digest": found.digest,
        "status": found.status,
    }
    made = following(None, key, mover.hub.now(), "hub:release", body)
    return Version(key, 0, made.at, made.by, made.text)


def _plan(mover: Mover, former: Version, body: Resource) -> Plan:
    """Plan the move, upon exactly the version that was judged."""
    kind = mover.hub.registry.type(SCHEMA_VERSION)
    refuse(RuleBroken, "It cannot move so.", life_cycle.faults(kind, former.resource, body))
    refuse(Invalid, "The resource would break its schema.", kind.faults(body))
    signed = {**body, "meta": {**body["meta"], "source": mover.records.client.source}}
    upon = former if former.number else None
    version = following(upon, former.key, mover.hub.now(), mover.records.client.id, signed)
    return Plan("updated" if upon else "created", version)
