"""All published types: made once, checked against the annotation meta-schema, never fetched.

A misspelt `x-` word, a dangling target or an unresolved `$ref` stops the start with a sentence.
A registry never changes; when something is published another takes its place.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Protocol, Self

from app.model.element import Schema, Walker
from app.model.errors import UnknownType
from app.model.lens import Lens
from app.model.publication import PUBLISHED, Publication, number
from app.model.resource_type import ResourceType, set_by_hub
from app.model.schema_check import SchemaCheck, Validators
from app.model.shelf import shelf

ANNOTATIONS = "annotations"
SHARED = (ANNOTATIONS, "datatypes")
Name = tuple[str, str]
"""A type and a version of it."""


@dataclass(frozen=True, eq=False)
class Registry:
    """The published types by name.

    `types` are the newest versions that are served: all that is stored is valid under them.
    `live` are all versions that are served, by type and number. `publications` are all there ever
    were, each of which can be read for ever.
    """

    types: Mapping[str, ResourceType]
    live: Mapping[str, Mapping[str, ResourceType]] = field(default_factory=dict)
    publications: Mapping[Name, Publication] = field(default_factory=dict)
    coming: Mapping[str, ResourceType] = field(default_factory=dict)
    """The versions that are approved and wait to be published: rows are found by them already."""

    @property
    def now(self) -> Self:
        """Itself, since it never changes; see `InForce`."""
        return self

    def catch_up(self) -> None:
        """Do nothing, since it never changes; see `InForce`."""

    def type(self, name: str) -> ResourceType:
        """Return the newest version of a type; raise UnknownType when none is published."""
        try:
            return self.types[name]
        except KeyError:
            raise UnknownType(
                "No such resource type is published here.", allowed=sorted(self.types)
            ) from None

    def current(self, name: str) -> ResourceType:
        """Return the version that a client is given which names none; raise UnknownType."""
        newest = self.type(name)
        found = self.live.get(name, {})
        lasting = [v for v in found if self.publications[name, v].status == PUBLISHED]
        return found[lasting[-1]] if lasting else newest

    @cached_property
    def documents(self) -> Mapping[Name, bytes]:
        """Every schema document byte for byte."""
        return {name: each.text for name, each in self.publications.items()}

    @cached_property
    def by_url(self) -> Mapping[str, Schema]:
        """Every schema by its `$id`."""
        return {each.schema["$id"]: each.schema for each in self.publications.values()}

    @cached_property
    def examples(self) -> Mapping[Name, tuple[bytes, ...]]:
        """The valid examples of each schema, byte for byte."""
        return {n: each.examples for n, each in self.publications.items() if each.examples}

    @cached_property
    def counterexamples(self) -> Mapping[Name, tuple[bytes, ...]]:
        """The examples that each schema refuses, byte for byte."""
        found = self.publications.items()
        return {n: each.counterexamples for n, each in found if each.counterexamples}

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

    @cached_property
    def lens(self) -> "_Lenses":
        """Return, when called with a version, how its readers see what is stored."""
        return cache(self._lens)

    def _lens(self, older: ResourceType) -> Lens:
        return Lens(older.schema, self.type(older.name).schema, self.by_url)


class _Lenses(Protocol):
    def __call__(self, older: ResourceType, /) -> Lens: ...


class Published(Protocol):
    """What is published at the moment."""

    @property
    def now(self) -> Registry:
        """The registry in force."""

    def catch_up(self) -> None:
        """Look at once for what was published, as a row is of a version that is not known here."""


class InForce:
    """Holds the registry in force, for all who must see the next one as soon as it is there."""

    def __init__(self, now: Registry) -> None:
        self.now = now
        self.look: Callable[[], None] = lambda: None
        """Takes up what was published; set by who keeps this up to date."""

    def catch_up(self) -> None:
        """Look at once for what was published."""
        self.look()


def load(folder: Path) -> Registry:
    """Return the types of `<folder>/<Type>/<version>/schema.json`, or raise ValueError.

    It is made once in a process: all sandboxes of conformance runs have the same.
    """
    return _shipped(tuple(shelf(folder)))


@lru_cache(maxsize=4)
def _shipped(publications: tuple[Publication, ...]) -> Registry:
    return registry(publications)


def registry(
    publications: Iterable[Publication],
    former: Registry | None = None,
    coming: Iterable[Publication] = (),
) -> Registry:
    """Return the registry of publications; raise ValueError for one that cannot be in force.

    What did not change since `former` is taken from it; `coming` are approved.
    """
    order = sorted(publications, key=lambda each: (each.type, number(each.version)))
    found = {(each.type, each.version): each for each in order}
    expected = list(coming)
    schemas = {each.schema["$id"]: each.schema for each in (*order, *expected)}
    made = _Maker(schemas, former)
    _refuse_bad_annotations(order, made.validators)
    live: dict[str, dict[str, ResourceType]] = {}
    for each in order:
        if each.is_live and each.type not in SHARED:
            live.setdefault(each.type, {})[each.version] = made.kind(each)
    types = {name: list(versions.values())[-1] for name, versions in live.items()}
    _refuse_dangling(types)
    result = Registry(types, live, found, {each.type: made.kind(each) for each in expected})
    current = {(name, result.current(name).version) for name in types}
    return replace(
        result,
        publications={n: replace(p, is_current=n in current) for n, p in found.items()},
    )


class _Maker:
    """Makes resource types of publications, each once."""

    def __init__(self, schemas: Mapping[str, Schema], former: Registry | None) -> None:
        self.validators = Validators(schemas)
        self._walker = Walker(schemas)
        self._former = former

    def kind(self, each: Publication) -> ResourceType:
        known = self._former.live.get(each.type, {}).get(each.version) if self._former else None
        return known if known and known.text == each.text else self._made(each)

    def _made(self, each: Publication) -> ResourceType:
        schema, validators = each.schema, self.validators
        return ResourceType(
            each.type,
            each.version,
            each.text,
            schema,
            tuple(self._walker.elements(schema)),
            SchemaCheck(each.type, validators.of(schema)),
            SchemaCheck(each.type, validators.of(_given(schema))),
        )


def _given(schema: Schema) -> Schema:
    """Return the schema of what a client gives: it need not say what the hub sets."""
    names = set_by_hub(schema)
    needed = [name for name in schema["required"] if name not in names]
    return {**{k: v for k, v in schema.items() if k != "$id"}, "required": needed}


def _refuse_bad_annotations(order: Iterable[Publication], validators: Validators) -> None:
    published = list(order)
    for meta in published:
        if meta.type != ANNOTATIONS:
            continue
        check = SchemaCheck("schema", validators.of(meta.schema))
        for each in published:
            faults = check(each.schema) if each.type != ANNOTATIONS else []
            if faults:
                at = f"{each.type} {each.version} at {faults[0].pointer}"
                raise ValueError(f"{at}: {faults[0].text}")


def _refuse_dangling(types: Mapping[str, ResourceType]) -> None:
    for sentence in _dangling(types):
        raise ValueError(sentence)


def _dangling(types: Mapping[str, ResourceType]) -> Iterator[str]:
    for kind in types.values():
        for path, targets in kind.references.items():
            for target in targets:
                if target not in types:
                    yield f"{kind.name}.{'.'.join(path)} may name {target}, which is no type."
        for name in (name for key in kind.unique for name in key):
            if name not in kind.parameters:
                yield f"{kind.name}: the unique key names {name}, which is no search parameter."
            elif kind.parameters[name].is_blind:
                yield f"{kind.name}: the unique key names {name}, which is blind."
