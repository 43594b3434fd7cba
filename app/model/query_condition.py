"""One condition of a search: the name of a parameter with its modifier, and what it asks.

https://hl7.org/fhir/R4/search.html#modifiers
"""

from collections.abc import Collection, Mapping

from app.model.clause import COMMON, Clause
from app.model.errors import BadParameter
from app.model.parameter import Parameter
from app.model.query_value import clause, modifiers
from app.model.resource_type import ResourceType

Known = Mapping[str, Parameter]


def known(kind: ResourceType) -> Known:
    """Return the search parameters of a type by name: the declared ones and those of every type."""
    return {**kind.parameters, **COMMON}


def condition(known: Known, full_name: str, text: str, more: Collection[str] = ()) -> Clause:
    """Return what `name[:modifier]=text` asks; raise BadParameter or TooCostly.

    `more` are names that would be understood here besides the known parameters.
    """
    name, colon, modifier = full_name.partition(":")
    parameter = known.get(name)
    if parameter is None:
        allowed = sorted([*known, *more])
        raise BadParameter("There is no such search parameter here.", allowed=allowed)
    if not colon:
        return clause(parameter, None, text)
    if modifier not in modifiers(parameter):
        raise BadParameter("There is no such modifier here.", allowed=modifiers(parameter))
    return clause(parameter, modifier, text)
