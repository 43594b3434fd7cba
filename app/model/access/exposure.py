"""Searches by elements in which a protected party may be named, such as who edited a plan last.

34 CFR 361.38: what vocational rehabilitation has to do with a person must not be found out by
asking for it, by counting or by sorting.
"""

from dataclasses import replace

from app.model.clause import Clause, Missing, NoneOf, OneOf
from app.model.query import Query


def names_barred(query: Query, barred: frozenset[str]) -> bool:
    """Whether a query asks for one of the `barred` references by name, or sorts by such."""
    exposed = query.kind.party_parameters if barred else frozenset()
    if any(each.name in exposed for each in query.sort):
        return True
    asked = (each.match for each in exposing(query, barred))
    named = (value for match in asked if isinstance(match, OneOf) for value in match.values)
    return any(str(each).partition("|")[0] in barred for each in named)


def is_pointed(query: Query, barred: frozenset[str]) -> bool:
    """Whether each condition is met by what it names alone, whatever else an element may name."""
    return all(map(_is_named, exposing(query, barred)))


def loosened(query: Query, barred: frozenset[str]) -> Query:
    """Return the query without what it says against elements that may name somebody barred.

    Who is left out because of what is hidden would be told by being left out: those conditions are
    for a look at what is seen.
    """
    exposed = set(exposing(query, barred))
    kept = [each for each in query.clauses if each not in exposed or not _is_against(each)]
    return replace(query, clauses=tuple(kept))


def exposing(query: Query, barred: frozenset[str]) -> tuple[Clause, ...]:
    """Return the conditions on elements that may name somebody barred."""
    exposed = query.kind.party_parameters if barred else frozenset()
    return tuple(each for each in query.clauses if each.parameter.name in exposed)


def _is_against(clause: Clause) -> bool:
    return isinstance(clause.match, NoneOf) or clause.match == Missing(flag=True)


def _is_named(clause: Clause) -> bool:
    if not isinstance(clause.match, OneOf):
        return False
    # A token without its system might be anybody's.
    is_token = clause.parameter.type == "token"
    return not is_token or all("|" in str(each).strip("|") for each in clause.match.values)
