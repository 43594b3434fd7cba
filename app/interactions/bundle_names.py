"""Which resource each entry of a transaction is about, decided before any body is looked at.

https://hl7.org/fhir/R4/http.html#trules
"""

from dataclasses import dataclass, field

from app.interactions import Hub
from app.interactions.records import Records
from app.interactions.write import Target, match
from app.model.bundle_request import Entry
from app.model.errors import NotFound
from app.model.query import Pairs, Query
from app.model.version import Key, Version

Match = tuple[Query, Version | None]


@dataclass(frozen=True)
class Named:
    """The resource of an entry; `key` is None when nothing is left to delete.

    `found` is what criteria match, `absent` the search that must find nothing when the resource
    is created; `is_repeated` says that an entry before this one creates it.
    """

    key: Key | None
    found: Version | None = None
    absent: Query | None = None
    is_repeated: bool = False

    @property
    def is_settled(self) -> bool:
        """Whether a conditional create has nothing left to do."""
        return self.found is not None or self.is_repeated


@dataclass(frozen=True)
class Names:
    """The names of one planning; equal criteria are looked up once and name one resource."""

    records: Records
    _matches: dict[tuple[str, tuple[tuple[str, str], ...]], Match] = field(default_factory=dict)
    _claimed: dict[str, Key] = field(default_factory=dict)

    @property
    def hub(self) -> Hub:
        """The tenant whose resources are named."""
        return self.records.hub

    def of(self, entry: Entry) -> Named:
        """Return what a writing entry is about; raise what `match` raises, and NotFound."""
        self.hub.registry.type(entry.type)
        if entry.id is not None:
            return Named(Key(entry.type, entry.id))
        if not entry.criteria:
            return Named(self._new(entry))
        query, found = self.match(entry.type, entry.criteria)
        if found is not None:
            return Named(found.key, found)
        if entry.method == "DELETE":
            return Named(None)
        if entry.method == "PATCH":
            raise NotFound(f"No {entry.type} matches the criteria.")
        return self._claim(entry, query)

    def match(self, kind: str, criteria: Pairs) -> Match:
        """Return the query that criteria make and what matches."""
        asked = (kind, tuple(criteria))
        if asked not in self._matches:
            target = Target(kind, criteria=criteria)
            self._matches[asked] = match(self.records, target)
        return self._matches[asked]

    def _claim(self, entry: Entry, query: Query) -> Named:
        criteria = f"{entry.type}?{sorted(map(repr, query.clauses))}"
        if criteria in self._claimed:
            return Named(self._claimed[criteria], is_repeated=True)
        self._claimed[criteria] = self._new(entry)
        return Named(self._claimed[criteria], absent=query)

    def _new(self, entry: Entry) -> Key:
        return Key(entry.type, self.hub.new_id())
