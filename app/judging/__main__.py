"""The process that judges one candidate: a question on standard input, gates on the output."""

import logging.config
import resource
import signal
import sys
from collections.abc import Iterable
from time import monotonic
from types import FrameType

from app.judging.exchange import asked, line
from app.rules.publishing.admission.gate import admission
from app.rules.publishing.finding import Candidate, Gate, Library

MEBIBYTE = 1024 * 1024
PATTERN_SECONDS, ALL_PATTERNS_SECONDS = 1.0, 3.0
"""How long may be thought about whether one pattern includes another, and about all of them."""
FILES = 64


def main(seconds: str, memory_mib: str) -> None:
    """Judge within limits that nothing in this process can lift again."""
    _limit(int(float(seconds)) + 1, int(memory_mib) * MEBIBYTE)
    candidate, library = asked(sys.stdin.buffer.read())
    admitted = admission(candidate, library.documents)
    gates = _gates(candidate, library) if admitted.is_open else [admitted]
    for gate in gates:
        sys.stdout.buffer.write(line(gate))
        sys.stdout.buffer.flush()


def _gates(candidate: Candidate, library: Library) -> Iterable[Gate]:
    # Here, so that what is not admitted is refused before the provers are there.
    from app.rules.publishing.gates import judged  # noqa: PLC0415

    signal.signal(signal.SIGALRM, _ring)
    return judged(candidate, library, _Patterns())


def _limit(seconds: int, memory: int) -> None:
    for limit, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


class _TooLong(Exception):
    """The time for one question is over."""


def _ring(_signal: int, _frame: FrameType | None) -> None:
    raise _TooLong


class _Patterns:
    """Says whether each text of one pattern is one of another; None when that takes too long."""

    def __init__(self) -> None:
        self._left = ALL_PATTERNS_SECONDS
        self._known: dict[tuple[str, str], bool | None] = {}

    def __call__(self, inner: str, outer: str) -> bool | None:
        if inner == outer:
            return True
        if (inner, outer) not in self._known:
            self._known[inner, outer] = self._asked(inner, outer) if self._left > 0 else None
        return self._known[inner, outer]

    def _asked(self, inner: str, outer: str) -> bool | None:
        start = monotonic()
        try:
            return _included(inner, outer, min(self._left, PATTERN_SECONDS))
        except _TooLong:
            return None
        finally:
            self._left -= monotonic() - start


def _included(inner: str, outer: str, seconds: float) -> bool | None:
    from app.rules.compatibility.patterns.languages import included  # noqa: PLC0415 - as above

    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return included(inner, outer)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _run() -> int:
    """Return the exit code; what goes wrong is logged without a word of the candidate."""
    try:
        main(*sys.argv[1:])
    except Exception:
        from app.log import CONFIG  # noqa: PLC0415 - seldom needed

        logging.config.dictConfig(CONFIG)
        logging.getLogger("hub.judging").exception("A candidate could not be judged")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_run())
