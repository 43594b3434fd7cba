"""Resolves chains into plain conditions before a search is run.

Each link is a search of its own, under the access decision of the type it leads to.
https://hl7.org/fhir/R4/search.html#chaining
"""

from dataclasses import replace

from app.interactions.records import Records
from app.interactions.view import View
from app.model.chain import MOST, Link, refuse_costly
from app.model.clause import ID, Clause, OneOf
from app.model.errors import TooCostly
from app.model.parameter import Parameter
from app.model.query import Query, plain
from app.model.version import Key


def resolved(records: Records, query: Query) -> Query:
    """Return the query with each of its links turned into a clause.

    Raises Forbidden for a type that the client may not search, TooCostly for a link that leads
    through too many resources.
    """
    found = [_pointing(records, each) for each in query.links if not each.is_reverse]
    ids = [_pointed_at(records, query.type, each) for each in query.links if each.is_reverse]
    if ids:
        found.append(Clause(ID, OneOf(tuple(sorted(frozenset.intersection(*ids))))))
    clauses = (*found, *query.clauses)
    refuse_costly(clauses, ())
    return replace(query, clauses=clauses, links=())


def _pointing(records: Records, link: Link) -> Clause:
    """Return the condition on references that a chain amounts to."""
    names = (f"{link.kind.name}/{id}" for id in _values(records, link, ID))
    return Clause(link.parameter, OneOf(tuple(names)))


def _pointed_at(records: Records, searched: str, link: Link) -> frozenset[str]:
    """Return the ids of resources of type `searched` that a reverse chain leads to."""
    keys = map(Key.parse, _values(records, link, link.parameter))
    return frozenset(key.id for key in keys if key.type == searched)


def _values(records: Records, link: Link, parameter: Parameter) -> list[str]:
    view = View(records, "search-type", link.kind.name)
    found = view.values(plain(link.kind, link.clauses, MOST + 1), parameter)
    if len(found) > MOST:
        raise TooCostly(
            f"A chain leads through more than {MOST} resources of type {link.kind.name}; "
            "narrow it down, or search those first and then by their ids."
        )
    return [value for values in found for value in values]
