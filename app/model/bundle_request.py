"""Bundles of type batch and transaction as clients send them, read strictly.

https://hl7.org/fhir/R4/http.html#transaction
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from app.model.codec import Resource
from app.model.errors import HubError, Malformed, TooLarge
from app.model.precondition import Precondition
from app.model.query import Pairs
from app.model.query_string import decoded, narrowing
from app.model.refusals import Refusals, as_written

KINDS = ("batch", "transaction")
READING = ("GET", "HEAD")
METHODS = (*READING, "POST", "PUT", "PATCH", "DELETE")
WITH_RESOURCE = ("POST", "PUT", "PATCH")
MEMBERS = ("fullUrl", "resource", "request", "id", "link", "extension", "search", "response")
REQUEST = (
    *("method", "url", "ifMatch", "ifNoneMatch", "ifNoneExist", "ifModifiedSince"),
    *("id", "extension"),
)
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}\Z")


@dataclass(frozen=True)
class Entry:
    """One request of a bundle; `path` is its address below the base, split at the slashes."""

    index: int
    method: str
    path: tuple[str, ...]
    pairs: Pairs
    full_url: str | None = None
    resource: Resource | None = None
    if_match: Precondition | None = None
    if_none_match: Precondition | None = None
    if_none_exist: Pairs | None = None

    @property
    def type(self) -> str:
        """The resource type that a writing request is about."""
        return self.path[0]

    @property
    def id(self) -> str | None:
        """The id in the address, None when there is none."""
        return self.path[1] if len(self.path) > 1 else None

    @property
    def is_reading(self) -> bool:
        """Whether the request leaves everything as it is."""
        return self.method in READING

    @property
    def criteria(self) -> Pairs:
        """What names the resource when no id does: If-None-Exist, or the query of the address."""
        if self.if_none_exist is not None:
            return self.if_none_exist
        return narrowing(list(self.pairs))

    @property
    def body(self) -> Resource:
        """The resource that a writing request carries."""
        return self.resource or {}


@dataclass(frozen=True)
class BundleRequest:
    """A batch or a transaction; a fault of an entry stands in its place, as a batch tells it."""

    kind: str
    entries: Sequence[Entry | HubError]


def parse(body: Resource, base: str, max_entries: int) -> BundleRequest:
    """Return what a bundle asks; `base` is the absolute base URL that addresses may begin with.

    Raises Malformed for what is no batch or transaction and, for a transaction, with every
    fault of every entry; TooLarge beyond `max_entries`.
    """
    if body.get("resourceType") != "Bundle" or body.get("type") not in KINDS:
        raise Malformed("The body must be a Bundle of type batch or transaction.", allowed=KINDS)
    given = body.get("entry", [])
    if not isinstance(given, list):
        raise Malformed("The entries of a bundle are a list.", "/entry")
    if len(given) > max_entries:
        raise TooLarge(f"A bundle has at most {max_entries} entries.", "/entry")
    refusals = Refusals(as_written)
    found = [refusals.attempt(index, _entry, index, each, base) for index, each in enumerate(given)]
    if body["type"] == "transaction":
        _refuse_twins(refusals, found)
        refusals.refuse()
    return BundleRequest(body["type"], refusals.filled(found))


def _refuse_twins(refusals: Refusals, entries: Sequence[Entry | None]) -> None:
    """Refuse a fullUrl that stands for two resources."""
    seen: set[str] = set()
    for each in entries:
        if each is not None and each.full_url is not None:
            if each.full_url in seen:
                text = "Another entry has this fullUrl."
                refusals.add(each.index, Malformed(text, "/fullUrl"))
            seen.add(each.full_url)


def _entry(index: int, given: Any, base: str) -> Entry:
    return _Reader(index, given, base).entry()


class _Reader:
    """Reads one entry."""

    def __init__(self, index: int, given: Any, base: str) -> None:
        self._index = index
        self._given = _object(given, None, MEMBERS)
        self._request = _object(self._given.get("request"), "/request", REQUEST)
        self._base = base

    def entry(self) -> Entry:
        method = self._request.get("method")
        if method not in METHODS:
            raise Malformed("This is not a method.", "/request/method", allowed=METHODS)
        path, pairs = self._address()
        resource = self._given.get("resource")
        if method in WITH_RESOURCE and not isinstance(resource, dict):
            raise Malformed("This entry needs a resource.", "/resource")
        if method not in WITH_RESOURCE and resource is not None:
            raise Malformed("An entry with this method has no resource.", "/resource")
        _refuse_address(method, path)
        found = Entry(
            self._index,
            method,
            path,
            pairs,
            self._text(self._given, "fullUrl", ""),
            resource,
            self._tags("ifMatch", "If-Match"),
            self._tags("ifNoneMatch", "If-None-Match"),
            self._criteria(),
        )
        _refuse_conditions(found)
        return found

    def _address(self) -> tuple[tuple[str, ...], Pairs]:
        text = self._text(self._request, "url")
        if text is None:
            raise Malformed("A request needs a url.", "/request/url")
        path, _, query = text.removeprefix(self._base).partition("?")
        steps = tuple(unquote(step) for step in path.strip("/").split("/") if step)
        return steps, decoded(query)

    def _tags(self, name: str, header: str) -> Precondition | None:
        text = self._text(self._request, name)
        return None if text is None else Precondition.parse(text, header)

    def _criteria(self) -> Pairs | None:
        text = self._text(self._request, "ifNoneExist")
        if text is None:
            return None
        pairs = decoded(text.rpartition("?")[2])
        if not pairs:
            raise Malformed("Criteria must say something.", "/request/ifNoneExist")
        return pairs

    def _text(self, given: Mapping[str, Any], name: str, at: str = "/request") -> str | None:
        value = given.get(name)
        if value is not None and not isinstance(value, str):
            raise Malformed("This must be a text.", f"{at}/{name}")
        return value


def _object(value: Any, pointer: str | None, known: Sequence[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Malformed("This must be an object.", pointer)
    for name in value:
        if name not in known:
            raise Malformed("There is no such element here.", pointer, allowed=known)
    return value


def _refuse_address(method: str, path: tuple[str, ...]) -> None:
    """Refuse an address that no writing request has."""
    if method in READING:
        return
    longest = 1 if method == "POST" else 2
    if not 1 <= len(path) <= longest or (len(path) > 1 and not _ID.match(path[1])):
        names = {"POST": "Type or Type?criteria"}
        text = names.get(method, "Type/id or Type?criteria")
        raise Malformed(f"A {method} in a bundle goes to {text}.", "/request/url")


def _refuse_conditions(entry: Entry) -> None:
    """Refuse conditions that mean nothing for the method, rather than ignore them."""
    if entry.if_none_match is not None and not entry.is_reading:
        raise Malformed("This goes with GET only.", "/request/ifNoneMatch")
    if entry.if_match is not None and entry.method not in ("PUT", "PATCH", "DELETE"):
        raise Malformed("This goes with PUT, PATCH and DELETE only.", "/request/ifMatch")
    if entry.if_none_exist is not None and entry.method != "POST":
        raise Malformed("This goes with POST only.", "/request/ifNoneExist")
    if entry.if_none_exist is not None and entry.pairs:
        raise Malformed("Say the criteria once.", "/request/ifNoneExist")
    if not entry.is_reading and entry.id and entry.pairs:
        raise Malformed("An address has an id or criteria, not both.", "/request/url")
    if entry.method in ("PUT", "PATCH", "DELETE") and not entry.id and not entry.criteria:
        raise Malformed("An address needs an id or criteria.", "/request/url")
