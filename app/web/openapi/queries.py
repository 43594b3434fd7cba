"""The query parameters of a search in the OpenAPI document, each with the form of its values.

FHIR search: https://hl7.org/fhir/R4/search.html
"""

from collections.abc import Iterator

from app.model.capability import documentation, search_parameters
from app.model.parameter import Parameter
from app.model.query_value import PREFIXES
from app.model.resource_type import ResourceType
from app.model.search_keys import has_system
from app.web.openapi.parts import Part

PREFIX = f"({'|'.join(PREFIXES)})?"
ID = r"[A-Za-z0-9\-.]{1,64}"
CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?"
TIME = rf"T{CLOCK}(Z|[+\-](0[0-9]|1[0-3]):[0-5][0-9])?"
DATE = rf"[1-9][0-9]{{3}}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01])({TIME})?)?)?"
WHOLE_DAY = r"[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
NUMBER = r"-?[0-9]{1,25}(\.[0-9]{1,25})?"
CODE = r"[^\\|,\x00]+"


def search_queries(kind: ResourceType) -> Iterator[Part]:
    """Yield the parameters of a search of `kind`: how to show it, then what to look for."""
    yield _sort(kind)
    yield _elements(kind)
    yield from criteria(kind)


def criteria(kind: ResourceType) -> Iterator[Part]:
    """Yield the parameters that say what to look for."""
    for each in search_parameters(kind):
        if each.is_secret:
            continue
        yield _query(each.name, f"{each.type}: {documentation(each)}", _form(each))


def _form(parameter: Parameter) -> str | None:
    """Return the pattern of one value; None for strings, which may be any text."""
    token = rf"({CODE}|{CODE}\|({CODE})?|\|{CODE})" if has_system(parameter) else CODE
    forms = {
        "date": f"(eq)?{WHOLE_DAY}" if parameter.is_blind else PREFIX + DATE,
        "number": PREFIX + NUMBER,
        "reference": rf"(({'|'.join(parameter.targets)})/)?{ID}",
        "token": ID if parameter.name == "_id" else token,
    }
    return forms.get(parameter.type)


def _sort(kind: ResourceType) -> Part:
    names = "|".join(sorted(each.name for each in search_parameters(kind) if each.is_sortable))
    text = "Up to three different keys, all rising or, each after a hyphen, all falling."
    key = f"({names})"
    found = _query("_sort", text, None)
    found["schema"]["pattern"] = rf"^({key}(,{key}){{0,2}}|-{key}(,-{key}){{0,2}})$"
    return found


def _elements(kind: ResourceType) -> Part:
    names = "|".join(sorted({each.path[0] for each in kind.elements}))
    text = "The elements to answer; the resource is then marked SUBSETTED."
    return _query("_elements", text, f"({names})")


def _query(name: str, description: str, form: str | None) -> Part:
    """Return a parameter whose values, joined by commas, have a form."""
    value: Part = {"type": "string", "minLength": 1}
    if form is not None:
        value["pattern"] = f"^{form}(,{form})*$"
    return {"name": name, "in": "query", "description": description, "schema": value}
