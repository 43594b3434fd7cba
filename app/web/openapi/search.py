"""Searches besides GET of a type in the OpenAPI document: by form, across types, in compartments.

FHIR search: https://hl7.org/fhir/R4/http.html#search
"""

from collections.abc import Iterator

from app.model.chain import MAX_LINKS, Types, referring
from app.model.compartment import compartments
from app.model.include import INCLUDE, REVINCLUDE, including
from app.model.resource_type import ResourceType
from app.web.forms import FORM
from app.web.openapi.envelopes import bundle_of
from app.web.openapi.parts import Part, operation, refusals, response, schema
from app.web.openapi.queries import search_queries

PAGE = ("_count", "_cursor", "_total", "_summary")
CHAINS = (
    f"Up to {MAX_LINKS} chains may be among the parameters, one level deep: `reference.parameter` "
    "asks of the resource referred to (`reference:Type.parameter` where there are several types), "
    "`_has:Type:reference:parameter` of those that refer here."
)


def paths(types: Types, base: str) -> Iterator[tuple[str, Part]]:
    """Yield (path, operations by method) of these searches below `base`."""
    for name, kind in sorted(types.items()):
        yield f"{base}/{name}/_search", {"post": _by_form(kind)}
    for owner, name in compartments(types):
        path, kind = f"{base}/{owner}/{{id}}/{name}", types[name]
        yield path, {"get": _compartment(owner, kind, types)}
        yield f"{path}/_search", {"post": _by_form(kind, owner)}
    yield base, {"get": _system(types)}
    yield f"{base}/_search", {"post": _system_by_form()}


def extend(search: Part, kind: ResourceType, types: Types) -> None:
    """Add to the search of a type what it may bring along, and how chains are written."""
    brought = [
        _several(INCLUDE, "Resources that the matches refer to.", _targets(kind)),
        _several(REVINCLUDE, "Resources that refer to the matches.", referring(kind, types)),
    ]
    search["parameters"] += [each for each in brought if each["schema"]["items"]["enum"]]
    search["description"] = CHAINS


def _targets(kind: ResourceType) -> tuple[str, ...]:
    paths = including(kind)
    parameters = [kind.parameters[each.partition(":")[2]] for each in paths]
    both = zip(paths, parameters, strict=True)
    return (*paths, *(f"{path}:{target}" for path, each in both for target in each.targets))


def _several(name: str, description: str, values: tuple[str, ...]) -> Part:
    items = {"type": "string", "enum": list(values)}
    body = {"type": "array", "minItems": 1, "items": items}
    return {"name": name, "in": "query", "description": description, "schema": body}


def _by_form(kind: ResourceType, owner: str = "") -> Part:
    """Return the search of a type by a form, everywhere or in the compartment of an owner."""
    found = {"200": response("A page of matches.", bundle_of("searchset", kind.name))}
    found |= refusals(413, 415, *((410,) if owner else ()))
    name = f"search-form-{owner}" if owner else "search-form"
    text = f"Search for {kind.name}{owner and f' of one {owner}'} by a form"
    searching = operation(kind, name, text, found, *(("id",) if owner else ()))
    searching["requestBody"] = _form("The parameters of a search by GET, out of the address.")
    return searching


def _compartment(owner: str, kind: ResourceType, types: Types) -> Part:
    found = {"200": response("A page of matches.", bundle_of("searchset", kind.name))}
    text = f"Search for each {kind.name} of one {owner}"
    name = f"search-compartment-{owner}"
    searching = operation(kind, name, text, found | refusals(410), "id", *PAGE)
    searching["parameters"] += search_queries(kind)
    extend(searching, kind, types)
    return searching


def _system(types: Types) -> Part:
    kind = {"type": "string", "enum": sorted(types)}
    body = {"type": "array", "minItems": 1, "items": kind}
    text = "The types to search; all without it. Only parameters that they share are understood."
    chosen = {"name": "_type", "in": "query", "description": text, "schema": body}
    return {
        **_of_system("search-system", "Search several types at once, in the order of ids"),
        "parameters": [{**chosen, "explode": False}, *PAGE, "_format"],
    }


def _system_by_form() -> Part:
    searching = _of_system("search-system-form", "Search several types by a form")
    searching["responses"] |= refusals(413, 415)
    form = _form("The parameters of a search of several types by GET.")
    return {**searching, "parameters": ["_format"], "requestBody": form}


def _of_system(name: str, summary: str) -> Part:
    found = {"200": response("A page of matches.", schema("Bundle"))}
    return {
        "operationId": name,
        "summary": summary,
        "tags": ["System"],
        "responses": found | refusals(),
    }


def _form(description: str) -> Part:
    value = {"type": "object", "additionalProperties": {"type": "string"}}
    return {"description": description, "content": {FORM: {"schema": value}}}
