"""What every write must pass: the schema, the life cycle, whose word it takes, the rules."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from app.interactions.facts import LiveFacts
from app.model.codec import Resource
from app.model.conflicts import Duplicate
from app.model.contracts import canonical, declaring
from app.model.errors import Forbidden, HubError, Invalid, Issue, RuleBroken
from app.model.query import Query
from app.model.resource_type import ResourceType
from app.model.version import Key
from app.rules import consent, inactive, life_cycle
from app.rules.persons import repointing
from app.rules.workflow import Move
from app.rules.workflows import workflow

BREAKS = "The resource breaks its schema."


@dataclass(frozen=True)
class Judged:
    """A move as the hub completed it, and what must hold when it is committed.

    `held` is what it newly refers to, `alone` are searches that must find nothing.
    """

    move: Move
    held: frozenset[Key]
    alone: tuple[Query, ...] = ()


def judged(
    facts: LiveFacts,
    kind: ResourceType,
    move: Move,
    held: Callable[[ResourceType, Move], frozenset[Key]],
) -> Judged:
    """Return what would be written of a move whose body a client sent.

    `held` says what it newly refers to, and refuses what is not there for the client before the
    rules can tell of it. Raises Invalid with every fault of the schema, RuleBroken or Duplicate
    with every fault of the rules, Forbidden for what only another agency may say.
    """
    former, given = move.former, kind.given(move.body)
    broken, moved = kind.given_faults(given), life_cycle.faults(kind, former, given)
    refuse(Invalid, BREAKS, [*moved, *broken] if broken else ())
    refuse(RuleBroken, "The status cannot change so.", moved)
    whose = consent.faults(kind, former, given, move.actor.agency)
    refuse(Forbidden, consent.TEXT, whose)
    move = replace(move, body=given)
    gained = held(kind, move)
    facts.fetch(gained)
    made = completed(facts, kind, move)
    # The profile that every answer names is added to it: what is shown must be valid.
    shown = declaring(made.body, canonical(kind.name, kind.version))
    refuse(Invalid, BREAKS, kind.faults(shown))
    rules = workflow(kind.name)
    refuse_broken([*inactive.faults(kind, made, facts, facts.lookups), *rules.faults(made, facts)])
    return Judged(made, gained, tuple(map(facts.query, rules.alone(made, facts))))


def refuse_broken_contract(kind: ResourceType, contract: ResourceType, body: Resource) -> None:
    """Raise Invalid with every fault of a body under the version that its client speaks.

    The newest version is asked later, of the whole.
    """
    if contract is not kind:
        refuse(Invalid, BREAKS, contract.given_faults(contract.given(body)))


def completed(facts: LiveFacts, kind: ResourceType, move: Move) -> Move:
    """Return a move with what the hub sets."""
    kept = replace(move, body=repointing.keeping(move.former, move.body))
    return replace(kept, body=workflow(kind.name).complete(kept, facts))


def refuse(error: type[HubError], text: str, issues: Sequence[Issue]) -> None:
    """Raise an error with its issues, if there are any."""
    if issues:
        raise error(text, issues=issues)


def refuse_broken(issues: Sequence[Issue]) -> None:
    """Raise what broken rules make: Duplicate when all say so, RuleBroken otherwise."""
    if not issues:
        return
    is_duplicate = all(each.code == Duplicate.code for each in issues)
    text = "Rules of the domain are broken."
    raise (Duplicate if is_duplicate else RuleBroken)(text, issues=issues)
