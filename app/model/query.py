"""Search parameters of a request turned into a Query; what is not understood is refused.

FHIR search: https://hl7.org/fhir/R4/search.html.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from app.model.clause import ID, LAST_UPDATED, Clause, Within
from app.model.errors import BadParameter, HubError, Issue, TooCostly
from app.model.parameter import Parameter
from app.model.query_value import clause, modifiers
from app.model.resource_type import ResourceType
from app.model.version import Version

Pairs = Sequence[tuple[str, str]]
Position = list[Any]
"""The sort values and the id of the last row of a page; None stands for a missing value."""

COMMON: Mapping[str, Parameter] = {each.name: each for each in (ID, LAST_UPDATED)}
TOTALS = ("none", "estimate", "accurate")
SUMMARIES = ("count", "false")
TOLERATED = ("_format", "_pretty", "_totalMethod")
"""Sent by real clients and without effect here; content negotiation reads `_format` itself."""
CURSOR = "_cursor"
RESULT = ("_count", "_elements", "_sort", "_summary", "_total", CURSOR, *TOLERATED)
ALWAYS = ("resourceType", "id", "meta")
"""Elements that `_elements` never leaves out."""
DEFAULT_COUNT = 20
MAX_SORTS = 3
MAX_CLAUSES = 64
MAX_ALTERNATIVES = 64
"""Most separate look-ups that one search may be split into."""
_COUNT = re.compile(r"[0-9]{1,9}\Z")
_SPEAKABLE = re.compile(r"[A-Za-z0-9_.:-]{1,64}\Z")


@dataclass(frozen=True)
class Query:
    """A search of one type; `position` is where the page before ended.

    `pairs` are the parameters as asked, with the page size as granted and without a cursor.
    """

    kind: ResourceType
    clauses: tuple[Clause, ...]
    sort: tuple[Parameter, ...]
    descending: bool
    count: int
    total: str
    only_count: bool
    elements: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    position: Position | None = None

    @property
    def type(self) -> str:
        """The name of the type that is searched."""
        return self.kind.name

    @cached_property
    def canonical(self) -> str:
        """The query string that says the same whatever the order the parameters came in."""
        return urlencode(sorted(self.pairs), errors="surrogatepass")


@dataclass(frozen=True)
class Found:
    """Current versions in the order asked, and the position to go on from; None at the end."""

    versions: list[Version]
    next: Position | None


@dataclass(frozen=True)
class SearchPage:
    """One page of matches for a client.

    `total` is how many match in all, None when that was not asked; `next` is the cursor of the
    page that follows, None on the last one.
    """

    query: Query
    versions: list[Version]
    total: int | None
    next: str | None


def parse(kind: ResourceType, pairs: Pairs, *, max_count: int) -> Query:
    """Return the query that decoded name/value pairs ask; `max_count` bounds the page size.

    Raises BadParameter with an issue for every fault, or TooCostly.
    """
    return _Reader(kind, max_count).query(pairs)


class _Reader:
    """Reads one request and gathers its faults."""

    def __init__(self, kind: ResourceType, max_count: int) -> None:
        self._kind = kind
        self._max_count = max_count
        self._known = {**kind.parameters, **COMMON}
        self._faults: list[Issue] = []

    def query(self, pairs: Pairs) -> Query:
        given = self._result_parameters(pairs)
        asked = [(name, text) for name, text in pairs if name not in RESULT]
        clauses = tuple(filter(None, (self._clause(name, text) for name, text in asked)))
        sort, descending = self._read(given, "_sort", self._sort) or ((), False)
        count = self._read(given, "_count", self._count)
        total = self._read(given, "_total", _one_of(TOTALS)) or "none"
        summary = self._read(given, "_summary", _one_of(SUMMARIES))
        elements = self._read(given, "_elements", self._elements) or ()
        self._refuse_faults()
        _refuse_costly(clauses)
        granted = min(DEFAULT_COUNT, self._max_count) if count is None else count
        kept = [pair for pair in pairs if pair[0] not in ("_count", CURSOR)]
        return Query(
            self._kind,
            clauses,
            sort,
            descending,
            granted,
            total,
            summary == "count" or granted == 0,
            elements,
            (*kept, ("_count", str(granted))),
        )

    def _result_parameters(self, pairs: Pairs) -> dict[str, str]:
        given: dict[str, str] = {}
        for name, text in pairs:
            if name in given and name not in TOLERATED:
                self._fault(BadParameter("This parameter is given once at most."), name)
            if name in RESULT:
                given[name] = text
        return given

    def _clause(self, full_name: str, text: str) -> Clause | None:
        name, colon, modifier = full_name.partition(":")
        parameter = self._known.get(name)
        if parameter is None:
            known = sorted([*self._known, *RESULT])
            unknown = BadParameter("There is no such search parameter here.", allowed=known)
            self._fault(unknown, full_name)
            return None
        if colon and modifier not in modifiers(parameter):
            unknown = BadParameter("There is no such modifier here.", allowed=modifiers(parameter))
            self._fault(unknown, full_name)
            return None
        try:
            return clause(parameter, modifier if colon else None, text)
        except HubError as error:
            self._fault(error, full_name)
            return None

    def _read(self, given: Mapping[str, str], name: str, read: Any) -> Any:
        try:
            return read(given[name]) if name in given else None
        except BadParameter as error:
            self._fault(error, name)
            return None

    def _count(self, text: str) -> int:
        if not _COUNT.match(text):
            raise BadParameter("A count is a whole number, 0 or more.")
        return min(int(text), self._max_count)

    def _sort(self, text: str) -> tuple[tuple[Parameter, ...], bool]:
        keys = text.split(",")
        names = [key.removeprefix("-") for key in keys]
        sortable = {name: each for name, each in self._known.items() if not each.many}
        if not set(names) <= set(sortable):
            raise BadParameter("This cannot be sorted by.", allowed=sorted(sortable))
        if len({key.startswith("-") for key in keys}) > 1:
            raise BadParameter("All sort keys go in one direction.")
        if len(keys) > MAX_SORTS or len(set(names)) < len(names):
            raise BadParameter(f"A sort has {MAX_SORTS} different keys at most.")
        return tuple(sortable[name] for name in names), keys[0].startswith("-")

    def _elements(self, text: str) -> tuple[str, ...]:
        known = {each.path[0] for each in self._kind.elements}.union(ALWAYS)
        names = tuple(dict.fromkeys(text.split(",")))
        if not set(names) <= known:
            raise BadParameter("There is no such element at the top level.", allowed=sorted(known))
        return names

    def _fault(self, error: HubError, name: str) -> None:
        pointer = name if _SPEAKABLE.match(name) else None
        issue = error.issues[0]
        self._faults.append(
            Issue(issue.code, issue.detail, issue.text, pointer, allowed=issue.allowed)
        )

    def _refuse_faults(self) -> None:
        if not self._faults:
            return
        costly = all(each.code == TooCostly.code for each in self._faults)
        refusal = TooCostly if costly else BadParameter
        raise refusal("The search cannot be understood.", issues=self._faults)


def _one_of(allowed: Sequence[str]) -> Any:
    def read(text: str) -> str:
        if text not in allowed:
            raise BadParameter("This value is not supported.", allowed=allowed)
        return text

    return read


def _refuse_costly(clauses: Sequence[Clause]) -> None:
    """Refuse what would be split into too many separate look-ups."""
    splits = [len(each.match.ranges) for each in clauses if isinstance(each.match, Within)]
    if len(clauses) > MAX_CLAUSES or math.prod(max(each, 1) for each in splits) > MAX_ALTERNATIVES:
        raise TooCostly("The search has too many alternatives; ask for fewer at once.")
