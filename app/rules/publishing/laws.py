"""Gate G8: whoever works under a live version goes on reading and writing, and nothing is lost.

Every valid example of the candidate must be seen under each live version as a resource that is
valid there, and must come back whole when it is read and written back unchanged.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.model.codec import Resource, decode
from app.model.element import Schema
from app.model.errors import Issue
from app.model.lens import Lens
from app.model.lens.showing import same
from app.model.schema_check import SchemaCheck, Validators
from app.rules.publishing.finding import Example, Finding

CODE = "projection-invalid"
LOSSY = "rejoin-loses"


def law_findings(
    candidate_schema: Schema,
    live: Mapping[str, Schema],
    documents: Mapping[str, Schema],
    examples: Sequence[Example],
) -> list[Finding]:
    """Return what breaks for readers and writers of the live versions; a witness is an example.

    Examples that are no JSON objects or not valid under the candidate are left to gate G3. Raises
    LookupError or ValueError for a schema that refers to what is not there, the matter of G4.
    """
    validators = Validators(documents)
    own = SchemaCheck("candidate", validators.of(candidate_schema))
    valid = {name: body for name, body in _bodies(examples) if not own(body)}
    found: list[Finding] = []
    for version, schema in live.items():
        lens = Lens(schema, candidate_schema, documents)
        law = _Law(version, lens, SchemaCheck(version, validators.of(schema)))
        found += law.findings(valid)
    return found


@dataclass(frozen=True)
class _Law:
    """What must hold for one live version."""

    version: str
    lens: Lens
    check: SchemaCheck

    def findings(self, examples: Mapping[str, Resource]) -> Iterator[Finding]:
        """Yield each fault once, with the first example that shows it."""
        told: set[tuple[str, str | None]] = set()
        for name, body in examples.items():
            seen = self.lens.projected(body)
            for fault in self.check(seen):
                place = (_place(fault), fault.keyword)
                if place not in told:
                    told.add(place)
                    yield self._invalid(name, fault, place[0])
            if same(self.lens.rejoined(seen, body)) != same(body):
                yield self._lossy(name)

    def _invalid(self, name: str, fault: Issue, place: str) -> Finding:
        return Finding(
            CODE,
            f"Readers of {self.version} would be shown the example {name}, left to what that "
            f"version knows, as something it refuses at {place or 'the root'}: {fault.text}",
            direction="read",
            against=self.version,
            instance_path=place,
            evidence="witness",
            witness=[name],
            bump="major",
            hint="Give each new code an x-fallback, and let no rule on what older versions know "
            "depend on what they do not; or publish a new major version.",
        )

    def _lossy(self, name: str) -> Finding:
        return Finding(
            LOSSY,
            f"A client of {self.version} that reads the example {name} and writes it back "
            "unchanged would lose a part of it.",
            direction="write",
            against=self.version,
            evidence="witness",
            witness=[name],
            bump="major",
        )


def _bodies(examples: Sequence[Example]) -> Iterator[tuple[str, Resource]]:
    for each in examples:
        if not each.is_valid:
            continue
        try:
            body = decode(each.text)
        except ValueError:
            continue
        if isinstance(body, dict):
            yield each.name, body


def _place(fault: Issue) -> str:
    """Return where the fault lies, with `*` for the index of any entry of a list."""
    steps = (fault.pointer or "").split("/")
    return "/".join("*" if step.isdecimal() else step for step in steps)
