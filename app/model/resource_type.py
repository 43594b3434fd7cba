"""A resource type: one published schema turned into everything the hub needs to know of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from app.model.codec import Resource
from app.model.element import Element, Path, Schema, values
from app.model.errors import Issue
from app.model.parameter import Parameter, parameters
from app.model.protected import Protected, is_below, protected
from app.model.version import Key, Marks

PARTICIPANT = "ParticipantProfile"
MERGED = "merged"
"""The status of a participant's record that another continues: nothing new may refer to it."""
PROGRAM = "Program"
PARTIES = frozenset({"Agency", "Partner", PROGRAM})


def set_by_hub(schema: Schema) -> frozenset[str]:
    """Return the top-level elements of a schema that the hub sets; the envelope aside."""
    found = (name for name, each in schema["properties"].items() if each.get("x-readonly"))
    return frozenset(found) - {"id", "meta"}


class Check(Protocol):
    """Says every fault of a body against a schema."""

    def __call__(self, body: Any) -> list[Issue]:
        """Return every fault of `body`, an empty list when there is none."""


@dataclass(frozen=True, eq=False)
class ResourceType:
    """One version of one type, immutable once published and equal to nothing but itself.

    `text` is the schema file byte for byte, `url` its canonical address.
    """

    name: str
    version: str
    text: bytes
    schema: Schema
    elements: tuple[Element, ...]
    check: Check
    check_given: Check
    """Like `check`, but what the hub sets need not be there."""

    @property
    def url(self) -> str:
        """The canonical address of exactly this version."""
        return str(self.schema["$id"])

    @property
    def is_lookup(self) -> bool:
        """Whether rows are kept by state staff: created at a chosen id, never deleted."""
        return bool(self.schema["x-kind"] == "lookup")

    @property
    def needs_precondition(self) -> bool:
        """Whether a change must say which version it saw (If-Match)."""
        return bool(self.schema["x-versioning"] == "required")

    @property
    def is_shared(self) -> bool:
        """Whether all partners keep it together; other data has an owner."""
        return bool(self.schema["x-kind"] == "versioned")

    @cached_property
    def owners(self) -> tuple[str, ...]:
        """The elements that name the owner, first, and whoever else has a part in the resource."""
        named = self.schema.get("x-owner", ())
        return (named,) if isinstance(named, str) else tuple(named)

    @cached_property
    def compartment(self) -> str | None:
        """The element that names the participant; a participant's own record is `id` itself."""
        named = self.schema.get("x-compartment")
        return "id" if named is None and self.name == PARTICIPANT else named

    def marks(self, resource: Resource) -> Marks:
        """Return whose the resource is and whom it is about."""
        if self.is_lookup:
            return Marks()
        if self.is_shared:
            return Marks(participant=self._participant(resource))
        programs = (path[0] for path in self._programs if path[0] not in self.owners)
        names = dict.fromkeys((*self.owners, *programs))
        ends = (value["reference"] for name in names for value, _, _ in values(resource, (name,)))
        return Marks(tuple(dict.fromkeys(ends)), self._participant(resource))

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of the top-level elements."""
        return frozenset(each.path[0] for each in self.elements)

    @cached_property
    def labels(self) -> frozenset[str]:
        """All sensitivity labels of its elements."""
        return frozenset(each.label for each in self.elements if each.label)

    def labels_of(self, parameter: Parameter) -> frozenset[str]:
        """Return the labels of the elements that a search parameter reads, and of those around."""
        paths = {source.path[:depth] for source in parameter.sources for depth in range(1, 9)}
        return frozenset(e.label for e in self.elements if e.label and e.path in paths)

    @cached_property
    def secrets(self) -> tuple[Path, ...]:
        """The elements that are masked unless a client has the right to see them in clear."""
        return tuple(each.path for each in self.elements if each.schema.get("x-secret"))

    @cached_property
    def names_parties(self) -> bool:
        """Whether some element other than the owner may name a program, a partner or an agency."""
        found = (targets for path, targets in self.references.items() if path not in self._own)
        return any(PARTIES & set(targets) for targets in found)

    @cached_property
    def _own(self) -> frozenset[Path]:
        return frozenset((name,) for name in self.owners) if not self.is_shared else frozenset()

    @cached_property
    def _programs(self) -> tuple[Path, ...]:
        """The top-level elements that name programs: their law protects the resource too."""
        return tuple(
            path
            for path, targets in self.references.items()
            if len(path) == 1 and tuple(targets) == (PROGRAM,)
        )

    def _participant(self, resource: Resource) -> str | None:
        if self.compartment is None:
            return None
        named = resource.get(self.compartment)
        return Key.parse(named["reference"]).id if isinstance(named, dict) else named

    @property
    def level(self) -> int:
        """The onboarding level a partner needs to write this type, 0 to 4."""
        return int(self.schema["x-level"])

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """The declared search parameters by name."""
        return parameters(self.elements)

    @cached_property
    def unique(self) -> tuple[tuple[str, ...], ...]:
        """The business keys, each a tuple of search parameter names."""
        return tuple(tuple(key) for key in self.schema.get("x-unique", ()))

    @cached_property
    def protected(self) -> tuple[Protected, ...]:
        """The elements that are kept encrypted; one that a plain search reads never is."""
        found = (each for each in self.parameters.values() if not each.is_blind)
        plain = {source.path for each in found for source in each.sources}
        return protected(self.elements, plain)

    @cached_property
    def hidden_references(self) -> tuple[Path, ...]:
        """The paths of the references that lie in protected elements."""
        return tuple(path for path in self.references if is_below(path, self.protected))

    @cached_property
    def unique_names(self) -> frozenset[str]:
        """The top-level elements that business keys are made of."""
        named = (self.parameters[name] for key in self.unique for name in key)
        return frozenset(source.path[0] for each in named for source in each.sources)

    @cached_property
    def party_parameters(self) -> frozenset[str]:
        """The search parameters that read an element in which others' parties may be named."""
        exposed = {
            path[0]
            for path, targets in self.references.items()
            if path not in self._own and PARTIES & set(targets)
        }
        return frozenset(
            name
            for name, each in self.parameters.items()
            if any(source.path[0] in exposed for source in each.sources)
        )

    @cached_property
    def references(self) -> Mapping[Path, Sequence[str]]:
        """The paths of all reference elements and the types each may name."""
        return {
            each.path: tuple(each.schema["x-target"])
            for each in self.elements
            if "x-target" in each.schema
        }

    def faults(self, body: Any) -> list[Issue]:
        """Return every fault of `body`: of its schema, or of what its references may name."""
        return self.check(body) or list(self._wrong_targets(body))

    def given_faults(self, body: Any) -> list[Issue]:
        """Return every fault of what a client gives; what the hub sets may be missing."""
        return self.check_given(body) or list(self._wrong_targets(body))

    @cached_property
    def set_by_hub(self) -> frozenset[str]:
        """The top-level elements that the hub sets; the envelope aside."""
        return set_by_hub(self.schema)

    def given(self, body: Resource) -> Resource:
        """Return a body without what the hub sets: what a client says there does not count."""
        names = self.set_by_hub
        return {k: v for k, v in body.items() if k not in names} if names else body

    def _wrong_targets(self, body: Resource) -> Iterator[Issue]:
        for path, targets in self.references.items():
            for value, _, pointer in values(body, path):
                if Key.parse(value["reference"]).type not in targets:
                    text = "The reference names a type that is not allowed here."
                    at = f"{pointer}/reference"
                    yield Issue("value", "reference-target", text, at, "x-target", tuple(targets))

    def referred(self, resource: Resource) -> Iterator[tuple[Key, str]]:
        """Yield each reference the resource makes, with its JSON Pointer."""
        for path in self.references:
            for value, _, pointer in values(resource, path):
                yield Key.parse(value["reference"]), f"{pointer}/reference"
