"""Compartments: the types whose `x-compartment` element points at the one they belong to.

https://hl7.org/fhir/R4/compartmentdefinition.html
"""

from app.model.chain import Types
from app.model.parameter import Parameter
from app.model.resource_type import ResourceType


def membership(kind: ResourceType, owner: str) -> Parameter | None:
    """Return the search parameter by which `kind` belongs to type `owner`; None if it does not."""
    path = (kind.schema.get("x-compartment"),)
    for each in kind.parameters.values():
        if owner in each.targets and any(source.path == path for source in each.sources):
            return each
    return None


def compartments(types: Types) -> tuple[tuple[str, str], ...]:
    """Return each pair of a type and one in its compartment, in order."""
    return tuple(
        (owner, name)
        for owner in sorted(types)
        for name, kind in sorted(types.items())
        if membership(kind, owner)
    )
