"""Takes out of a resource what a client may not see, and puts it back before a write.

A read, an edit and a write by someone who sees a part never erase the rest, and what was masked
never gets stored. Tags as https://hl7.org/fhir/R4/security-labels.html#core.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

from app.model.access.sight import Sight
from app.model.codec import Resource
from app.model.element import Path, values
from app.model.errors import Forbidden, Issue
from app.model.resource_type import ResourceType

TAGS = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"
REDACTED = "https://hub.wioa.example/codes/redacted"
"""System of the tags that name the elements a client may not see, whether they are there or not."""
OWN = "own"
"""The basis of a sight of what is the client's own."""
SHOWN = 4
"""How many characters of a secret are shown."""
MASK = "*"


def redact(kind: ResourceType, resource: Resource, sight: Sight) -> Resource:
    """Return what may be seen of a resource, tagged when anything may be hidden."""
    if sight.is_full:
        return resource
    paths = hidden_paths(kind, sight.labels, sight.elements)
    seen = _without(resource, paths)
    if sight.barred:
        seen = _unnamed(seen, sight.barred)
    if sight.is_masked:
        for path in kind.secrets:
            seen = _changed(seen, path, mask)
    tags = [*_tags(paths, is_masked=sight.is_masked and bool(kind.secrets))]
    if not tags:
        return seen
    meta = seen.get("meta", {})
    return {**seen, "meta": {**meta, "security": [*meta.get("security", ()), *tags]}}


def restore(kind: ResourceType, former: Resource | None, body: Resource, sight: Sight) -> Resource:
    """Return the body to be stored: with what the client could not see of the former version.

    Raises Forbidden when the body brings an element that the client could not see, since that
    would overwrite what nobody looked at. A new resource (no `former`) may bring anything, and an
    agency may add to its own what is not there yet: it asked the person.
    """
    body = _untagged(body)
    if sight.barred:
        _refuse_barred(kind, former, body, sight.barred)
    if former is None or sight.is_full:
        return body
    paths = hidden_paths(kind, sight.labels, sight.elements)
    there = (path for path in paths if OWN not in sight.basis or any(values(former, path)))
    unseen = [pointer for path in there for _, _, pointer in values(body, path)]
    if unseen:
        text = "You may not change what you may not see; leave the element out."
        issues = [Issue(Forbidden.code, "unseen", text, pointer) for pointer in unseen]
        raise Forbidden(text, issues=issues)
    if sight.barred:
        body = _rejoined(body, former, sight.barred)
    for path in paths:
        body = _put_back(body, former, path)
    if sight.is_masked:
        for path in kind.secrets:
            if not any(path[: len(each)] == each for each in paths):
                body = _unmasked(body, former, path)
    return body


@lru_cache(maxsize=1024)
def hidden_paths(
    kind: ResourceType, labels: frozenset[str], elements: frozenset[str] = frozenset()
) -> tuple[Path, ...]:
    """Return the paths of the elements that these labels and names hide, none inside another."""
    hidden: list[Path] = []
    settled: set[Path] = set()
    for each in kind.elements:
        if any(each.path[:depth] in settled for depth in range(1, len(each.path))):
            continue
        own = {each.label}
        if each.many:
            # A list is shown or hidden as a whole, so that its entries need not be matched later.
            size = len(each.path)
            own |= {one.label for one in kind.elements if one.path[:size] == each.path}
            settled.add(each.path)
        if own & labels or (len(each.path) == 1 and each.path[0] in elements):
            hidden.append(each.path)
            settled.add(each.path)
    return tuple(hidden)


def mask(value: Any) -> Any:
    """Return a secret with all but its last characters covered."""
    return MASK * (len(value) - SHOWN) + value[-SHOWN:] if isinstance(value, str) else value


def mentions(value: Any, names: frozenset[str]) -> bool:
    """Whether a reference to one of `names` lies anywhere in a value."""
    if isinstance(value, dict):
        return value.get("reference") in names or any(mentions(v, names) for v in value.values())
    return isinstance(value, list) and any(mentions(each, names) for each in value)


