"""Whether the audit trail is as it was sealed: every segment, every row, every checkpoint."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from app.model.audit.seal import Checkpoint, Segment, Verifier, checkpoint_fault, fault


class Sealed(NamedTuple):
    """A segment as it was found, None when it is none any more, and the rows it seals by id."""

    k: int
    segment: Segment | None
    rows: Mapping[str, Mapping[str, Any]]


class SealedTrail(Protocol):
    """The segments and rows of one tenant; every method raises Unavailable."""

    def walk(self) -> Iterator[Sealed]:
        """Yield the segments in the order of their numbers."""

    def total(self, before: str) -> int:
        """Return how many rows have ids less than `before`."""

    def unsealed(self, before: str) -> Iterator[str]:
        """Yield the ids less than `before` that no segment holds."""


@dataclass(frozen=True)
class Report:
    """What a check found; `fault` says in plain words what is wrong first, at segment `segment`.

    `unsealed` counts rows that are in no segment and should be, `first_unsealed` is one of them;
    `late` counts rows that a person let in, `checkpoints` those that were compared.
    """

    segments: int = 0
    rows: int = 0
    late: int = 0
    checkpoints: int = 0
    fault: str | None = None
    segment: int | None = None
    unsealed: int = 0
    first_unsealed: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return self.fault is None and not self.unsealed


def check(
    trail: SealedTrail,
    checkpoints: Iterable[Checkpoint],
    verifier: Verifier,
    before: str,
    tick: Callable[[], None] = lambda: None,
) -> Report:
    """Return what is wrong with a trail; rows with ids from `before` on need not be sealed yet.

    `tick` is called after each segment.
    """
    kept = list(checkpoints)
    named: dict[int, Segment | None] = {each.k: None for each in kept}
    former: Segment | None = None
    rows = late = old = 0
    for each in trail.walk():
        text = _fault(each, former, verifier)
        if text is not None or each.segment is None:
            k = former.k + 1 if former else 1
            return Report(k - 1, rows, late, len(kept), text, k)
        former = each.segment
        if former.k in named:
            named[former.k] = former
        rows += former.count
        late += former.count if former.late else 0
        old += sum(id < before for id in former.rows)
        tick()
    done = former.k if former else 0
    for found in kept:
        text = checkpoint_fault(found, named[found.k], verifier)
        if text is not None:
            return Report(done, rows, late, len(kept), text, found.k)
    unsealed = list(trail.unsealed(before)) if trail.total(before) > old else []
    first = unsealed[0] if unsealed else None
    return Report(done, rows, late, len(kept), None, None, len(unsealed), first)


def _fault(each: Sealed, former: Segment | None, verifier: Verifier) -> str | None:
    expected = former.k + 1 if former else 1
    if each.k != expected:
        return "It is missing: the next one there is has another number."
    if each.segment is None:
        return "It is damaged: its form is not that of a segment."
    return fault(each.segment, former, each.rows, verifier)
