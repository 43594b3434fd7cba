"""Systems that take in badly what others did: L1-27 to L1-32."""

from collections import Counter
from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any

from conformance.client.discovery import Capability
from conformance.client.hub import Body, Hub
from conformance.mutants import mutant

Change = Callable[[Body], Body]


@mutant("first-page-only", breaks=("L1-27",))
class FirstPageOnly(Hub):
    """Never saw a list with a second page."""

    def search(self, kind: str, **criteria: Any) -> list[Body]:
        """Return what is on the first page."""
        page = self.ask("POST", f"{kind}/_search", form=criteria).json()
        return [each["resource"] for each in page.get("entry", ())]


@mutant("reloads-everything", breaks=("L1-28",))
class ReloadsEverything(Hub):
    """Keeps no cursor: each time it reads the feed from the beginning."""

    def changes(
        self, cursor: str = "", only: Sequence[str] = (), wait: int = 0
    ) -> tuple[list[Body], str]:
        """Return everything that ever happened."""
        del cursor
        return super().changes("", only, wait)


class _Listening(Hub):
    """Remembers in which order the feed told what."""

    told: Sequence[Body] = ()

    def changes(
        self, cursor: str = "", only: Sequence[str] = (), wait: int = 0
    ) -> tuple[list[Body], str]:
        found, cursor = super().changes(cursor, only, wait)
        self.told = [each["resource"] for each in found if "resource" in each]
        return found, cursor

    def versions(self, reference: str) -> list[Body]:
        """Return the versions of a resource in the order in which they were told."""
        kind, _, id = reference.partition("/")
        return [each for each in self.told if (each["resourceType"], each["id"]) == (kind, id)]


@mutant("acts-twice", breaks=("L1-30",))
class ActsTwice(_Listening):
    """Acts as often as it was told."""

    def update(
        self,
        reference: str,
        change: Change,
        *,
        conflict: Callable[[Body, Body], None] | None = None,
    ) -> Body:
        """Change a resource once for each time that its newest version was told."""
        done = super().update(reference, change, conflict=conflict)
        times = Counter(each["meta"]["versionId"] for each in self.versions(reference))
        for _ in range(max(times.values(), default=1) - 1):
            read = self.get(reference)
            done = self.put(reference, change(deepcopy(read.body)), read.etag)
        return done


@mutant("rolls-back", breaks=("L1-31",))
class RollsBack(_Listening):
    """Believes that what was told last is what stands."""

    def update(
        self,
        reference: str,
        change: Change,
        *,
        conflict: Callable[[Body, Body], None] | None = None,
    ) -> Body:
        """Change the version that was told last, even when it is not the newest."""
        versions = self.versions(reference)
        numbers = [int(each["meta"]["versionId"]) for each in versions]
        if not numbers or numbers[-1] == max(numbers):
            return super().update(reference, change, conflict=conflict)
        read = self.get(reference)
        return self.put(reference, change(versions[-1]) | {"meta": read.body["meta"]}, read.etag)


@mutant("stays-with-the-old-schema", breaks=("L1-32",))
class StaysWithTheOldSchema(Hub):
    """Looks up the versions once, and never again."""

    _first: Capability | None = None

    def capability(self) -> Capability:
        """Return what the hub said of itself the first time."""
        if self._first is None:
            self._first = super().capability()
        return self._first
