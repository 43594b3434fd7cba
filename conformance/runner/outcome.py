"""How a run ended, as a number for scripts and as the few requirements that need work."""

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from typing import Any

Report = Mapping[str, Any]
GOOD = ("PASS", "N/A")


class Exit(IntEnum):
    """What the command ends with."""

    REACHED = 0
    FAILED = 1
    INCOMPLETE = 2
    CONFIGURATION = 3
    HUB = 4
    USAGE = 64


def exit_of(report: Report, only: Sequence[str] = (), known: Iterable[str] = ()) -> Exit:
    """Return how a report ends the command.

    `only` looks at some requirements alone. `known` are failures that a partner's own tests
    expect: they do not count, and one that passes by now is a failure, so that the list is kept
    true.
    """
    verdicts = chosen(report, only)
    expected = set(known)
    stale = [each for each in verdicts if each["id"] in expected and each["verdict"] in GOOD]
    musts = [each for each in verdicts if each["keyword"] == "MUST" and each["id"] not in expected]
    words = {each["verdict"] for each in musts}
    if report.get("state") == "suite-error":
        return Exit.HUB
    if stale or "FAIL" in words:
        return Exit.FAILED
    if "SUITE-ERROR" in words:
        return Exit.HUB
    if "CONFIG" in words:
        return Exit.CONFIGURATION
    is_whole = bool(report["reached"] or only or expected)
    return Exit.REACHED if is_whole and words <= set(GOOD) else Exit.INCOMPLETE


def chosen(report: Report, only: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Return the verdicts that are looked at, all without a choice."""
    return [each for each in report["verdicts"] if not only or each["id"] in only]


def open_musts(report: Report) -> int:
    """Return how many MUST keep the level from being reached."""
    return sum(
        each["keyword"] == "MUST" and each["verdict"] not in GOOD for each in report["verdicts"]
    )
