"""The tables: what was measured, and beside it the goals."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

CASES = ("create", "read", "read 304", "update", "stale 412", "search 20", "history 5")
GOALS: dict[tuple[str, str], tuple[float | None, ...]] = {
    ("eve", "requests/s"): (5, 1.5, 2, 1.8, 2, 5, 100),
    ("eve", "app CPU"): (0.2, 0.7, 0.5, 0.3, 0.5, 0.25, None),
    ("limit-raw", "requests/s"): (0.7, 0.7, 0.7, 0.8, 0.7, 0.7, 0.7),
    ("limit-raw", "app CPU"): (None,) * 7,
}
"""What the hub's figure divided by a peer's should be: at least for requests/s, at most for CPU."""
MEMORY_MB = 90


@dataclass(frozen=True)
class Sample:
    """One stretch of load; `app` and `database` are CPU in ms per request, `p50` and `p95` ms."""

    requests: int
    rate: float
    p50: float
    p95: float
    app: float
    database: float
    errors: int


Samples = Mapping[tuple[str, str], Sequence[Sample]]
"""(case, target) → one sample of each round."""


def figures(samples: Samples) -> Iterator[str]:
    """Yield the lines of the table of medians over the rounds."""
    yield _line("", "", "requests/s", "p50 ms", "p95 ms", "app CPU ms", "db CPU ms", "errors")
    for (case, target), each in samples.items():
        yield _line(
            case,
            target,
            f"{median(s.rate for s in each):.0f}",
            f"{median(s.p50 for s in each):.1f}",
            f"{median(s.p95 for s in each):.1f}",
            f"{median(s.app for s in each):.2f}",
            f"{median(s.database for s in each):.2f}",
            str(sum(s.errors for s in each) or "-"),
        )


def ratios(samples: Samples) -> Iterator[str]:
    """Yield the lines that compare the hub with its peers: median [least, most] of the rounds."""
    for (peer, measure), goals in GOALS.items():
        lines = [
            _ratio(samples[case, "hub"], samples[case, peer], case, measure, goal)
            for case, goal in zip(CASES, goals, strict=True)
            if (case, "hub") in samples and (case, peer) in samples
        ]
        if lines:
            yield f"hub / {peer}, {measure}"
            yield from lines


def _ratio(
    ours: Sequence[Sample], theirs: Sequence[Sample], case: str, measure: str, goal: float | None
) -> str:
    pairs = list(zip(ours, theirs, strict=True))
    if any(one.errors or other.errors for one, other in pairs):
        return f"  {case:<10} wrong answers"
    if measure == "app CPU":
        found = [one.app / other.app for one, other in pairs if other.app]
    else:
        found = [one.rate / other.rate for one, other in pairs if other.rate]
    middle = median(found)
    text = f"  {case:<10}{middle:>8.2f}  [{min(found):.2f}, {max(found):.2f}]"
    if goal is None:
        return text
    is_met = middle <= goal if measure == "app CPU" else middle >= goal
    bound = "at most" if measure == "app CPU" else "at least"
    return f"{text:<38}goal {bound} {goal:g}: {'met' if is_met else 'MISSED'}"


def memory(name: str, workers: Sequence[float]) -> str:
    """Return the line of the memory of each worker, in MB."""
    each = ", ".join(f"{worker:.0f}" for worker in workers)
    goal = f"  (goal at most {MEMORY_MB})" if name == "hub" else ""
    return f"  {name:<10} {each} MB{goal}"


def _line(*cells: str) -> str:
    case, target, *numbers = cells
    return f"{case:<10} {target:<10}" + "".join(f"{each:>12}" for each in numbers)
