"""The change feed: rows numbered after their commit, in segments that are only ever appended.

A segment holds whole commits as far as can be, and row `index` of it has number first + index.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from app.model.errors import BadParameter
from app.model.query import TOLERATED
from app.model.version import Version

CURSOR = "cursor"
LATEST = "latest"
"""The cursor of a client that wants only what comes from now on."""
KNOWN = (CURSOR, "_type", "_count", "wait")
DEFAULT_COUNT, MAX_COUNT = 100, 1000
MAX_WAIT_SECONDS = 20
_WHOLE = re.compile(r"[0-9]{1,9}\Z")


class Place(NamedTuple):
    """Where a reader goes on: at a row of a segment, counted from 0, in one epoch of the feed."""

    epoch: str
    segment: int
    row: int


@dataclass(frozen=True)
class FeedRow:
    """One change: its number, the name `Type/id/n` of the version, and the place after it."""

    sequence: int
    type: str
    name: str
    after: Place


@dataclass(frozen=True)
class ChangesQuery:
    """What a reader asks; no `types` means all, no `cursor` the oldest row that is kept."""

    types: tuple[str, ...]
    count: int
    wait: int
    cursor: str | None

    @property
    def scope(self) -> str:
        """What a cursor is bound to: the types, whatever the page size."""
        return f"$changes?_type={','.join(self.types)}"

    def address(self, cursor: str | None) -> str:
        """Return the address below the base that asks the same from `cursor` on."""
        pairs = [("_type", ",".join(self.types))] if self.types else []
        pairs.append(("_count", str(self.count)))
        pairs += [("wait", str(self.wait))] if self.wait else []
        pairs += [(CURSOR, cursor)] if cursor is not None else []
        return f"$changes?{urlencode(pairs, safe=',')}"


@dataclass(frozen=True)
class Change:
    """A version and its number in the feed."""

    sequence: int
    version: Version


@dataclass(frozen=True)
class ChangesPage:
    """Changes in the order of the feed, and the cursor to go on from, which is always there."""

    query: ChangesQuery
    changes: list[Change]
    next: str


def parse(pairs: Sequence[tuple[str, str]], types: Collection[str]) -> ChangesQuery:
    """Return the query of decoded pairs; raise BadParameter for what cannot be understood."""
    for name, _ in pairs:
        if name not in KNOWN + TOLERATED:
            raise BadParameter("There is no such parameter here.", name, allowed=KNOWN)
    said = dict(pairs)
    if len(said) != len(pairs):
        raise BadParameter("A parameter is given twice.")
    count = min(_whole("_count", said.get("_count", str(DEFAULT_COUNT))), MAX_COUNT)
    if count == 0:
        raise BadParameter("_count is a whole number from 1.", "_count")
    wait = min(_whole("wait", said.get("wait", "0")), MAX_WAIT_SECONDS)
    asked = sorted({each for each in said.get("_type", "").split(",") if each})
    if not set(asked) <= set(types):
        raise BadParameter("There is no such type.", "_type", allowed=sorted(types))
    return ChangesQuery(tuple(asked), count, wait, said.get(CURSOR) or None)


def whole(commits: Sequence[object], most: int) -> int:
    """Return how many rows to take: about `most`, extended to the last row of each commit.

    `commits` tells of each row in order which commit it belongs to. What is taken is always a
    first part, so that no row is taken before an earlier one of the same resource.
    """
    last = {commit: index for index, commit in enumerate(commits)}
    end, index = min(most, len(commits)), 0
    while index < end:
        end = max(end, last[commits[index]] + 1)
        index += 1
    return end


def predecessor(name: str) -> str | None:
    """Return the name of the version before `name`, a `Type/id/n`; None for the first."""
    key, _, number = name.rpartition("/")
    return f"{key}/{int(number) - 1}" if int(number) > 1 else None


def _whole(name: str, text: str) -> int:
    if not _WHOLE.match(text):
        raise BadParameter(f"{name} is a whole number.", name)
    return int(text)
