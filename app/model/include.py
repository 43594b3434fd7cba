"""What a page of matches brings along: resources referred to, and resources that refer to it.

`_include` and `_revinclude`, one level: https://hl7.org/fhir/R4/search.html#include.
"""

from dataclasses import dataclass

from app.model.chain import Types, referring
from app.model.errors import BadParameter
from app.model.parameter import Parameter
from app.model.resource_type import ResourceType

INCLUDE = "_include"
REVINCLUDE = "_revinclude"
MOST = 1000
"""Most resources that one page brings along."""


@dataclass(frozen=True)
class Include:
    """Resources that the matches refer to by `parameter`, as far as they are of `targets`."""

    parameter: Parameter
    targets: tuple[str, ...]


@dataclass(frozen=True)
class Revinclude:
    """Resources of `kind` that refer to the matches by `parameter`."""

    kind: ResourceType
    parameter: Parameter


def including(kind: ResourceType) -> tuple[str, ...]:
    """Return each `Type:parameter` that a search of `kind` may include by, in order."""
    found = sorted(name for name, each in kind.parameters.items() if each.targets)
    return tuple(f"{kind.name}:{name}" for name in found)


def include(kind: ResourceType, text: str) -> Include:
    """Return what `_include=Type:parameter[:Target]` asks; raise BadParameter."""
    path, target = _read(text, including(kind))
    parameter = kind.parameters[path.partition(":")[2]]
    if target and target not in parameter.targets:
        allowed = [f"{path}:{each}" for each in parameter.targets]
        raise BadParameter("This parameter does not refer to that type.", allowed=allowed)
    return Include(parameter, (target,) if target else parameter.targets)


def revinclude(kind: ResourceType, types: Types, text: str) -> Revinclude:
    """Return what `_revinclude=Type:parameter[:Target]` asks; raise BadParameter."""
    path, target = _read(text, referring(kind, types))
    if target not in ("", kind.name):
        raise BadParameter("The target is the type searched for.", allowed=[f"{path}:{kind.name}"])
    source, _, name = path.partition(":")
    return Revinclude(types[source], types[source].parameters[name])


def _read(text: str, allowed: tuple[str, ...]) -> tuple[str, str]:
    """Return the path `Type:parameter` and the target, empty when there is none."""
    source, _, rest = text.partition(":")
    name, colon, target = rest.partition(":")
    path = f"{source}:{name}"
    if path not in allowed or (colon and not target):
        raise BadParameter("There is nothing to bring along by this path.", allowed=allowed)
    return path, target
