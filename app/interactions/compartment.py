"""FHIR compartment search: what belongs to one participant.

https://hl7.org/fhir/R4/compartmentdefinition.html
"""

from dataclasses import replace

from app.interactions import Hub
from app.interactions.records import begin
from app.interactions.search import asked, page
from app.interactions.view import View
from app.model.access.client import Client
from app.model.clause import Clause, OneOf
from app.model.compartment import membership
from app.model.errors import NotFound
from app.model.query import Pairs, SearchPage
from app.model.version import Key


def search_compartment(hub: Hub, client: Client, key: Key, kind: str, pairs: Pairs) -> SearchPage:
    """Return one page of the matches of type `kind` that belong to the resource `key` names.

    Raises NotFound when nothing has that id or the type is not in its compartment, Deleted, and
    what `search` raises.
    """
    records = begin(hub, client, "search-type", kind)
    hub.registry.type(key.type)
    parameter = membership(hub.registry.type(kind), key.type)
    if parameter is None:
        raise NotFound(f"{kind} is not in the compartment of a {key.type}.")
    whole = View(records, "read", key.type)
    query = asked(records, kind, pairs)
    if key not in records.present([key]):
        whole.refuse_absent(key)
    own = Clause(parameter, OneOf((str(key),)))
    query = replace(query, clauses=(own, *query.clauses))
    return page(records, query, pairs, f"{key}/{kind}")
