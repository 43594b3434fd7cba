"""What a law lets one agency alone know of: whatever names it or its programs (34 CFR 361.38)."""

from collections.abc import Iterator
from typing import Any

from app.model.codec import Resource
from app.rules.workflow import Actor, Facts

ENDS = ("sourceAgency", "sourcePartner", "targetAgency", "targetPartner", "partner")
"""The elements of referrals and enrollments that name who has a part in them."""


def is_guarded(entry: Resource, facts: Facts) -> bool:
    """Whether a resource, or an entry of one, names who a law protects."""
    return bool(_guards(entry, facts))


def is_hidden(entry: Resource, actor: Actor, facts: Facts) -> bool:
    """Whether an actor must not learn of a resource or entry; the state's staff may of all."""
    return actor.agency is not None and bool(_guards(entry, facts) - {actor.agency})


def is_told(row: Resource, actor: Actor, facts: Facts) -> bool:
    """Whether what follows from a row may be told to an actor: it sees it, or has a part in it."""
    ends = (row.get(name, {}).get("reference") for name in ENDS)
    return actor.agency in map(facts.agency, ends) or not is_hidden(row, actor, facts)


def _guards(entry: Resource, facts: Facts) -> set[str]:
    return {guard for name in _references(entry) if (guard := facts.guard(name))}


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        named = value.get("reference")
        if isinstance(named, str):
            yield named
        for each in value.values():
            yield from _references(each)
    elif isinstance(value, list):
        for each in value:
            yield from _references(each)