def _refuse_barred(
    kind: ResourceType, former: Resource | None, body: Resource, names: frozenset[str]
) -> None:
    """Refuse a new entry under a unique key of what is protected: a clash would tell of it."""
    before = former or {}
    for name in kind.unique_names:
        entries, held = body.get(name), before.get(name, ())
        for at, each in enumerate(entries if isinstance(entries, list) else ()):
            if mentions(each, names) and each not in held:
                text = "This entry is for its own partner to write."
                raise Forbidden(text, f"/{name}/{at}")


def _without(resource: Resource, paths: Iterable[Path]) -> Resource:
    kept = dict(resource)
    below: dict[str, list[Path]] = {}
    for name, *rest in paths:
        if rest:
            below.setdefault(name, []).append(tuple(rest))
        else:
            kept.pop(name, None)
    for name, those in below.items():
        if isinstance(kept.get(name), dict):
            kept[name] = _without(kept[name], those)
    return kept


def _put_back(body: Resource, former: Resource, path: Path) -> Resource:
    name, *rest = path
    if name not in former:
        return body
    if not rest:
        return {**body, name: former[name]}
    inner = body.get(name, {})
    if not isinstance(former[name], dict) or not isinstance(inner, dict):
        return body
    whole = _put_back(inner, former[name], tuple(rest))
    return {**body, name: whole} if whole else body


def _unnamed(resource: Resource, names: frozenset[str]) -> Resource:
    """Return the resource without list entries and references that name what is protected."""
    kept: Resource = {}
    for name, value in resource.items():
        if isinstance(value, list):
            entries = [each for each in value if not mentions(each, names)]
            kept |= {name: entries} if entries or not value else {}
        elif name == "meta":
            kept[name] = {k: v for k, v in value.items() if k != "source" or v not in names}
        elif not mentions(value, names):
            kept[name] = value
    return kept


def _rejoined(body: Resource, former: Resource, names: frozenset[str]) -> Resource:
    """Return the body with the entries and references of `former` that name what is protected."""
    whole = dict(body)
    for name, value in former.items():
        if isinstance(value, list):
            unseen = [(at, each) for at, each in enumerate(value) if mentions(each, names)]
            entries = whole.get(name, [])
            if unseen and isinstance(entries, list):
                entries = list(entries)
                for at, each in unseen:
                    entries.insert(at, each)
                whole[name] = entries
        elif name != "meta" and name not in whole and mentions(value, names):
            whole[name] = value
    return whole


def _changed(resource: Resource, path: Path, change: Callable[[Any], Any]) -> Resource:
    name, *rest = path
    value = resource.get(name)
    if value is None:
        return resource
    if not rest:
        return {**resource, name: change(value)}
    return {**resource, name: _changed(value, tuple(rest), change)}


def _unmasked(body: Resource, former: Resource, path: Path) -> Resource:
    """Return the body with a secret as it was, when it came back masked or not at all."""
    stored = next((value for value, _, _ in values(former, path)), None)
    sent = next((value for value, _, _ in values(body, path)), None)
    if stored is None:
        return body
    if sent in (None, mask(stored)):
        return _put_back(body, former, path)
    if isinstance(sent, str) and MASK in sent:
        return body  # for the schema to refuse
    # Whether a guess changes anything would tell whether it is right.
    text = "To replace this takes the right to see it."
    raise Forbidden(text, "/" + "/".join(path))


def _tags(paths: Iterable[Path], *, is_masked: bool) -> Iterator[Resource]:
    named = [".".join(path) for path in paths]
    if named:
        yield {"system": TAGS, "code": "REDACTED"}
    if is_masked:
        yield {"system": TAGS, "code": "MASKED"}
    yield from ({"system": REDACTED, "code": name} for name in named)


def _untagged(body: Resource) -> Resource:
    meta = body.get("meta")
    security = meta.get("security") if isinstance(meta, dict) else None
    if not isinstance(security, list):
        return body
    kept = [each for each in security if not _is_tag(each)]
    rest = {name: value for name, value in body["meta"].items() if name != "security"}
    return {**body, "meta": {**rest, "security": kept} if kept else rest}


def _is_tag(coding: Any) -> bool:
    if not isinstance(coding, dict):
        return False
    is_ours = coding.get("system") == TAGS and coding.get("code") in ("REDACTED", "MASKED")
    return is_ours or coding.get("system") == REDACTED
