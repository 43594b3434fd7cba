"""Pages of a search for a secret: the links name it nowhere, so the sealed cursor carries it."""

from dataclasses import replace
from typing import Any

from app.interactions import Hub
from app.model.chain import joined
from app.model.errors import BadParameter
from app.model.pair import InBody
from app.model.query import CURSOR, Position, Query, parse

FOREIGN = "This cursor was not given for this query; follow links as they are."


def carried(query: Query, position: Position) -> Any:
    """Return what the cursor of the page that follows `position` holds."""
    if not query.hidden:
        return position
    return {"after": position, "asked": [list(pair) for pair in query.hidden]}


def resumed(hub: Hub, query: Query, kept: Any) -> Query:
    """Return the query that goes on where the cursor says, with what the cursor hides.

    Raises BadParameter when the request hides something else.
    """
    position, asked = (kept["after"], kept["asked"]) if isinstance(kept, dict) else (kept, [])
    hidden = tuple(InBody(*pair) for pair in asked)
    if query.hidden not in ((), hidden):
        raise BadParameter(FOREIGN, CURSOR)
    query = query.at(position)
    if query.hidden == hidden:
        return query
    more = parse(query.kind, hidden, max_count=hub.max_count, types=hub.registry.types)
    return replace(
        query,
        clauses=(*query.clauses, *more.clauses),
        links=joined((*query.links, *more.links)),
        hidden=hidden,
    )
