"""Gate G7: whether all that is stored is valid under a candidate, told by counts alone.

The places and agencies of faulty documents are told, never their ids or values.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from app.model.errors import Issue
from app.rules.publishing.finding import Finding, Gate

TITLE = "Stored documents"
MOST = 2_000
"""How many faulty documents are kept track of, in one row; those beyond are counted only."""
MOST_PLACES = 20
"""How many places of one document are told."""
_INDEX = re.compile(r"/[0-9]+(?=/|\Z)")


@dataclass
class Scan:
    """How far the stored documents of a type were looked at.

    `faulty` tells of each faulty document its places, as (path, keyword), and its agencies; `more`
    counts those beyond MOST. `position` is where the pass goes on, `since` when it began. The first
    pass is over all rows, each further one over those that changed since the one before it began.
    """

    total: int
    since: str
    checked: int = 0
    more: int = 0
    faulty: dict[str, Any] = field(default_factory=dict)
    position: Any = None
    is_first: bool = True
    is_done: bool = False

    @classmethod
    def of(cls, state: dict[str, Any]) -> Self:
        """Return the scan that `state` tells of."""
        return cls(**state)

    @property
    def state(self) -> dict[str, Any]:
        """What is to be kept of it."""
        return dict(vars(self))

    @property
    def invalid(self) -> int:
        """How many of the documents that were looked at are faulty."""
        return len(self.faulty) + self.more

    def note(self, id: str, faults: Sequence[Issue], agencies: Iterable[str]) -> None:
        """Take note of what a document shows; what it showed before does not count any more."""
        known = self.faulty.pop(id, None)
        if not faults:
            return
        if known is None and len(self.faulty) >= MOST:
            self.more += 1
            return
        places = {(_INDEX.sub("/*", each.pointer or ""), each.keyword or "") for each in faults}
        self.faulty[id] = [sorted(map(list, places))[:MOST_PLACES], sorted(agencies)]

    def forget(self, id: str) -> None:
        """Take note that a document is gone."""
        self.faulty.pop(id, None)

    def places(self) -> list[tuple[str, str, str, int]]:
        """Return (path, keyword, agency, documents) of the faulty ones, the most first."""
        counted = Counter(
            (path, keyword, agency)
            for places, agencies in self.faulty.values()
            for path, keyword in places
            for agency in agencies or [""]
        )
        return [(*each, number) for each, number in counted.most_common()]


def gate(scan: Scan | None) -> Gate:
    """Return G7 as a scan has it; shut while it did not come to its end."""
    if scan is None or not scan.is_done:
        text = "The stored documents were not all looked at; let $scan come to its end."
        return Gate("G7", TITLE, [Finding("not-scanned", text)])
    facts = {"checked": scan.checked, "invalid": scan.invalid, "agencies": _agencies(scan)}
    if not scan.invalid:
        return Gate("G7", TITLE, [], facts)
    by_place = Counter(
        (path, keyword) for places, _ in scan.faulty.values() for path, keyword in places
    )
    found = [
        Finding(
            "stored-invalid",
            f"{number} stored documents break {keyword or 'the schema'} here.",
            instance_path=path,
            evidence="scan",
            stored=number,
            hint="Let the schema take them, or mend them first.",
        )
        for (path, keyword), number in by_place.most_common()
    ]
    whole = f"{scan.invalid} of {scan.checked} stored documents would become invalid."
    first = Finding("stored-invalid", whole, evidence="scan", stored=scan.invalid)
    return Gate("G7", TITLE, [first, *found], facts)


def _agencies(scan: Scan) -> dict[str, int]:
    return dict(Counter(each for _, agencies in scan.faulty.values() for each in agencies))
