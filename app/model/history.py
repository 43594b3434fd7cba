"""What a history request asks and gets.

https://hl7.org/fhir/R4/http.html#history
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from app.model.dates import parse_instant
from app.model.errors import BadParameter
from app.model.query import CURSOR, DEFAULT_COUNT, TOLERATED
from app.model.version import Version, instant

KNOWN = ("_count", "_since", CURSOR)
_COUNT = re.compile(r"[1-9][0-9]{0,8}\Z")


@dataclass(frozen=True)
class HistoryQuery:
    """Versions of one resource (`type` and `id`), of one type, or of the whole system (neither).

    `since` is a lower bound on lastUpdated, `before` the position where the page before ended.
    `canonical` says the same as a query string, without a cursor.
    """

    type: str | None
    id: str | None
    count: int
    since: datetime | None = None
    before: str | None = None
    canonical: str = ""

    @property
    def path(self) -> str:
        """The address below the base."""
        return "/".join(each for each in (self.type, self.id, "_history") if each)


@dataclass(frozen=True)
class HistoryPage:
    """Versions, newest first, and the cursor of the page that follows."""

    query: HistoryQuery
    versions: list[Version]
    next: str | None


def position(version: Version) -> str:
    """Return the place of a version in every history: unique, and later for what is later."""
    return f"{instant(version.at)}|{version.key}/{version.number}"


def parse(
    kind: str | None, id: str | None, pairs: Sequence[tuple[str, str]], *, max_count: int
) -> HistoryQuery:
    """Return the query that decoded pairs ask; raise BadParameter for what cannot be understood."""
    for name, _ in pairs:
        if name not in KNOWN + TOLERATED:
            raise BadParameter("There is no such parameter here.", name, allowed=KNOWN)
    said = dict(pairs)
    if len(said) != len(pairs):
        raise BadParameter("A parameter is given twice.")
    count = said.get("_count", str(DEFAULT_COUNT))
    if not _COUNT.match(count):
        raise BadParameter("_count is a whole number from 1.", "_count")
    size = min(int(count), max_count)
    kept = {"_count": str(size), **{n: v for n, v in said.items() if n == "_since"}}
    since = parse_instant(said["_since"], "_since") if "_since" in said else None
    return HistoryQuery(kind, id, size, since, canonical=urlencode(kept))
