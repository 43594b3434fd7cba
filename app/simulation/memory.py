"""The most memory that this process, or a family of processes, ever held; /proc is Linux."""

import re
import resource
import sys
from collections.abc import Iterator
from pathlib import Path

KIB = 1024
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)
_PARENT = re.compile(r"^PPid:\s+(\d+)", re.MULTILINE)


def own_peak() -> int:
    """Return the peak of this process in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * KIB


def family_peak(pid: int) -> int | None:
    """Return the sum of the peaks of a process and all below it, in bytes; None without /proc.

    What they share counts in each, so it is more than they held together.
    """
    texts = dict(_statuses())
    if pid not in texts:
        return None
    parents = {child: int(_number(_PARENT, text)) for child, text in texts.items()}
    family, found = {pid}, {pid}
    while found:
        found = {child for child, parent in parents.items() if parent in found}
        family |= found
    return sum(_number(_PEAK, texts[each]) for each in family) * KIB


def _statuses() -> Iterator[tuple[int, str]]:
    for path in Path("/proc").glob("[0-9]*/status"):
        try:
            yield int(path.parent.name), path.read_text("utf-8")
        except OSError:
            continue


def _number(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.search(text)
    return int(found[1]) if found else 0
