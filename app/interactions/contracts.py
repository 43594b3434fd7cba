"""Under which version of its schema a client reads and writes a type.

It says so itself, in a header or in the resource; else its pin decides; else it is the current one.
A version that is not there is refused, never replaced by another.
"""

from app.interactions import Hub
from app.model.access.client import Client
from app.model.codec import Resource
from app.model.contracts import chosen, declared, undeclared
from app.model.errors import Invalid, Issue, Malformed, NotAcceptable
from app.model.publication import RETIRED, number
from app.model.registry import Registry
from app.model.resource_type import ResourceType


def read_under(hub: Hub, client: Client, name: str) -> ResourceType:
    """Return the version in which a client is answered.

    Raises NotAcceptable, with all that are live, for one that is not served.
    """
    said = client.contracts
    asked = said.wanted.get(name) or said.written.get(name)
    if asked is None:
        return _usual(hub, client, name)
    version = _chosen(hub, name, asked)
    live = hub.registry.live.get(name, {})
    if version is None:
        raise NotAcceptable(_missing(hub, name, asked), "Accept", allowed=sorted(live))
    return _noted(client, live[version])


def written_under(hub: Hub, client: Client, name: str, body: Resource) -> ResourceType:
    """Return the version that a body is written in.

    Raises Malformed when its header and its `meta.profile` disagree, Invalid, with all that are
    live, for one that is not served.
    """
    said = [(each, "/meta/profile") for each in declared(name, body)]
    header = client.contracts.written.get(name)
    if header is not None:
        said.append((header, "Content-Type"))
    found = {_living(hub, name, *each) for each in said}
    if len(found) > 1:
        raise Malformed("The header and the body name different versions.", "/meta/profile")
    if not found:
        return _usual(hub, client, name)
    return _noted(client, hub.registry.live[name][found.pop()])


def given(hub: Hub, client: Client, name: str, body: Resource) -> Resource:
    """Return a resource that an operation takes, without what it says of versions of its type.

    Raises as `written_under` does.
    """
    written_under(hub, client, name, body)
    return undeclared(name, body)


def projected(registry: Registry, contract: ResourceType, resource: Resource) -> Resource:
    """Return a stored resource as a version of its type has it.

    Raises NotAcceptable when it cannot be said in that version; within a major it always can.
    """
    newest = registry.type(contract.name)
    if contract is newest:
        return resource
    seen = registry.lens(contract).projected(resource)
    if number(contract.version)[0] != number(newest.version)[0] and contract.check(seen):
        text = "This resource cannot be said in the version that is asked for."
        raise NotAcceptable(text, "Accept", allowed=sorted(registry.live[contract.name]))
    return seen


def _living(hub: Hub, name: str, asked: str, where: str) -> str:
    version = _chosen(hub, name, asked)
    if version is None:
        live = tuple(sorted(hub.registry.live.get(name, {})))
        issue = Issue("value", "schema-version", _missing(hub, name, asked), where, allowed=live)
        raise Invalid("The version of the schema is not served.", issues=[issue])
    return version


def _chosen(hub: Hub, name: str, asked: str) -> str | None:
    """Return the live version that is asked for; one that is not known may be seconds old."""
    found = chosen(asked, hub.registry.live.get(name, {}))
    if found is None:
        hub.publications.refresh(at_once=True)
        found = chosen(asked, hub.registry.live.get(name, {}))
    return found


def _usual(hub: Hub, client: Client, name: str) -> ResourceType:
    """Return the version of a client that names none: its pin's, else the current one."""
    current = hub.registry.current(name)
    live = hub.registry.live.get(name, {})
    if len(live) > 1:
        pinned = hub.usage.pin(client.id, name)
        current = live.get(pinned or "", current)
    client.contracts.unnamed.add((name, current.version))
    return _noted(client, current)


def _noted(client: Client, kind: ResourceType) -> ResourceType:
    client.contracts.used.add((kind.name, kind.version))
    return kind


def _missing(hub: Hub, name: str, asked: str) -> str:
    known = hub.registry.publications.get((name, asked))
    if known is not None and known.status == RETIRED:
        return "This version of the schema was retired; move to one that is served."
    return "No such version of the schema is served."
