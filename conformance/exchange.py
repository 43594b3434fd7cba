"""What the hub saw: one request of somebody and its answer, in the order of arrival."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

PARTNER = "partner"
"""Who the system under test is; all others are ghosts, which the hub plays."""
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True)
class Exchange:
    """One request and its answer; `path` is below the base of the run, without a leading slash.

    `step` is the key of the step under way, `at` seconds since the epoch, `fault` what the hub
    did to it on purpose (`F3`), empty for nothing; `who` is empty for nobody known, and `doubt`
    says why a token was not believed. Header names are in lower case.
    """

    number: int
    at: float
    step: str
    who: str
    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    status: int = 0
    answer_headers: Mapping[str, str] = field(default_factory=dict)
    answer: Any = None
    fault: str = ""
    doubt: str = ""

    @property
    def kind(self) -> str:
        """The resource type that is addressed, empty for none."""
        first = self.path.split("/")[0]
        return first if first[:1].isupper() else ""

    @property
    def reference(self) -> str:
        """`Type/id` that is addressed or, by a creation or criteria, met; empty for none."""
        parts = self.path.split("/")
        if self.kind and len(parts) > 1 and not parts[1].startswith(("_", "$")):
            return "/".join(parts[:2])
        made = self.answer if isinstance(self.answer, dict) else {}
        is_told = self.method in {"POST", "PUT", "PATCH"} and self.is_ok and bool(made.get("id"))
        if self.kind and is_told:
            return f"{self.kind}/{made['id']}"
        return ""

    @property
    def is_ok(self) -> bool:
        """Whether the answer that was sent says that it was done."""
        return 200 <= self.status < 300  # noqa: PLR2004 - RFC 9110 section 15.3

    @property
    def is_write(self) -> bool:
        """Whether it asks for a change of a resource; a search by POST does not."""
        return self.method in WRITES and not self.path.endswith("/_search") and bool(self.kind)

    @property
    def target(self) -> str:
        """The request target as it was sent, for a report."""
        return f"/{self.path}{'?' if self.query else ''}{self.query}"

    def mentions(self, text: str) -> bool:
        """Whether a text occurs in what was sent in the body."""
        return bool(text) and text in _flat(self.body)


@dataclass(frozen=True)
class Evidence:
    """All exchanges of a run, or those that a question is about."""

    exchanges: Sequence[Exchange]

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self.exchanges)

    def __len__(self) -> int:
        return len(self.exchanges)

    def __bool__(self) -> bool:
        return bool(self.exchanges)

    @property
    def first(self) -> Exchange | None:
        """The first, None when there is none."""
        return self.exchanges[0] if self.exchanges else None

    @property
    def last(self) -> Exchange | None:
        """The last, None when there is none."""
        return self.exchanges[-1] if self.exchanges else None

    @property
    def partner(self) -> Self:
        """What the system under test sent."""
        return self.where(lambda each: each.who == PARTNER)

    @property
    def ghosts(self) -> Self:
        """What the hub sent as the other agencies."""
        return self.where(lambda each: each.who != PARTNER)

    @property
    def writes(self) -> Self:
        """Those that ask for a change."""
        return self.where(lambda each: each.is_write)

    @property
    def reads(self) -> Self:
        """Those that read resources."""
        return self.where(lambda each: bool(each.kind) and not each.is_write)

    @property
    def done(self) -> Self:
        """Those that were answered with a 2xx."""
        return self.where(lambda each: each.is_ok)

    def where(self, is_meant: Callable[[Exchange], bool]) -> Self:
        """Return those of which something holds."""
        return type(self)([each for each in self.exchanges if is_meant(each)])

    def during(self, *steps: str) -> Self:
        """Return those of steps, by their keys."""
        return self.where(lambda each: each.step in steps)

    def of(self, kind: str) -> Self:
        """Return those that address a resource type."""
        return self.where(lambda each: each.kind == kind)

    def about(self, reference: str) -> Self:
        """Return those that address `Type/id`, or made it."""
        return self.where(lambda each: each.reference == reference)

    def by(self, *methods: str) -> Self:
        """Return those with one of these methods."""
        return self.where(lambda each: each.method in methods)

    def answered(self, *statuses: int) -> Self:
        """Return those that were answered with one of these."""
        return self.where(lambda each: each.status in statuses)

    def after(self, exchange: Exchange) -> Self:
        """Return what came later."""
        return self.where(lambda each: each.number > exchange.number)

    def before(self, exchange: Exchange) -> Self:
        """Return what came earlier."""
        return self.where(lambda each: each.number < exchange.number)

    def faulted(self, *faults: str) -> Self:
        """Return those that the hub did something to."""
        return self.where(lambda each: each.fault in faults)


def number_of(tag: str) -> int:
    """Return the number of the version that an entity tag names, 0 for none.

    A tag says more when a type has several versions of its schema: `W/"3-1.0.0"`.
    """
    text = tag.strip().removeprefix("W/").strip('"').partition("-")[0]
    return int(text) if text.isdecimal() else 0


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(_flat(each) for each in value.values())
    if isinstance(value, list):
        return "\n".join(map(_flat, value))
    return str(value)
