"""What the processes of a server cost, read from /proc (Linux)."""

import os
from collections.abc import Iterable
from pathlib import Path

_TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")


def family(pid: int) -> list[int]:
    """Return `pid` and all that descend from it, parents first."""
    children: dict[int, list[int]] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [pid]
    for each in found:
        found.extend(children.get(each, ()))
    return found


def running(pids: Iterable[int], *words: str) -> list[int]:
    """Return those whose command line holds all the words."""
    return [pid for pid in pids if all(word in _command(pid) for word in words)]


def cpu_ms(pids: Iterable[int]) -> float:
    """Return the CPU that the processes have used, their ended children included."""
    return _TICK_MS * sum(int(number) for pid in pids for number in _stat(pid)[11:15])


def resident_mb(pid: int) -> float:
    """Return the memory that a process holds, shared pages included, in megabytes (2 ** 20)."""
    pages = int((_PROC / str(pid) / "statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _stat(pid: int) -> list[str]:
    """Return the fields of proc(5) stat behind the name: state, parent, …; none when it ended."""
    try:
        text = (_PROC / str(pid) / "stat").read_text("utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return []
    return text.rpartition(")")[2].split()


def _command(pid: int) -> str:
    try:
        return (_PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""
