"""One self-contained document of a schema: what proofs and searches for witnesses work on.

Annotations are dropped, and each schema that a `$ref` names in another document is taken over once,
as a local definition: the bundle grows with the documents, never with the paths through them.
"""

import re
from collections.abc import Mapping
from itertools import combinations, count
from math import comb
from typing import Any
from urllib.parse import quote, unquote, urljoin

from app.model.element import Schema
from app.model.pointer import escaped, unescaped
from app.rules.compatibility.words import ANNOTATIONS, mapped

KEPT = frozenset({"x-extensible", "x-fallback"})
"""Annotations that reading needs; `opened` drops them."""
MOST_CHOICES = 100
"""Most sets of names that the least count of declared names is written out as."""
PLAIN = "/~!$&'()*+,;=:@"
"""Characters that need no escape in the fragment of an address."""

Place = tuple[str, str]
"""Where a schema is: the address of its document, empty for the one bundled, and a pointer."""


def bundled(schema: Schema, documents: Mapping[str, Schema]) -> Schema:
    """Return `schema` as one document without annotations; `documents` are all others by `$id`.

    Raises:
        ValueError: a `$ref` leads nowhere, or schemas are nested too deeply.
    """
    try:
        return _Bundle(schema, documents).whole()
    except RecursionError:
        raise ValueError("The schema is nested too deeply.") from None


class _Bundle:
    def __init__(self, schema: Schema, documents: Mapping[str, Schema]) -> None:
        self._root = schema
        self._id = str(schema.get("$id", ""))
        self._documents = documents
        self._names: dict[Place, str] = {}
        self._taken = set(schema.get("$defs", {}))
        self._waiting: list[Place] = []

    def whole(self) -> Schema:
        """Return the bundle: the schema, its own definitions, then those from elsewhere."""
        result: dict[str, Any] = self._stripped(self._root, "", self._id)
        found: dict[str, Any] = {}
        while self._waiting:
            place = self._waiting.pop()
            url = place[0] or self._id
            found[self._names[place]] = self._stripped(self._schema(place), place[0], url)
        definitions = {**result.pop("$defs", {}), **dict(sorted(found.items()))}
        return {**result, "$defs": definitions} if definitions else result

    def _stripped(self, schema: Any, home: str, url: str) -> Any:
        if not isinstance(schema, Mapping):
            return schema
        url = urljoin(url, str(schema.get("$id", "")))
        kept = {word: value for word, value in schema.items() if _is_kept(word)}
        result = mapped(kept, lambda each: self._stripped(each, home, url))
        if isinstance(schema.get("$ref"), str):
            result["$ref"] = self._reference(schema["$ref"], home, url)
        return result

    def _reference(self, ref: str, home: str, url: str) -> str:
        address, _, fragment = urljoin(url, ref).partition("#")
        fragment = unquote(fragment)
        home = home if ref.startswith("#") and url == (home or self._id) else address
        home = "" if home == self._id else home
        pointer = self._anchored(home, fragment) if fragment[:1] not in ("", "/") else fragment
        place = (home, pointer)
        self._schema(place)
        if not home:
            return f"#{quote(pointer, safe=PLAIN)}"
        if place not in self._names:
            self._names[place] = self._name(place)
            self._waiting.append(place)
        return f"#/$defs/{escaped(self._names[place])}"

    def _schema(self, place: Place) -> Any:
        home, pointer = place
        try:
            found: Any = self._documents[home] if home else self._root
            for step in pointer.split("/")[1:]:
                name = unescaped(step)
                found = found[int(name)] if isinstance(found, list) else found[name]
        except (KeyError, IndexError, TypeError, ValueError):
            raise ValueError(f"The $ref {home}#{pointer} leads nowhere.") from None
        return found

    def _anchored(self, home: str, anchor: str) -> str:
        document = self._documents.get(home, {}) if home else self._root
        for name, each in document.get("$defs", {}).items():
            if isinstance(each, Mapping) and each.get("$anchor") == anchor:
                return f"/$defs/{escaped(name)}"
        raise ValueError(f"The $ref {home}#{anchor} leads nowhere.")

    def _name(self, place: Place) -> str:
        home, pointer = place
        steps = [*home.split("/")[-2:], *(s for s in pointer.split("/") if s and s != "$defs")]
        name = re.sub(r"[^A-Za-z0-9.]+", "-", "-".join(steps)).strip("-") or "schema"
        choices = (name if number == 1 else f"{name}-{number}" for number in count(1))
        found = next(each for each in choices if each not in self._taken)
        self._taken.add(found)
        return found


def _is_kept(word: str) -> bool:
    return word in KEPT or not (word in ANNOTATIONS or word.startswith("x-"))


def opened(schema: Schema) -> Schema:
    """Return a bundled schema as its readers take it: what they do not know is hidden from them.

    A value is valid under the result when it is valid under `schema` without the names that an
    object there does not declare. Codes beyond an enum that is marked `x-extensible` are taken.
    """
    result: Schema = _opened(schema)
    return result


def _opened(schema: Any) -> Any:
    if not isinstance(schema, Mapping):
        return schema
    result = {word: value for word, value in schema.items() if not word.startswith("x-")}
    if schema.get("x-extensible") is True:
        result.pop("enum", None)
    result = _counting_declared(result)
    is_counted = "minProperties" in result
    for word in ("additionalProperties", "unevaluatedProperties"):
        if result.get(word) is False and not is_counted:
            del result[word]
    return mapped(result, _opened)


def _counting_declared(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a closed object's schema with its counts counting only the names it declares."""
    if schema.get("additionalProperties") is not False or "patternProperties" in schema:
        return schema
    names = [name for name, each in schema.get("properties", {}).items() if each is not False]
    result = dict(schema)
    if result.get("maxProperties", 0) >= len(names):
        result.pop("maxProperties", None)
    least = result.get("minProperties", 0)
    if not isinstance(least, int):
        return result
    sure = set(result.get("required", ())) & set(names)
    others = [name for name in names if name not in sure]
    more = least - len(sure)
    if more <= 0:
        result.pop("minProperties", None)
    elif more <= len(others) and comb(len(others), more) <= MOST_CHOICES:
        del result["minProperties"]
        choices = [{"required": list(each)} for each in combinations(others, more)]
        result["allOf"] = [*result.get("allOf", ()), {"anyOf": choices}]
    return result
