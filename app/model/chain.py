"""Conditions on other resources: those a resource refers to, and those that refer to it.

Chains (`agency.name=x`) and reverse chains (`_has:Referral:participant:status=x`), one level:
https://hl7.org/fhir/R4/search.html#chaining and #has.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.model.clause import Clause, ways
from app.model.errors import BadParameter, TooCostly
from app.model.parameter import Parameter
from app.model.query_condition import condition, known
from app.model.resource_type import ResourceType

HAS = "_has:"
MAX_CLAUSES = 64
MAX_ALTERNATIVES = 64
"""Most separate look-ups that one search may be split into."""
MAX_LINKS = 8
"""Most chains in one search; each is a search of its own."""
MOST = 1000
"""Most resources that one chain may lead through."""
Types = Mapping[str, ResourceType]


@dataclass(frozen=True)
class Link:
    """A condition on resources of `kind`, which `parameter` refers to.

    When `is_reverse`, `parameter` belongs to `kind` and refers to the type that is searched.
    """

    parameter: Parameter
    kind: ResourceType
    clauses: tuple[Clause, ...]
    is_reverse: bool


def is_link(full_name: str) -> bool:
    """Whether a parameter name is written as a chain or a reverse chain."""
    return "." in full_name or full_name.startswith(HAS)


def link(kind: ResourceType, types: Types, full_name: str, text: str) -> Link:
    """Return the link that a search of `kind` asks; raise BadParameter or TooCostly."""
    read = _reverse if full_name.startswith(HAS) else _chain
    return read(kind, types, full_name, text)


def joined(links: Sequence[Link]) -> tuple[Link, ...]:
    """Return the links with those made one that one and the same resource must meet.

    Only a chain over an element that does not repeat names the same resource each time.
    """
    found: dict[object, Link] = {}
    for index, each in enumerate(links):
        is_one = not each.is_reverse and not each.parameter.many
        name = (each.parameter.name, each.kind.name) if is_one else index
        old = found.get(name)
        found[name] = replace(old, clauses=old.clauses + each.clauses) if old else each
    return tuple(found.values())


def refuse_costly(clauses: Sequence[Clause], links: Sequence[Link]) -> None:
    """Raise TooCostly for what would be split into too many separate look-ups."""
    if len(links) > MAX_LINKS:
        raise TooCostly(f"A search has {MAX_LINKS} chains at most.")
    every = [*clauses, *(clause for each in links for clause in each.clauses)]
    splits = math.prod(max(ways(each.match), 1) for each in every)
    if len(every) > MAX_CLAUSES or splits > MAX_ALTERNATIVES:
        raise TooCostly("The search has too many alternatives; ask for fewer at once.")


def _chain(kind: ResourceType, types: Types, full_name: str, text: str) -> Link:
    before, _, inner = full_name.partition(".")
    name, _, target = before.partition(":")
    parameter = kind.parameters.get(name)
    targets = [each for each in parameter.targets if each in types] if parameter else []
    if parameter is None or not targets:
        names = sorted(n for n, each in kind.parameters.items() if each.targets)
        raise BadParameter("Only references lead on to other resources.", allowed=names)
    allowed = [f"{name}:{each}" for each in targets]
    if target and target not in targets:
        raise BadParameter("This parameter does not refer to that type.", allowed=allowed)
    if not target and len(targets) > 1:
        raise BadParameter("Say which of the types referred to is meant.", allowed=allowed)
    other = types[target or targets[0]]
    return Link(parameter, other, (_inner(other, inner, text),), is_reverse=False)


def _reverse(kind: ResourceType, types: Types, full_name: str, text: str) -> Link:
    source, _, rest = full_name.removeprefix(HAS).partition(":")
    name, _, inner = rest.partition(":")
    paths = referring(kind, types)
    if f"{source}:{name}" not in paths:
        allowed = [f"{HAS}{each}" for each in paths]
        raise BadParameter("No such reference leads here.", allowed=allowed)
    other = types[source]
    return Link(other.parameters[name], other, (_inner(other, inner, text),), is_reverse=True)


def _inner(kind: ResourceType, full_name: str, text: str) -> Clause:
    if is_link(full_name):
        raise BadParameter("A chain has one link only.")
    return condition(known(kind), full_name, text)


def referring(kind: ResourceType, types: Types) -> tuple[str, ...]:
    """Return each `Type:parameter` that may refer to `kind`, in order."""
    return tuple(
        f"{other.name}:{each.name}"
        for _, other in sorted(types.items())
        for _, each in sorted(other.parameters.items())
        if kind.name in each.targets
    )
