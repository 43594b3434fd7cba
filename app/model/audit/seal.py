"""Seals: segments of the audit trail, each signed and holding the hash of the one before it.

Whoever alters what a segment seals must sign it and all later ones anew, which takes the seal key;
whoever cuts off the last segments is found by a checkpoint that is kept outside the database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol, Self, get_origin, get_type_hints

from app.model.audit.event import canonical
from app.model.audit.merkle import root
from app.model.version import instant


class Signer(Protocol):
    """A key that seals; `kid` names it."""

    @property
    def kid(self) -> str:
        """The name of the key."""

    def sign(self, content: bytes) -> str:
        """Return the signature of some bytes."""


class Verifier(Protocol):
    """Knows the public keys that may have sealed."""

    def verify(self, kid: str, content: bytes, signature: str) -> bool:
        """Whether the key of that name signed the content."""


@dataclass(frozen=True)
class Segment:
    """Rows `first` to `last` of the sealed trail, counted from 1; `rows` are their ids in order.

    `prev` is the digest of segment k - 1, empty for the first; `root` the Merkle root over the
    canonical JSON of the rows; `at` the instant of sealing. `late` marks rows that came so late
    that a person let them in.
    """

    k: int
    prev: str
    first: int
    last: int
    count: int
    rows: tuple[str, ...]
    root: str
    at: str
    kid: str
    late: bool = False
    signature: str = ""

    @property
    def content(self) -> bytes:
        """What is signed: everything but the signature."""
        kept = asdict(self)
        del kept["signature"]
        return canonical(kept)

    @property
    def digest(self) -> str:
        """The SHA-256 of the whole segment, in hexadecimal."""
        return sha256(canonical(asdict(self))).hexdigest()


@dataclass(frozen=True)
class Checkpoint:
    """What segment `k` was at some instant, signed and kept outside the database."""

    k: int
    hash: str
    at: str
    kid: str
    signature: str = ""

    @property
    def content(self) -> bytes:
        """What is signed: everything but the signature."""
        return canonical({"k": self.k, "hash": self.hash, "at": self.at, "kid": self.kid})

    @property
    def line(self) -> bytes:
        """The checkpoint as a line of JSON."""
        return canonical(asdict(self)) + b"\n"

    @classmethod
    def of(cls, segment: Segment, at: datetime, signer: Signer) -> Self:
        """Return the checkpoint of a segment."""
        made = cls(segment.k, segment.digest, instant(at), signer.kid)
        return replace(made, signature=signer.sign(made.content))


def has_form(found: Segment | Checkpoint) -> bool:
    """Whether every field has its type; who reads from a file or a database cannot know."""
    hints = get_type_hints(type(found))
    wanted = {each.name: get_origin(hints[each.name]) or hints[each.name] for each in fields(found)}
    values = ((getattr(found, name), kind) for name, kind in wanted.items())
    return all(
        isinstance(value, kind) and isinstance(value, bool) == (kind is bool)
        for value, kind in values
    )


def seal(
    former: Segment | None,
    rows: Sequence[Mapping[str, Any]],
    at: datetime,
    signer: Signer,
    *,
    late: bool = False,
) -> Segment:
    """Return the segment that follows `former` and seals `rows`, audit rows as `plain` has them."""
    first = former.last + 1 if former else 1
    made = Segment(
        k=former.k + 1 if former else 1,
        prev=former.digest if former else "",
        first=first,
        last=first + len(rows) - 1,
        count=len(rows),
        rows=tuple(row["id"] for row in rows),
        root=root([canonical(row) for row in rows]),
        at=instant(at),
        kid=signer.kid,
        late=late,
    )
    return replace(made, signature=signer.sign(made.content))


def fault(
    segment: Segment,
    former: Segment | None,
    rows: Mapping[str, Mapping[str, Any]],
    verifier: Verifier,
) -> str | None:
    """Return what is wrong with a segment and its rows, in plain words; None when nothing is.

    `rows` are those that the database holds of the segment's, by id, as `plain` has them.
    """
    if not verifier.verify(segment.kid, segment.content, segment.signature):
        return "Its signature does not fit: it was changed, or another was put in its place."
    if segment.prev != (former.digest if former else ""):
        return "It does not follow the segment before it: that one was replaced."
    if segment.first != (former.last + 1 if former else 1):
        return "Its numbers do not follow those of the segment before it."
    missing = [each for each in segment.rows if each not in rows]
    if missing:
        return f"{_rows(len(missing))} missing from the trail: the first is {missing[0]}."
    if root([canonical(rows[each]) for each in segment.rows]) != segment.root:
        return f"A row was changed: one of {segment.rows[0]} to {segment.rows[-1]}."
    return None


def checkpoint_fault(found: Checkpoint, segment: Segment | None, verifier: Verifier) -> str | None:
    """Return what is wrong with a checkpoint or the segment it names; None when nothing is."""
    if not verifier.verify(found.kid, found.content, found.signature):
        return f"The checkpoint of {found.at} does not bear the signature of the hub."
    if segment is None:
        return f"The trail was cut off: segment {found.k} was there at {found.at} and is gone."
    if segment.digest != found.hash:
        return f"Segment {found.k} is not the one that was there at {found.at}."
    return None


def _rows(count: int) -> str:
    return "One of its rows is" if count == 1 else f"{count} of its rows are"
