"""Systems that are careless about what others wrote."""

from collections.abc import Callable
from typing import Any

from conformance.client.errors import Refused, Unanswered
from conformance.client.hub import Body, Hub, Record
from conformance.client.product import CaseTrack, Outcome
from conformance.client.steps.people import Edit
from conformance.mutants import mutant

PROFILE = "ParticipantProfile"
STALE = 412
Change = Callable[[Body], Body]
Conflict = Callable[[Body, Body], None]


def _is_person(reference: str) -> bool:
    return reference.startswith(f"{PROFILE}/")


@mutant("no-if-match", breaks=("L1-12",))
class NoIfMatch(Hub):
    """Writes without If-Match, and with it only when the hub demands it."""

    def put(self, reference: str, body: Body, etag: str) -> Body:
        """Try without the tag."""
        if _is_person(reference):
            try:
                return dict(self.ask("PUT", reference, body).json())
            except Refused:
                pass
        return super().put(reference, body, etag)


@mutant("any-version", breaks=("L1-12",))
class AnyVersion(Hub):
    """Writes over whatever stands, by If-Match: *."""

    def put(self, reference: str, body: Body, etag: str) -> Body:
        """Write over any version of a profile."""
        return super().put(reference, body, "*" if _is_person(reference) else etag)


@mutant("lost-update", breaks=("L1-13",))
class LostUpdate(Hub):
    """After 412 takes the new tag, and sends what it had sent before."""

    def update(self, reference: str, change: Change, *, conflict: Conflict | None = None) -> Body:
        """Send the old body again."""
        if not _is_person(reference):
            return super().update(reference, change, conflict=conflict)
        read = self.get(reference)
        mine = change(read.body)
        if mine == read.body:
            return mine
        try:
            return self.put(reference, mine, read.etag)
        except Refused as refusal:
            if refusal.status != STALE:
                raise
        now = self.get(reference)
        if conflict is not None:
            conflict(mine, now.body)
        return self.put(reference, mine, now.etag)


@mutant("gives-up-on-412", breaks=("L1-13",))
class GivesUp(Hub):
    """Drops what it had to write when somebody else wrote first."""

    def put(self, reference: str, body: Body, etag: str) -> Body:
        """Give up."""
        try:
            return super().put(reference, body, etag)
        except Refused as refusal:
            if refusal.status == STALE and _is_person(reference):
                raise Unanswered("Somebody else wrote first.") from refusal
            raise


@mutant("takes-tag-unread", breaks=("L1-12", "L1-13", "L1-14"))
class TakesTagUnread(Hub):
    """After 412 counts the tag up instead of reading."""

    def put(self, reference: str, body: Body, etag: str) -> Body:
        """Guess the next tag."""
        try:
            return super().put(reference, body, etag)
        except Refused as refusal:
            if refusal.status != STALE or not _is_person(reference):
                raise
        version = int(etag.removeprefix("W/").strip('"'))
        return super().put(reference, body, f'W/"{version + 1}"')


@mutant("mine-wins", breaks=("L1-14",))
class MineWins(Hub):
    """Never asks a person."""

    def update(self, reference: str, change: Change, *, conflict: Conflict | None = None) -> Body:
        """Ask nobody about profiles."""
        asks = None if _is_person(reference) else conflict
        return super().update(reference, change, conflict=asks)


@mutant("drops-unknown", breaks=("L1-15",))
class DropsUnknown(Hub):
    """Sends back only what it knows."""

    def put(self, reference: str, body: Body, etag: str) -> Body:
        """Leave extensions and tags out."""
        if _is_person(reference):
            body = {name: value for name, value in body.items() if name != "extension"}
            body["meta"] = {name: value for name, value in body["meta"].items() if name != "tag"}
        return super().put(reference, body, etag)


@mutant("chokes-on-unknown", breaks=("L1-16",))
class ChokesOnUnknown(Hub):
    """Cannot read a profile with an element that it was not built for."""

    def get(self, reference: str) -> Record:
        """Fail at extensions."""
        record = super().get(reference)
        if _is_person(reference) and "extension" in record.body:
            raise Unanswered("The record cannot be read.")
        return record


@mutant("stays-with-the-merged", breaks=("L1-18",))
class StaysWithTheMerged(CaseTrack):
    """Goes on with the record that it has in its books."""

    def do(self, name: str, data: dict[str, Any]) -> Outcome:
        """Update without looking what became of the record."""
        key = data.get("person", {}).get("key")
        if name != "participant.update" or key != "merged":
            return super().do(name, data)
        edit = Edit(data["values"])
        self.hub.update(self.memory[key], edit.made, conflict=edit.checked)
        return Outcome("done")
