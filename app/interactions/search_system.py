"""FHIR search across types, in one order: that of ids, then of types.

https://hl7.org/fhir/R4/search.html#searchcontexts
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.interactions import Hub
from app.interactions.records import begin
from app.interactions.view import View
from app.model.access.client import Client
from app.model.clause import COMMON, ID, Clause, Range, Within
from app.model.errors import BadParameter, TooCostly
from app.model.parameter import Parameter
from app.model.query import CURSOR, Pairs, Position, Query, SearchPage, parse
from app.model.resource_type import ResourceType
from app.model.search_keys import has_system
from app.model.version import Version

TYPE = "_type"


def search_system(hub: Hub, client: Client, pairs: Pairs) -> SearchPage:
    """Return one page of what matches in the types that `_type` names, in all without it.

    Only parameters that all those types share are understood. Raises what `search` raises.
    """
    records = begin(hub, client, "search-system", None)
    kinds = _kinds(hub, pairs)
    views = {kind.name: View(records, "search-system", kind.name) for kind in kinds}
    rest = [pair for pair in pairs if pair[0] != TYPE]
    queries = _queries(hub, kinds, rest)
    named = [(TYPE, ",".join(kind.name for kind in kinds))] if len(rest) < len(pairs) else []
    query = replace(queries[0], pairs=(*queries[0].pairs, *named))
    records.act.query = hub.cursors.fingerprint(query.canonical)
    bound = {"client_id": client.id, "query": f"?{query.canonical}"}
    position: Position | None = None
    for name, token in pairs:
        if name == CURSOR:
            position = hub.cursors.open(token, **bound)
    counted = query.only_count or query.total != "none"
    total = sum(views[each.type].count(each) for each in queries) if counted else None
    if query.only_count:
        return SearchPage(query, [], total, None, path="")
    versions, more = _merged(views, queries, position)
    last = versions[-1].key if more else None
    following = hub.cursors.seal([last.id, last.type], **bound) if last else None
    return SearchPage(query, versions, total, following, path="")


def shared(kinds: Sequence[ResourceType]) -> frozenset[str]:
    """Return the names of the search parameters that mean the same in all of these types."""
    first, *others = kinds
    same = (
        name
        for name, each in first.parameters.items()
        if not each.is_secret
        and all(_is_same(each, other.parameters.get(name)) for other in others)
    )
    return frozenset({*COMMON, *same})


def _is_same(one: Parameter, other: Parameter | None) -> bool:
    if other is None:
        return False
    return _kind(one) == _kind(other)


def _kind(one: Parameter) -> tuple[object, ...]:
    return one.type, one.targets, one.is_day, has_system(one), one.is_blind


def _kinds(hub: Hub, pairs: Pairs) -> list[ResourceType]:
    """Return the types asked for, in the order of their names."""
    given = [text for name, text in pairs if name == TYPE]
    if len(given) > 1:
        raise BadParameter("This parameter is given once at most.", TYPE)
    types = hub.registry.types
    names = given[0].split(",") if given else types
    if not set(names) <= set(types):
        raise BadParameter("No such resource type is published here.", TYPE, allowed=sorted(types))
    return [types[name] for name in sorted(set(names))]


def _queries(hub: Hub, kinds: Sequence[ResourceType], pairs: Pairs) -> list[Query]:
    only = shared(kinds)
    found = [parse(kind, pairs, max_count=hub.max_count, only=only) for kind in kinds]
    if found[0].sort not in ((), (ID,)):
        raise BadParameter("Several types are sorted by id.", "_sort", allowed=("_id", "-_id"))
    return found


def _merged(
    views: Mapping[str, View], queries: Sequence[Query], position: Position | None
) -> tuple[list[Version], bool]:
    """Return the versions that follow the position, and whether still more follow those."""
    count, descending = queries[0].count, queries[0].descending
    pages = [views[each.type].page(_after(each, position)) for each in queries]
    if any(after is not None and len(pairs) < count for pairs, after in pages):
        raise TooCostly("Too many rows must be looked at; search each type by itself.")
    found = [pair for pairs, _ in pages for pair in pairs]
    found.sort(key=lambda each: (each[0].key.id, each[0].key.type), reverse=descending)
    more = len(found) > count or any(after is not None for _, after in pages)
    return [views[each.key.type].told(each, sight) for each, sight in found[:count]], more


def _after(query: Query, position: Position | None) -> Query:
    """Return the query for what follows a position, which names an id and a type."""
    if position is None:
        return query
    id, kind = position
    if query.descending:
        beyond = Range(None, id + "\0" if query.type < kind else id)
    else:
        beyond = Range(id if query.type > kind else id + "\0", None)
    return replace(query, clauses=(*query.clauses, Clause(ID, Within((beyond,)))))
