"""What a write newly refers to: it must be there, and stay while the write is committed."""

from collections.abc import Collection
from dataclasses import dataclass

from app.interactions.facts import LiveFacts
from app.interactions.judgement import refuse_broken
from app.interactions.records import Records
from app.model.conflicts import ReferenceMissing
from app.model.errors import Issue
from app.model.resource_type import ResourceType
from app.model.version import Key
from app.rules.persons import merging
from app.rules.workflow import Move


@dataclass(frozen=True)
class Known:
    """What there is for the client of a write: `among` comes along, `present` was looked up."""

    records: Records
    facts: LiveFacts
    among: Collection[Key]
    present: Collection[Key]

    def gained(self, kind: ResourceType, move: Move) -> frozenset[Key]:
        """Return what a body newly refers to; raise ReferenceMissing for what is not there.

        What the former version referred to cannot have been deleted since. Raises RuleBroken for
        a participant whose record goes on as another.
        """
        own = Key.parse(move.reference)
        before = {key for key, _ in kind.referred(move.former or {})} | {own, *self.among}
        gained = [(key, at) for key, at in kind.referred(move.body) if key not in before]
        known = {key for key, _ in gained}
        asked = known.difference(self.present)
        absent = asked - self.records.present(asked) if asked else set()
        missing = [reference_missing(at) for key, at in gained if key in absent]
        if missing:
            raise ReferenceMissing("A reference leads nowhere.", issues=missing)
        refuse_broken(merging.reference_faults(gained, self.facts))
        return frozenset(known)


def reference_missing(pointer: str) -> Issue:
    """Return the fault of a reference that leads nowhere."""
    text = "The resource referred to does not exist."
    return Issue(ReferenceMissing.code, ReferenceMissing.detail, text, pointer)
