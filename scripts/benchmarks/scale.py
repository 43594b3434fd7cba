"""How the hub's answers grow with what it holds: one client, some thousands of people."""

from collections.abc import Iterator
from statistics import median

from benchmarks.cases import ELDERS, Asking, Filling, Population, Updating
from benchmarks.load import Case, Load, Reply, connected
from benchmarks.people import town
from benchmarks.targets import Target

REQUESTS = 150
LIMIT_MS = 50
FILLING = 8
"""Connections that fill the hub; all that is measured runs on one."""


def grow(target: Target, sizes: tuple[int, ...]) -> Iterator[str]:
    """Yield the lines of the table; the sizes are how many people there are at each measuring."""
    people = Population(target, FILLING)
    measured = [_measured(people, size) for size in sizes]
    yield f"{'':<30}" + "".join(f"{size:>10,}" for size in sizes) + f"{'growth':>10}"
    for name in measured[0]:
        found = [each[name] for each in measured]
        verdict = "yes" if max(found) < LIMIT_MS else "NO"
        numbers = "".join(f"{each:>10.1f}" for each in found)
        growth = found[-1] / found[0]
        yield f"{name:<30}{numbers}{growth:>9.2f}x   under {LIMIT_MS} ms: {verdict}"


def _measured(people: Population, size: int) -> dict[str, float]:
    target = people.target
    while len(people.ids) < size:
        target.refresh()
        with connected(target.port, FILLING) as load:
            _right(load, Filling(people, min(size, len(people.ids) + 2000)))
    alone = Population(target, 1, people.ids, people.tags, changes=people.changes)
    target.refresh()
    with connected(target.port, 1) as load:
        return {name: _right(load, Some(case)) for name, case in _cases(alone).items()}


def _cases(people: Population) -> dict[str, Case]:
    ask, ids, size = people.target.ask, people.ids, len(people.ids)

    def page(number: int) -> bytes:
        return ask("GET", people.target.dialect.search.format(town(number)))

    def common(_: int) -> bytes:
        return ask("GET", "?status=active&_count=20")

    return {
        "read": Asking(people, lambda number: ask("GET", f"/{ids[number]}")),
        "update with If-Match": Updating(people, (ELDERS, size)),
        "search page, 40 match": Asking(people, page),
        "search page, all match": Asking(people, common),
    }


class Some:
    """The first REQUESTS requests of a case."""

    def __init__(self, case: Case) -> None:
        self.expected = case.expected
        self._case = case
        self._left = iter(range(REQUESTS))

    def request(self, connection: int) -> bytes | None:
        """Return the next request; None when there were enough."""
        return None if next(self._left, None) is None else self._case.request(connection)

    def answered(self, connection: int, reply: Reply) -> None:
        """Pass the answer on."""
        self._case.answered(connection, reply)


def _right(load: Load, case: Case) -> float:
    """Return the median ms of a case; raise ValueError when an answer was wrong."""
    outcome = load.run(case)
    if outcome.wrong:
        raise ValueError(f"The hub answered wrongly: {outcome.wrong}")
    return median(outcome.milliseconds)
