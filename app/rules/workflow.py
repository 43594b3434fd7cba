"""What a workflow is: what the hub fills in, refuses, and does besides, when a type is written.

Workflows are pure. What they must know beyond the write itself they ask of `Facts`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from app.model.codec import Resource
from app.model.errors import Issue
from app.rules.reference import Reference

Criteria = tuple[str, tuple[tuple[str, str], ...]]
"""A type and search parameters with their values."""


@dataclass(frozen=True)
class Actor:
    """Who writes: references to the partner and its agency, both None for the state's staff.

    `client` is the id of the system that does it.
    """

    partner: str | None = None
    agency: str | None = None
    client: str = field(default="", compare=False)


@dataclass(frozen=True)
class Move:
    """One write: `reference` is `Type/id`, `former` None for a new resource.

    `is_effect` says that the hub itself writes, as the effect of what the actor wrote.
    """

    reference: str
    former: Resource | None
    body: Resource
    actor: Actor
    is_effect: bool = False

    def changed(self, name: str) -> bool:
        """Whether the write changes a top-level element."""
        return (self.former or {}).get(name) != self.body.get(name)


class Facts(Protocol):
    """What rules may know: rows as they would be after the write, whoever may see them.

    What a rule says aloud must not tell of rows that the actor may not see.
    """

    @property
    def now(self) -> datetime:
        """The moment of the write, in UTC."""

    @property
    def reference(self) -> Reference:
        """The facts that ship with the hub."""

    def row(self, reference: str | None) -> Resource | None:
        """Return the current resource of `Type/id`, None when there is none."""

    def seen(self, reference: str | None) -> Resource | None:
        """Return what the actor may see of the current resource of `Type/id`, None for nothing."""

    def about(self, kind: str, participant: str | None) -> Sequence[Resource]:
        """Return the current resources of a type about a participant, `ParticipantProfile/id`."""

    def matches(self, criteria: Criteria) -> Sequence[Resource]:
        """Return at most a hundred current resources that match, rows of this commit aside."""

    def agency(self, party: str | None) -> str | None:
        """Return the agency of a partner or program, or the agency itself; None when unknown."""

    def guard(self, name: str | None) -> str | None:
        """Return the agency that a law makes the only one to know of rows that name `name`.

        Vocational rehabilitation, 34 CFR 361.38. Its rows are invisible to others.
        """

    def is_published(self, kind: str, version: str) -> bool:
        """Whether a version of a type is or was in force."""

    def new_id(self) -> str:
        """Return an id for a resource or an item that the hub makes."""


@dataclass(frozen=True)
class Effect:
    """What the same commit writes as well: the whole body of `Type/id`, new or changed."""

    reference: str
    body: Resource


def _kept(move: Move, _facts: Facts) -> Resource:
    return move.body


def _none(_move: Move, _facts: Facts) -> list[Issue]:
    return []


def _nothing(_move: Move, _facts: Facts) -> Sequence[Effect]:
    return ()


def _nobody(_move: Move, _facts: Facts) -> Sequence[Criteria]:
    return ()


@dataclass(frozen=True)
class Workflow:
    """The rules of one type, asked in this order when it is created, updated or patched.

    `complete` gets a body whose given elements are valid and returns it with the elements that
    the hub sets; `faults` and `warnings` look at the completed body: a fault refuses the write (an
    issue of code `duplicate` as 409, all others as 422), a warning never does; `effects` are what
    the same commit writes besides; `alone` are searches that must find nothing at the commit, so
    that of two equal writes at once only one comes through. A deletion asks for effects alone, as
    if the resource had been entered in error.
    """

    complete: Callable[[Move, Facts], Resource] = _kept
    faults: Callable[[Move, Facts], list[Issue]] = _none
    warnings: Callable[[Move, Facts], list[Issue]] = _none
    effects: Callable[[Move, Facts], Sequence[Effect]] = _nothing
    alone: Callable[[Move, Facts], Sequence[Criteria]] = _nobody


NO_RULES = Workflow()
Workflows = Mapping[str, Workflow]
