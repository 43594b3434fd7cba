"""The atom of the hub: one immutable version of one resource.

FHIR Resource.meta and the history interaction: https://hl7.org/fhir/R4/http.html#history.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import NamedTuple, Self

from app.model.codec import Resource, decode, encode

TICK = timedelta(milliseconds=1)


@dataclass(frozen=True, order=True)
class Key:
    """The name of a resource for as long as it lives: its type and its id."""

    type: str
    id: str

    def __str__(self) -> str:
        """Return the relative reference, `Type/id`."""
        return f"{self.type}/{self.id}"

    @classmethod
    def parse(cls, reference: str) -> Self:
        """Return the key named by a relative reference `Type/id`."""
        kind, _, rest = reference.partition("/")
        return cls(kind, rest)


class Marks(NamedTuple):
    """Whose a resource is and whom it is about.

    `ends` are references `Type/id`: to its owner, to whoever else has a part in it, and to its
    programs. `participant` is a participant's id.
    """

    ends: tuple[str, ...] = ()
    participant: str | None = None


NO_MARKS = Marks()


@dataclass(frozen=True)
class Version:
    """One state of a resource; `text` is its JSON as answered, None for a deletion.

    `number` counts from 1 without gaps, `at` is UTC with milliseconds, `by` is the client's id.
    `former` is the version this one follows; it is known only while the version is being written.
    `marks` say whose it is and whom it is about, so that an access decision need not look inside.
    """

    key: Key
    number: int
    at: datetime
    by: str
    text: str | None
    former: "Version | None" = field(default=None, compare=False, repr=False)
    marks: "Marks" = field(default=NO_MARKS, compare=False, repr=False)

    @cached_property
    def resource(self) -> Resource:
        """Return the resource; empty for a deletion. Read-only by agreement."""
        return decode(self.text) if self.text is not None else {}

    @property
    def name(self) -> str:
        """The name of this version among all, `Type/id/n`."""
        return f"{self.key}/{self.number}"

    @property
    def is_deleted(self) -> bool:
        """Whether this version records a deletion."""
        return self.text is None

    @property
    def etag(self) -> str:
        """The weak entity tag of this version (RFC 9110 section 8.8.3)."""
        return f'W/"{self.number}"'

    def etag_in(self, view: str) -> str:
        """Return the entity tag of this version as an unusual version of its schema has it."""
        return f'W/"{self.number}-{view}"' if view else self.etag


def following(former: Version | None, key: Key, now: datetime, by: str, body: Resource) -> Version:
    """Return the version that follows `former`, its id and meta filled in.

    `meta.source` stays as the body has it; without one it is `by`.
    `lastUpdated` never goes back within a resource: it is the later of now and former + 1 ms.
    """
    number, at = _next(former, now)
    meta = {
        **{k: v for k, v in body.get("meta", {}).items() if k in ("profile", "tag", "security")},
        "versionId": str(number),
        "lastUpdated": instant(at),
        "source": body.get("meta", {}).get("source", by),
    }
    rest = {k: v for k, v in body.items() if k not in ("resourceType", "id", "meta")}
    text = encode({"resourceType": key.type, "id": key.id, "meta": meta, **rest})
    return Version(key, number, at, by, text, former)


def deletion(former: Version, now: datetime, by: str) -> Version:
    """Return the version that records the deletion of `former`."""
    number, at = _next(former, now)
    return Version(former.key, number, at, by, None, former)


def same_content(one: Resource, other: Resource) -> bool:
    """Whether two bodies say the same, apart from what the hub itself writes."""
    return _content(one) == _content(other)


def instant(at: datetime) -> str:
    """Return a FHIR instant in UTC with milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _next(former: Version | None, now: datetime) -> tuple[int, datetime]:
    if former is None:
        return 1, now
    return former.number + 1, max(now, former.at + TICK)


def _content(body: Resource) -> Resource:
    meta = body.get("meta", {})
    kept = {k: meta[k] for k in ("profile", "tag", "security") if meta.get(k)}
    return {**{k: v for k, v in body.items() if k not in ("id", "meta")}, "meta": kept}
