"""Search parameters of a request turned into a Query; what is not understood is refused.

FHIR search: https://hl7.org/fhir/R4/search.html.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self, TypeVar
from urllib.parse import urlencode

from app.model.chain import Link, Types, is_link, joined, link, refuse_costly
from app.model.clause import Clause
from app.model.errors import BadParameter
from app.model.include import INCLUDE, REVINCLUDE, Include, Revinclude, include, revinclude
from app.model.pair import InBody
from app.model.parameter import Parameter
from app.model.query_condition import condition, known
from app.model.query_faults import Faults
from app.model.query_result import a_count, a_sort, one_of, some_elements
from app.model.resource_type import ResourceType
from app.model.version import Version

Read = TypeVar("Read")
Pairs = Sequence[tuple[str, str]]
Position = list[Any]
"""The sort values and the id of the last row of a page; None stands for a missing value."""

TOTALS = ("none", "estimate", "accurate")
SUMMARIES = ("count", "false")
TOLERATED = ("_format", "_pretty", "_totalMethod")
"""Sent by real clients and without effect here; content negotiation reads `_format` itself."""
CURSOR = "_cursor"
RESULT = ("_count", "_elements", "_sort", "_summary", "_total", CURSOR, *TOLERATED)
DEFAULT_COUNT = 20
IN_BODY = "This is looked for by POST to _search, in the body: an address ends up in logs."


@dataclass(frozen=True)
class Query:
    """A search of one type; `position` is where the page before ended.

    `pairs` are the parameters as asked, with the page size as granted and without a cursor.
    `links` are conditions on other types, to be resolved into clauses before the search is run.
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
    links: tuple[Link, ...] = ()
    includes: tuple[Include, ...] = ()
    revincludes: tuple[Revinclude, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
    """Pairs that may stand in no link, because they look for a secret."""

    @property
    def type(self) -> str:
        """The name of the type that is searched."""
        return self.kind.name

    @property
    def parameters(self) -> frozenset[Parameter]:
        """The declared parameters that say what matches, in which order, with what beside it."""
        used = {each.parameter for each in self.clauses}
        used |= {*self.sort, *(each.parameter for each in self.includes)}
        return frozenset(each for each in used if each.sources)

    def at(self, position: Position | None) -> Self:
        """Return the query for what follows a position."""
        return replace(self, position=position)

    def within(self, clause: Clause) -> Self:
        """Return the query for what meets one more condition."""
        return replace(self, clauses=(*self.clauses, clause))

    @cached_property
    def canonical(self) -> str:
        """The query string that says the same whatever the order the parameters came in."""
        return urlencode(sorted(self.pairs), errors="surrogatepass")


@dataclass(frozen=True)
class Found:
    """Current versions in the order asked, and the position to go on from; None at the end."""

    versions: list[Version]
    next: Any


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
    included: tuple[Version, ...] = ()
    path: str | None = None
    """The address below the base; None for that of the type."""


def parse(
    kind: ResourceType,
    pairs: Pairs,
    *,
    max_count: int,
    types: Types | None = None,
    only: Collection[str] | None = None,
) -> Query:
    """Return the query that decoded name/value pairs ask; `max_count` bounds the page size.

    With `types`, all there are by name, chains and inclusions are understood too; `only` narrows
    the parameters down to some. Raises BadParameter with an issue for every fault, or TooCostly.
    """
    found = known(kind)
    if only is not None:
        found = {name: each for name, each in found.items() if name in only}
    return _Reader(kind, found, max_count, types or {}).query(pairs)


def plain(kind: ResourceType, clauses: tuple[Clause, ...], count: int) -> Query:
    """Return the query for the first `count` of what meets all clauses, in the order of ids."""
    return Query(kind, clauses, (), False, count, "none", False, (), ())


class _Reader:
    """Reads one request and gathers its faults."""

    def __init__(
        self, kind: ResourceType, known: Mapping[str, Parameter], max_count: int, types: Types
    ) -> None:
        self._kind = kind
        self._known = known
        self._max_count = max_count
        self._types = types
        self._result = (*RESULT, INCLUDE, REVINCLUDE) if types else RESULT
        self._faults = Faults()
        self._hidden: list[tuple[str, str]] = []

    def query(self, pairs: Pairs) -> Query:
        given = self._result_parameters(pairs)
        clauses, links = self._conditions(pairs)
        sort, descending = self._one(given, "_sort", a_sort(self._known)) or ((), False)
        count = self._one(given, "_count", a_count(self._max_count))
        total = self._one(given, "_total", one_of(TOTALS)) or "none"
        summary = self._one(given, "_summary", one_of(SUMMARIES))
        elements = self._one(given, "_elements", some_elements(self._kind)) or ()
        includes = self._every(pairs, INCLUDE, self._include) if self._types else ()
        revincludes = self._every(pairs, REVINCLUDE, self._revinclude) if self._types else ()
        self._faults.refuse()
        refuse_costly(clauses, links)
        granted = min(DEFAULT_COUNT, self._max_count) if count is None else count
        unsaid = ("_count", CURSOR)
        kept = [pair for pair in pairs if pair[0] not in unsaid and pair not in self._hidden]
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
            links=joined(links),
            includes=includes,
            revincludes=revincludes,
            hidden=tuple(self._hidden),
        )

    def _result_parameters(self, pairs: Pairs) -> dict[str, str]:
        given: dict[str, str] = {}
        for name, text in pairs:
            if name in given and name not in TOLERATED:
                self._faults.add(BadParameter("This parameter is given once at most."), name)
            if name in RESULT:
                given[name] = text
        return given

    def _clause(self, full_name: str, text: str) -> Clause:
        return condition(self._known, full_name, text, self._result)

    def _link(self, full_name: str, text: str) -> Link:
        return link(self._kind, self._types, full_name, text)

    def _include(self, text: str) -> Include:
        return include(self._kind, text)

    def _revinclude(self, text: str) -> Revinclude:
        return revinclude(self._kind, self._types, text)

    def _one(self, given: Mapping[str, str], name: str, read: Callable[[str], Any]) -> Any:
        return self._faults.attempt(name, read, given[name]) if name in given else None

    def _every(self, pairs: Pairs, name: str, read: Callable[[str], Read]) -> tuple[Read, ...]:
        """Return what each parameter of this name asks, each once."""
        texts = dict.fromkeys(text for given, text in pairs if given == name)
        return tuple(filter(None, (self._faults.attempt(name, read, each) for each in texts)))

    def _conditions(self, pairs: Pairs) -> tuple[tuple[Clause, ...], tuple[Link, ...]]:
        clauses: list[Clause | None] = []
        links: list[Link | None] = []
        for pair in pairs:
            name, text = pair
            if self._types and is_link(name):
                found = self._faults.attempt(name, self._link, name, text)
                links.append(found)
                self._hide(pair, found.clauses if found else ())
            elif name not in self._result:
                clause = self._faults.attempt(name, self._clause, name, text)
                clauses.append(clause)
                self._hide(pair, (clause,) if clause else ())
        return tuple(filter(None, clauses)), tuple(filter(None, links))

    def _hide(self, pair: tuple[str, str], clauses: tuple[Clause, ...]) -> None:
        """Keep a pair that looks for a secret out of all links; refuse it in an address."""
        if not any(each.is_secret for each in clauses):
            return
        if isinstance(pair, InBody):
            self._hidden.append(pair)
        else:
            self._faults.add(BadParameter(IN_BODY), pair[0])
