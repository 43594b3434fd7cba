"""All published types: loaded once, checked against the annotation meta-schema, never fetched.

A misspelt `x-` word, a dangling target or an unresolved `$ref` stops the start with a sentence.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from app.model.element import Schema, Walker
from app.model.errors import UnknownType
from app.model.resource_type import ResourceType, set_by_hub
from app.model.schema_check import SchemaCheck, Validators

ANNOTATIONS = "annotations"
SHARED = (ANNOTATIONS, "datatypes")


@dataclass(frozen=True)
class Registry:
    """The published types by name, and every schema document byte for byte by (name, version)."""

    types: Mapping[str, ResourceType]
    documents: Mapping[tuple[str, str], bytes]
    examples: Mapping[tuple[str, str], tuple[bytes, ...]] = field(default_factory=dict)
    """The valid examples beside each schema, byte for byte."""

    def type(self, name: str) -> ResourceType:
        """Return the current version of a type; raise UnknownType when none is published."""
        try:
            return self.types[name]
        except KeyError:
            raise UnknownType(
                "No such resource type is published here.", allowed=sorted(self.types)
            ) from None

    @cached_property
    def lookups(self) -> frozenset[str]:
        """The types whose rows the state keeps."""
        return frozenset(name for name, kind in self.types.items() if kind.is_lookup)

    @cached_property
    def referrers(self) -> Mapping[str, tuple[str, ...]]:
        """The types whose references may name the given type."""
        return {
            name: tuple(
                other.name
                for other in self.types.values()
                if any(name in targets for targets in other.references.values())
            )
            for name in self.types
        }


def load(folder: Path) -> Registry:
    """Return the types of `<folder>/<Type>/<version>/schema.json`, or raise ValueError."""
    documents = dict(sorted(_documents(folder)))
    if not documents:
        raise ValueError(f"There is no schema in {folder}; it holds <Type>/<version>/schema.json.")
    schemas = {name: json.loads(text) for name, text in documents.items()}
    by_id = {schema["$id"]: schema for schema in schemas.values()}
    validators = Validators(by_id)
    walker = Walker(by_id)
    _refuse_bad_annotations(schemas, validators)
    types = {
        name: ResourceType(
            name,
            version,
            documents[name, version],
            schema,
            tuple(walker.elements(schema)),
            SchemaCheck(name, validators.of(schema)),
            SchemaCheck(name, validators.of(_given(schema))),
        )
        for (name, version), schema in sorted(schemas.items(), key=lambda item: _order(item[0]))
        if name not in SHARED
    }
    _refuse_dangling(types)
    return Registry(types, documents, dict(_examples(folder, documents)))


def _given(schema: Schema) -> Schema:
    """Return the schema of what a client gives: it need not say what the hub sets."""
    names = set_by_hub(schema)
    needed = [name for name in schema["required"] if name not in names]
    return {**{k: v for k, v in schema.items() if k != "$id"}, "required": needed}


def _documents(folder: Path) -> Iterator[tuple[tuple[str, str], bytes]]:
    for path in folder.glob("*/*/schema.json"):
        yield (path.parent.parent.name, path.parent.name), path.read_bytes()


def _examples(
    folder: Path, documents: Iterable[tuple[str, str]]
) -> Iterator[tuple[tuple[str, str], tuple[bytes, ...]]]:
    for name, version in documents:
        paths = sorted((folder / name / version / "valid").glob("*.json"))
        if paths:
            yield (name, version), tuple(path.read_bytes().strip() for path in paths)


def _order(name_version: tuple[str, str]) -> tuple[str, list[int]]:
    name, version = name_version
    return name, [int(part) for part in version.split(".")]


def _refuse_bad_annotations(
    schemas: Mapping[tuple[str, str], Schema], validators: Validators
) -> None:
    metas = [schema for (name, _), schema in schemas.items() if name == ANNOTATIONS]
    for meta in metas:
        check = SchemaCheck("schema", validators.of(meta))
        for (name, version), schema in schemas.items():
            if name == ANNOTATIONS:
                continue
            faults = check(schema)
            if faults:
                raise ValueError(f"{name} {version} at {faults[0].pointer}: {faults[0].text}")


def _refuse_dangling(types: Mapping[str, ResourceType]) -> None:
    for kind in types.values():
        for path, targets in kind.references.items():
            for target in targets:
                if target not in types:
                    raise ValueError(
                        f"{kind.name}.{'.'.join(path)} may name {target}, which is no type."
                    )
        for key in kind.unique:
            for name in key:
                if name not in kind.parameters:
                    raise ValueError(
                        f"{kind.name}: the unique key names {name}, which is no search parameter."
                    )
                if kind.parameters[name].is_blind:
                    raise ValueError(f"{kind.name}: the unique key names {name}, which is blind.")
