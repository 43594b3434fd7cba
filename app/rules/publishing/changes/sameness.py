"""Whether two schemas say the same of values; what they say to people does not count."""

import json
from collections.abc import Mapping
from typing import Any

from app.model.element import Schema
from app.rules.publishing.changes.resolving import behind

SPOKEN = frozenset(
    ("title", "description", "examples", "deprecated", "default", "readOnly", "writeOnly")
)
"""Words that say nothing of which values are valid."""
_ASIDE = frozenset(("$id", "$schema", "$comment", "$defs", "definitions", "$anchor"))
_MAPS = frozenset(("properties", "patternProperties", "dependentSchemas"))
_LISTS = frozenset(("allOf", "anyOf", "oneOf", "prefixItems"))
_SCHEMAS = frozenset(
    (
        *("items", "additionalProperties", "not", "if", "then", "else", "contains"),
        *("propertyNames", "unevaluatedProperties", "unevaluatedItems"),
    )
)


def is_said_of_values(word: str) -> bool:
    """Whether a keyword decides which values are valid."""
    return word not in SPOKEN and word not in _ASIDE and not word.startswith("x-")


def text(value: Any) -> str:
    """Return a JSON text that equal values share."""
    return json.dumps(value, sort_keys=True)


class Sameness:
    """Compares schemas of one older and one newer document; each pair of parts only once."""

    def __init__(self, documents: Mapping[str, Schema]) -> None:
        self._documents = documents
        self._known: dict[tuple[int, int], bool] = {}
        self._kept: list[Any] = []

    def __call__(self, old: Any, old_home: Schema, new: Any, new_home: Schema) -> bool:
        """Whether two schemas, each with its document, say the same of values."""
        if not isinstance(old, Mapping) or not isinstance(new, Mapping):
            return old is new
        mark = (id(old), id(new))
        if mark not in self._known:
            self._known[mark] = True  # of what contains itself the rest decides
            self._kept.extend((old, new))  # an id is of use only while what it names lives
            self._known[mark] = self._is_same(old, old_home, new, new_home)
        return self._known[mark]

    def word(self, word: str, old: Any, old_home: Schema, new: Any, new_home: Schema) -> bool:
        """Whether a keyword says the same with two contents."""
        if word in _SCHEMAS:
            return self(old, old_home, new, new_home)
        if word in _LISTS and isinstance(old, list) and isinstance(new, list):
            return len(old) == len(new) and all(
                self(here, old_home, there, new_home) for here, there in zip(old, new, strict=True)
            )
        if word in _MAPS and isinstance(old, Mapping) and isinstance(new, Mapping):
            return old.keys() == new.keys() and all(
                self(old[name], old_home, new[name], new_home) for name in old
            )
        if word in ("required", "enum", "type") and isinstance(old, list) and isinstance(new, list):
            return sorted(map(text, old)) == sorted(map(text, new))
        return text(old) == text(new)

    def _is_same(self, old: Schema, old_home: Schema, new: Schema, new_home: Schema) -> bool:
        old, old_home = self._followed(old, old_home)
        new, new_home = self._followed(new, new_home)
        words = {word for word in (*old, *new) if is_said_of_values(word)}
        return all(
            word in old
            and word in new
            and self.word(word, old[word], old_home, new[word], new_home)
            for word in words
        )

    def _followed(self, schema: Schema, home: Schema) -> tuple[Schema, Schema]:
        """Return a schema with what its `$ref` leads to; `home` is that of the latter."""
        seen: set[int] = set()
        words: dict[str, Any] = {}
        while "$ref" in schema and id(schema) not in seen:
            seen.add(id(schema))
            target, there = behind(schema["$ref"], home, self._documents)
            if not isinstance(target, Mapping):
                break
            words = {**{k: v for k, v in schema.items() if k != "$ref"}, **words}
            schema, home = target, there
        return {**schema, **words}, home
