"""What a client sees of one row, as an access decision says."""

from typing import NamedTuple

NOTHING: frozenset[str] = frozenset()


class Sight(NamedTuple):
    """What a client sees of one row: not these labels, not these elements, not items naming these.

    `is_masked` says that secrets show their last characters only; `basis` is the ground.
    """

    labels: frozenset[str] = NOTHING
    elements: frozenset[str] = NOTHING
    barred: frozenset[str] = NOTHING
    is_masked: bool = True
    basis: tuple[str, ...] = ()

    @property
    def is_full(self) -> bool:
        """Whether nothing is hidden."""
        return not (self.labels or self.elements or self.barred or self.is_masked)
