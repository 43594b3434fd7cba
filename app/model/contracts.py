"""Which versions of the schemas one request speaks of, and which it was answered in.

RFC 6906: a profile says what a representation means beyond its media type.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.model.codec import Resource, decode, encode
from app.model.publication import number

CANONICAL = "https://hub.wioa.example/schemas/"
"""What the canonical address of every schema begins with."""


@dataclass
class Contracts:
    """What a request says of versions, by type, and what became of it.

    `written` is what its body is said to be (Content-Type), `wanted` what it asks for (Accept);
    each may name a part of a version number. `used` gathers the types and versions it was served
    in, `unnamed` those of them that it did not name itself, `answered` the version that resources
    of a type are answered in, and `views` those of them that are not the usual ones.
    """

    written: Mapping[str, str] = field(default_factory=dict)
    wanted: Mapping[str, str] = field(default_factory=dict)
    used: set[tuple[str, str]] = field(default_factory=set)
    unnamed: set[tuple[str, str]] = field(default_factory=set)
    answered: dict[str, str] = field(default_factory=dict)
    views: dict[str, str] = field(default_factory=dict)


def canonical(name: str, version: str) -> str:
    """Return how a resource names the version of its type, `<address>|<version>`."""
    return f"{CANONICAL}{name}|{version}"


def stated(text: str, profile: str) -> str:
    """Return the JSON text of a resource with one more profile, the first, in its meta."""
    head, found, rest = text.partition('"meta":{')
    if not found or rest.startswith('"profile"'):
        return _restated(text, profile)
    comma = "" if rest.startswith("}") else ","
    return f'{head}{found}"profile":["{profile}"]{comma}{rest}'


def _restated(text: str, profile: str) -> str:
    return encode(declaring(decode(text), profile))


def declaring(body: Resource, profile: str) -> Resource:
    """Return a resource with one more profile, the first, in its meta."""
    meta = body.get("meta", {})
    return {**body, "meta": {**meta, "profile": [profile, *meta.get("profile", ())]}}


def declared(name: str, body: Resource) -> list[str]:
    """Return the versions that a body says to be of, in its `meta.profile`."""
    start = f"{CANONICAL}{name}|"
    return [each[len(start) :] for each in _profiles(body) if each.startswith(start)]


def undeclared(name: str, body: Resource) -> Resource:
    """Return a body without what it says of versions of its type: that is not part of it."""
    profiles = _profiles(body)
    kept = [each for each in profiles if each.partition("|")[0] != f"{CANONICAL}{name}"]
    if len(kept) == len(profiles):
        return body
    rest = {key: value for key, value in body["meta"].items() if key != "profile"}
    return {**body, "meta": {**rest, "profile": kept} if kept else rest}


def chosen(asked: str, live: Mapping[str, object]) -> str | None:
    """Return the newest of the live versions that `asked` names: all of a number, or its start."""
    found = [each for each in live if f"{each}.".startswith(f"{asked}.")]
    return max(found, key=number, default=None)


def _profiles(body: Resource) -> list[str]:
    meta = body.get("meta")
    found = meta.get("profile") if isinstance(meta, dict) else None
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []
