"""Resolves chains into plain conditions before a search is run.

Each link is a search of its own, under the access decision of the type it leads to.
https://hl7.org/fhir/R4/search.html#chaining
"""

from dataclasses import replace

from app.interactions import Hub
from app.model.access import Client, authorize
from app.model.chain import MOST, Link, refuse_costly
from app.model.clause import ID, Clause, OneOf
from app.model.errors import TooCostly
from app.model.parameter import Parameter
from app.model.query import Query, plain
from app.model.version import Key


def resolved(hub: Hub, client: Client, query: Query) -> Query:
    """Return the query with each of its links turned into a clause.

    Raises Forbidden for a type that the client may not search, TooCostly for a link that leads
    through too many resources.
    """
    for each in query.links:
        authorize(client, "search-type", each.kind.name)
    found = [_pointing(hub, each) for each in query.links if not each.is_reverse]
    ids = [_pointed_at(hub, query.type, each) for each in query.links if each.is_reverse]
    if ids:
        found.append(Clause(ID, OneOf(tuple(sorted(frozenset.intersection(*ids))))))
    clauses = (*found, *query.clauses)
    refuse_costly(clauses, ())
    return replace(query, clauses=clauses, links=())


def _pointing(hub: Hub, link: Link) -> Clause:
    """Return the condition on references that a chain amounts to."""
    names = (f"{link.kind.name}/{id}" for id in _values(hub, link, ID))
    return Clause(link.parameter, OneOf(tuple(names)))


def _pointed_at(hub: Hub, searched: str, link: Link) -> frozenset[str]:
    """Return the ids of resources of type `searched` that a reverse chain leads to."""
    keys = map(Key.parse, _values(hub, link, link.parameter))
    return frozenset(key.id for key in keys if key.type == searched)


def _values(hub: Hub, link: Link, parameter: Parameter) -> list[str]:
    found = hub.store.values(plain(link.kind, link.clauses, MOST + 1), parameter)
    if len(found) > MOST:
        raise TooCostly(
            f"A chain leads through more than {MOST} resources of type {link.kind.name}; "
            "narrow it down, or search those first and then by their ids."
        )
    return [value for values in found for value in values]
