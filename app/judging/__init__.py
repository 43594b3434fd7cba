"""Judges candidates in a process of their own, so that none of them can harm the hub."""

import logging
import os
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import IO

from app.judging.exchange import gates_from, question
from app.model.errors import Unavailable
from app.rules.publishing.admission.gate import TITLE
from app.rules.publishing.finding import Candidate, Finding, Gate, Library

ROOT = Path(__file__).parents[2]
AT_ONCE = 2
"""Most candidates that one process has judged at the same time; others wait."""
TIME = "Judging the candidate took more than {:g} seconds."
BUSY = "Other schemas are being judged; try again."
ENDED = "The candidate could not be judged within the time and memory there are."

logger = logging.getLogger("hub.judging")


class Judging:
    """Runs the gates of a candidate within `seconds` of time and `memory_mib` MiB of memory."""

    def __init__(self, seconds: float = 20.0, memory_mib: int = 1024) -> None:
        self._seconds = seconds
        self._memory_mib = memory_mib
        self._room = BoundedSemaphore(AT_ONCE)

    def __call__(self, candidate: Candidate, library: Library) -> list[Gate]:
        """Return the gates; where a limit is met, G0 is shut by a finding `too-costly`.

        The gates that were judged by then are there as well, the others are left out. Raises
        Unavailable when others are judged for too long.
        """
        if not self._room.acquire(timeout=self._seconds):
            raise Unavailable(BUSY)
        try:
            return self._judged(question(candidate, library))
        finally:
            self._room.release()

    def _judged(self, asked: bytes) -> list[Gate]:
        text = ENDED
        with TemporaryFile() as paper:
            paper.write(asked)
            paper.seek(0)
            child = self._child(paper)
        try:
            answer, _ = child.communicate(timeout=self._seconds)
        except subprocess.TimeoutExpired:
            text = TIME.format(self._seconds)
            os.killpg(child.pid, signal.SIGKILL)
            answer, _ = child.communicate()
        if child.returncode == 0:
            return gates_from(answer)
        logger.warning("A candidate was not judged: the child ended with %s", child.returncode)
        return _too_costly(text, gates_from(answer))

    def _child(self, paper: IO[bytes]) -> subprocess.Popen[bytes]:
        limits = [str(self._seconds), str(self._memory_mib)]
        return subprocess.Popen(  # nosec B603  # noqa: S603 - the command is ours, never a client's
            [sys.executable, "-m", "app.judging", *limits],
            env={"PYTHONHASHSEED": "0"},
            cwd=ROOT,
            stdin=paper,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )


def _too_costly(text: str, judged: list[Gate]) -> list[Gate]:
    hint = "Make the schema smaller, or its unions and patterns simpler."
    shut = Gate("G0", TITLE, (Finding("too-costly", text, "#", hint=hint),))
    return [shut, *(each for each in judged if each.code != "G0")]
