"""What a history request asks and gets (https://hl7.org/fhir/R4/http.html#history)."""

from dataclasses import dataclass
from datetime import datetime

from app.model.version import Version


@dataclass(frozen=True)
class HistoryQuery:
    """Versions of one resource (`type` and `id`), of one type, or of the whole system (neither).

    `since` is a lower bound on lastUpdated; `before` is the position after which to go on, as
    given by the page before.
    """

    type: str | None
    id: str | None
    count: int
    since: datetime | None = None
    before: str | None = None


@dataclass(frozen=True)
class HistoryPage:
    """Versions, newest first, and the position to go on from, None on the last page."""

    versions: list[Version]
    next: str | None
