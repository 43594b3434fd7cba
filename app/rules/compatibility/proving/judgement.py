"""The words in which the parts of a proof speak with each other."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from app.model.pointer import escaped
from app.rules.compatibility.proving.case import Case
from app.rules.compatibility.proving.home import At

Includes = Callable[[str, str], bool | None]
"""Whether every text of the first pattern is one of the second; None when that is not known."""


@dataclass(frozen=True)
class Place:
    """Where a proof fails: the new schema could refuse what the old one takes.

    `path` and `old_path` are JSON Pointers into the two schemas, `instance_path` one into the
    documents, where `*` stands for any other name and 0 for any entry.
    """

    path: str
    old_path: str
    instance_path: str
    keyword: str

    def moved(self, origin: str, target: str) -> "Place":
        """Return the same place of a value that is found elsewhere."""
        return replace(self, instance_path=target + self.instance_path[len(origin) :])


Places = tuple[Place, ...]


@dataclass(frozen=True)
class Where:
    """The value that is spoken of: its place in the document, and how deep inside it is."""

    pointer: str = ""
    depth: int = 0

    def into(self, step: str | int) -> "Where":
        """Return the value inside this one."""
        return Where(f"{self.pointer}/{escaped(str(step))}", self.depth + 1)


class Proving(Protocol):
    """What a rule may ask for."""

    includes: Includes

    def case(self, *facts: At) -> Case:
        """Return what is known when the facts hold."""

    def is_known(self, goal: At, case: Case) -> bool:
        """Return whether a goal is among the facts."""

    def holds(self, goal: At, case: Case, where: Where) -> Places:
        """Return where the goal could fail; nothing when it never does."""

    def is_never(self, case: Case, where: Where) -> bool:
        """Return whether no value can be as the case says, at first sight."""

    def is_refuted(self, case: Case, where: Where) -> bool:
        """Return whether no value can be as the case says, after looking at all its branches."""


def place(goal: At, case: Case, where: Where, word: str) -> Place:
    """Return the place at which a word of the goal could not be shown."""
    facts = [f"{fact.path}/{word}" for fact in case.facts if word in fact.schema]
    old_path = next(iter(facts), case.given[0].path if case.given else "#")
    is_there = isinstance(goal.schema, dict) and word in goal.schema
    return Place(f"{goal.path}/{word}" if is_there else goal.path, old_path, where.pointer, word)


def merged(parts: Iterable[Places]) -> Places:
    """Return all places, each once."""
    return tuple(dict.fromkeys(each for part in parts for each in part))
