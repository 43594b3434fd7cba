"""What a current row is found by, and the business keys a resource holds; both from annotations.

Each value is normalised once, when it is written, so that a search is an equality or a range.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

from app.model.codec import Resource
from app.model.dates import interval
from app.model.element import values
from app.model.number import normal
from app.model.parameter import Parameter, Source
from app.model.resource_type import ResourceType
from app.model.search_token import bare, code, escaped, forms, identified, pair
from app.model.text import fold
from app.model.version import Key


class Found(NamedTuple):
    """One value of a parameter: as the element holds it, as it is searched, as it is unique."""

    raw: Any
    searched: tuple[Any, ...]
    unique: str
    pointer: str


def search_keys(kind: ResourceType, resource: Resource) -> dict[str, Any]:
    """Return the fields of a row that searches read, to be put beside what the row holds already.

    `k` holds the normalised value(s) of each parameter that has one, `e` the strings as written,
    `refs` all that the resource refers to, by `Type/id` and by identifier, but what protected
    elements refer to. The values of blind parameters are in clear: the store hashes them.
    """
    normalised: dict[str, Any] = {}
    exact: dict[str, Any] = {}
    for name, parameter in kind.parameters.items():
        found = list(_found(parameter, resource))
        if not found:
            continue
        normalised[name] = _kept(parameter, [each for one in found for each in one.searched])
        if parameter.type == "string":
            exact[name] = _kept(parameter, [one.raw for one in found])
    shown = (path for path in kind.references if path not in kind.hidden_references)
    refs = {each["reference"] for path in shown for each, _, _ in values(resource, path)}
    refs.update(_identified(kind, resource))
    return {"k": normalised, "e": exact, "refs": sorted(refs)}


def hidden_references(kind: ResourceType, resource: Resource) -> set[Key]:
    """Return what the protected elements of a resource refer to."""
    found = (each for path in kind.hidden_references for each, _, _ in values(resource, path))
    return {Key.parse(each["reference"]) for each in found}


def referred(parameter: Parameter, resource: Resource) -> Iterator[Key]:
    """Yield what the resource refers to in the elements of one reference parameter."""
    for each in _found(parameter, resource):
        yield Key.parse(each.searched[0])


def unique_keys(kind: ResourceType, resource: Resource) -> dict[str, str]:
    """Return each business key the resource holds, with the JSON Pointer of its first element.

    A key is such as `ParticipantProfile?identifier=<system>|<value>`; keys that lack a value are
    left out, and keys of several parameters join every combination of their values.
    """
    keys: dict[str, str] = {}
    for names in kind.unique:
        found = [list(_found(kind.parameters[name], resource)) for name in names]
        for combination in product(*found):
            pairs = zip(names, combination, strict=True)
            text = "&".join(f"{name}={each.unique}" for name, each in pairs)
            keys.setdefault(f"{kind.name}?{text}", combination[0].pointer)
    return keys


def _identified(kind: ResourceType, resource: Resource) -> Iterator[str]:
    for parameter in kind.parameters.values():
        for one in _found(parameter, resource) if parameter.type == "reference" else ():
            identifier = one.raw.get("identifier") if isinstance(one.raw, dict) else None
            if identifier:
                for form in forms(identifier.get("system", ""), identifier["value"]):
                    yield identified(parameter.name, form)


def _kept(parameter: Parameter, found: list[Any]) -> Any:
    return list(dict.fromkeys(found)) if parameter.many else found[0]


def _found(parameter: Parameter, resource: Resource) -> Iterator[Found]:
    """Yield the values of a parameter; what cannot be one of its type is not there for a search."""
    for source in parameter.sources:
        for raw, parent, pointer in values(resource, source.path):
            each = _READ[parameter.type](raw, parameter, source, parent)
            if each is not None:
                yield Found(raw, *each, pointer)


_Read = tuple[tuple[Any, ...], str] | None


def _string(raw: Any, _parameter: Parameter, _source: Source, _parent: Resource) -> _Read:
    return ((fold(raw),), escaped(raw)) if isinstance(raw, str) else None


def _token(raw: Any, parameter: Parameter, source: Source, parent: Resource) -> _Read:
    value = code(raw)
    if not value:
        return None
    if parameter.is_blind:
        value = bare(value)
    if not has_system(parameter):
        return (value,), escaped(value)
    system = parent.get(source.system, "") if source.system else ""
    if isinstance(system, dict):
        system = system.get("reference", "")
    return forms(str(system), value), pair(str(system), value)


def _reference(raw: Any, _parameter: Parameter, _source: Source, _parent: Resource) -> _Read:
    name = raw.get("reference") if isinstance(raw, dict) else raw
    return ((name,), escaped(name)) if isinstance(name, str) else None


def _number(raw: Any, _parameter: Parameter, _source: Source, _parent: Resource) -> _Read:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return None
    return (normal(raw),), str(code(raw))


def _date(raw: Any, _parameter: Parameter, _source: Source, _parent: Resource) -> _Read:
    try:
        start, _ = interval(raw)
    except (TypeError, ValueError):
        return None
    return (start,), str(start)


def has_system(parameter: Parameter) -> bool:
    """Whether values of a token parameter may be told apart by a system."""
    return any(source.system for source in parameter.sources)


_READ = {
    "string": _string,
    "token": _token,
    "reference": _reference,
    "number": _number,
    "date": _date,
}
