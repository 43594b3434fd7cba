"""Runs a year's batches side by side and adds up what came of them."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, as_completed
from dataclasses import dataclass

from app.simulation.shares import percent
from app.simulation.year import Year, batches
from app.simulation.year_plan import OUTCOMES, Visit

Tick = Callable[[int], object]
"""Told how many more referrals are through."""


@dataclass(frozen=True)
class Tally:
    """How many referrals met which fate: an outcome, or the status that they stay in."""

    fates: Counter[str]

    @property
    def created(self) -> int:
        """All referrals between agencies."""
        return self.fates.total()

    @property
    def closed(self) -> int:
        """Those that ended with an outcome."""
        return sum(self.fates[name] for name in OUTCOMES)

    @property
    def shares(self) -> dict[str, int]:
        """Whole percents of the closed by outcome."""
        return {name: percent(self.fates[name], self.closed) for name in OUTCOMES}


def run(year: Year, visits: Sequence[Visit], pool: Executor, tick: Tick) -> Tally:
    """Play all visits, as many batches at once as `pool` has workers.

    Raises what the first batch that fails raises; those that wait are not begun.
    """
    waiting = [pool.submit(year.play, each) for each in batches(visits)]
    fates: Counter[str] = Counter()
    try:
        for each in as_completed(waiting):
            met = each.result()
            fates += met
            tick(met.total())
    finally:
        _cancel(waiting)
    return Tally(fates)


def _cancel(waiting: Sequence[Future[Counter[str]]]) -> None:
    for each in waiting:
        each.cancel()
