"""What a page of matches brings along, under the access decision of each type brought along.

https://hl7.org/fhir/R4/search.html#include
"""

from collections.abc import Sequence

from app.interactions.records import Records
from app.interactions.view import View
from app.model.clause import Clause, OneOf
from app.model.errors import TooCostly
from app.model.include import MOST, Revinclude
from app.model.query import Query, plain
from app.model.search_keys import referred
from app.model.version import Key, Version


def authorize_included(records: Records, query: Query) -> None:
    """Raise Forbidden when the query brings along a type that the client may not see so."""
    for include in query.includes:
        for target in include.targets:
            records.decide("include", target)
    for revinclude in query.revincludes:
        records.decide("search-type", revinclude.kind.name)


def included(records: Records, query: Query, matches: Sequence[Version]) -> tuple[Version, ...]:
    """Return what a page brings along, each once and none that is a match.

    Raises TooCostly rather than leave something out.
    """
    own = {version.key for version in matches}
    wanted = _named(query, matches) - own
    _refuse_more(len(wanted))
    there = records.hub.store.read_many(wanted) if wanted else []
    found = {version.key: version for version in filter(None, records.seen("include", there))}
    for each in query.revincludes if matches else ():
        found.update((version.key, version) for version in _pointing(records, each, matches))
        _refuse_more(len(found))
    return tuple(version for key, version in sorted(found.items()) if key not in own)


def _named(query: Query, matches: Sequence[Version]) -> set[Key]:
    return {
        key
        for include in query.includes
        for version in matches
        for key in referred(include.parameter, version.resource)
        if key.type in include.targets
    }


def _pointing(records: Records, asked: Revinclude, matches: Sequence[Version]) -> list[Version]:
    names = OneOf(tuple(str(version.key) for version in matches))
    view = View(records, "search-type", asked.kind.name)
    found = view.search(plain(asked.kind, (Clause(asked.parameter, names),), MOST))
    _refuse_more(MOST if found.next is None else MOST + 1)
    return found.versions


def _refuse_more(count: int) -> None:
    if count > MOST:
        raise TooCostly(
            f"This page would bring along more than {MOST} resources; ask for fewer with _count, "
            "or search for those by themselves."
        )
