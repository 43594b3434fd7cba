"""The documents of a comparison: where their `$ref`s lead, and which of their schemas are alike."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import unquote

import jsonschema_rs

from app.model.pointer import escaped, unescaped
from app.rules.compatibility.words import inner, mapped

MOST_ROUNDS = 30
"""Most rounds of telling definitions apart; each looks one `$ref` further."""

GROUPS = (
    ("properties", "patternProperties", "additionalProperties"),
    ("prefixItems", "items"),
    ("contains", "minContains", "maxContains"),
    ("if", "then", "else"),
)
"""Words that mean nothing without their neighbours."""


class Home:
    """One bundled document."""

    def __init__(self, root: Any, url: str) -> None:
        self.root = root
        self.url = url
        self._registry = jsonschema_rs.Registry([(url, root)])
        self._validators: dict[int, tuple[Any, jsonschema_rs.Draft202012Validator]] = {}

    def at(self, reference: str) -> "At | None":
        """Return the schema that a local `$ref` names; None when there is none."""
        found = self.root
        try:
            for step in unquote(reference).removeprefix("#").split("/")[1:]:
                name = unescaped(step)
                found = found[int(name)] if isinstance(found, list) else found[name]
        except (KeyError, IndexError, TypeError, ValueError):
            return None
        is_schema = reference.startswith("#") and isinstance(found, dict | bool)
        return At(found, reference, self) if is_schema else None

    def validator(self, schema: Any) -> jsonschema_rs.Draft202012Validator:
        """Return the validator of a schema of this document; formats are asserted."""
        found = self._validators.get(id(schema))
        if found is None:
            made = jsonschema_rs.Draft202012Validator(
                _absolute(schema, self.url),
                registry=self._registry,
                validate_formats=True,
                offline=True,
            )
            # The schema is kept beside it: its address must not be given to another.
            found = self._validators[id(schema)] = schema, made
        return found[1]


@dataclass(frozen=True, eq=False)
class At:
    """A schema, the JSON Pointer to it, and its document."""

    schema: Any
    path: str
    home: Home

    def get(self, word: str, default: Any = None) -> Any:
        """Return what the schema says under a word."""
        return self.schema.get(word, default) if isinstance(self.schema, Mapping) else default

    def below(self, *steps: str | int) -> "At":
        """Return the schema inside this one that the steps lead to."""
        found, path = self.schema, self.path
        for step in steps:
            found, path = found[step], f"{path}/{escaped(str(step))}"
        return At(found, path, self.home)

    def made(self, schema: Any) -> "At":
        """Return another schema that stands at this place."""
        return At(schema, self.path, self.home)


class Sameness:
    """Says what two schemas have in common, whatever their definitions are called."""

    def __init__(self, homes: Iterable[Home]) -> None:
        self._classes = _classes(list(homes))
        # The schema is kept beside its text: its address must not be given to another.
        self._texts: dict[tuple[int, str], tuple[Any, str]] = {}
        self._parts: dict[tuple[int, str], tuple[Any, frozenset[str]]] = {}

    def text(self, at: At) -> str:
        """Return a text that is equal for schemas that are alike."""
        key = id(at.schema), at.home.url
        if key not in self._texts:
            self._texts[key] = at.schema, _text(at.schema, at.home, self._classes)
        return self._texts[key][1]

    def parts(self, at: At) -> frozenset[str]:
        """Return the texts of a schema and of each of its words with the neighbours it needs."""
        key = id(at.schema), at.home.url
        if key not in self._parts:
            texts = {self.text(at), *(self.text(at.made(each)) for _, each in atoms(at.schema))}
            self._parts[key] = at.schema, frozenset(texts)
        return self._parts[key][1]


def atoms(schema: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Yield each word of a schema with the neighbours it needs, single names one by one."""
    seen: set[str] = set()
    for word, value in schema.items():
        group = next((each for each in GROUPS if word in each), (word,))
        if word == "properties":
            yield from (((word,), {word: {name: each}}) for name, each in value.items())
        elif word == "required":
            yield from (((word,), {word: [name]}) for name in value)
        elif word.startswith("unevaluated"):
            yield (word,), dict(schema)
        elif word not in seen:
            seen.update(group)
            words = tuple(each for each in group if each in schema and each != "properties")
            yield words, {each: schema[each] for each in group if each in schema}


def is_valid(at: At, value: Any) -> bool:
    """Return whether a value is valid under a schema; formats are asserted."""
    return at.home.validator(at.schema).is_valid(value)


def _absolute(schema: Any, url: str) -> Any:
    result = mapped(schema, lambda each: _absolute(each, url))
    if isinstance(schema, Mapping) and isinstance(schema.get("$ref"), str):
        result["$ref"] = f"{url}{schema['$ref']}"
    return result


Classes = Mapping[tuple[str, str], str]


def _classes(homes: list[Home]) -> Classes:
    """Return what each `$ref` leads to: the same text for all that are alike all the way down."""
    places = [(home, ref) for home in homes for ref in sorted(set(references(home.root)))]
    targets = {(home.url, ref): home.at(ref) for home, ref in places}
    found = {key: at for key, at in targets.items() if at}
    classes = dict.fromkeys(found, "")
    for _ in range(MOST_ROUNDS):
        finer = {
            key: sha256((classes[key] + _text(at.schema, at.home, classes)).encode()).hexdigest()
            for key, at in found.items()
        }
        if len(set(finer.values())) == len(set(classes.values())):
            return classes
        classes = finer
    return {}


def references(schema: Any) -> Iterator[str]:
    """Yield each `$ref` of a schema."""
    if isinstance(schema, Mapping) and isinstance(schema.get("$ref"), str):
        yield schema["$ref"]
    for _, each in inner(schema):
        yield from references(each)


def _text(schema: Any, home: Home, classes: Classes) -> str:
    def named(each: Any) -> Any:
        if not isinstance(each, Mapping):
            return each
        kept = {word: value for word, value in each.items() if not word.startswith("x-")}
        result = mapped(kept, named)
        result.pop("$defs", None)
        if isinstance(each.get("$ref"), str):
            ref = each["$ref"]
            result["$ref"] = classes.get((home.url, ref), f"{home.url}{ref}")
        return result

    return json.dumps(named(schema), sort_keys=True)
