"""Steps as JSON lines on a child's standard input, answers on its output; its errors are kept."""

import json
import os
import queue
import re
import subprocess
import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import IO, Any, cast

from conformance.adapters import (
    PROTOCOL,
    VARIABLE,
    AdapterProblem,
    Answer,
    Hello,
    Sandbox,
    message,
)

SECONDS = 20
"""How long a greeting may take; a product may have to start first."""
PATIENCE = 5
"""Seconds between goodbye and the end."""
NOTES = 200
"""Lines of standard error that are kept."""
ERROR = re.compile(r"([\w.]+\.)?\w*(Error|Exception)\b")
"""How a line begins that names an error; a line of code that raises one is indented."""
LAST, MOST_CHARACTERS = 5, 500
"""Of what a child wrote that does not greet, the lines and characters that are shown."""
END = object()


class CommandAdapter:
    """A child process; when it ends or hangs in a step it is started once more."""

    def __init__(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self._command = list(command)
        self._folder = folder
        self._environment = dict(environment or {})
        self._child: subprocess.Popen[str] | None = None
        self._listeners: list[Thread] = []
        self._lines: queue.Queue[Any] = queue.Queue()
        self._notes: deque[str] = deque(maxlen=NOTES)
        self._sandbox: Sandbox | None = None
        self._restarts = 1

    @property
    def notes(self) -> str:
        """The last lines of the child's standard error."""
        return "".join(self._notes)

    def hello(self) -> Hello:
        """Start the child and greet it; raise AdapterProblem when it is not there."""
        self._start()
        self._send({"cmd": "hello", "protocol": PROTOCOL})
        told = self._heard(time.monotonic() + SECONDS, lambda line: "protocol" in line)
        if told is None:
            self.close()  # only then all that it wrote has been read
            raise AdapterProblem(f"The adapter does not answer hello. {_telling(self._notes)}")
        return Hello.of(told)

    def configure(self, sandbox: Sandbox) -> None:
        """Start the child anew with its credential in a variable, and point it at its sandbox."""
        self._sandbox = sandbox
        self._environment[VARIABLE] = sandbox.credential
        self.close()
        self._begin()

    def step(self, step: Mapping[str, Any]) -> Answer:
        """Ask for a step and wait for its end; a child that is gone or late is an error."""
        if self._child is None:
            return Answer("error", "The adapter has ended.")
        self._send(message(step))
        late = time.monotonic() + step["deadline_ms"] / 1000
        while True:
            told = self._heard(late, lambda line: line.get("id") == step["number"])
            if told is None:
                return self._lost(time.monotonic() >= late, step["deadline_ms"] // 1000)
            answer = Answer.of(told)
            if answer.status != "pending":
                return answer

    def close(self) -> None:
        """Say goodbye; end the child when it does not."""
        child, self._child = self._child, None
        if child is None:
            return
        _write(child.stdin, {"cmd": "bye"})
        with suppress(OSError):
            cast("IO[str]", child.stdin).close()
        try:
            child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        for each in self._listeners:
            each.join(PATIENCE)

    def _begin(self) -> None:
        self.hello()
        if self._sandbox:
            self._send(self._sandbox.told(f"env:{VARIABLE}"))

    def _lost(self, is_late: bool, seconds: int) -> Answer:
        child = self._child
        if child and is_late:
            child.kill()
        self.close()
        code = child.returncode if child else None
        why = f"no answer within {seconds} s" if is_late else f"the adapter ended with code {code}"
        if self._restarts:
            self._restarts -= 1
            try:
                self._begin()
            except AdapterProblem:
                self.close()
        return Answer("error", why)

    def _start(self) -> None:
        self.close()
        self._lines = queue.Queue()
        try:
            child = subprocess.Popen(  # noqa: S603 - the partner's own command, from its own file
                self._command,
                cwd=self._folder,
                env={**os.environ, **self._environment},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,  # Ctrl-C is for the runner, which says goodbye
            )
        except OSError:
            name = Path(self._command[0]).name
            raise AdapterProblem(f"The adapter's command {name} cannot be started.") from None
        self._child = child
        self._listeners = [
            Thread(target=_listen, args=(child.stdout, self._lines), daemon=True),
            Thread(target=_collect, args=(child.stderr, self._notes), daemon=True),
        ]
        for each in self._listeners:
            each.start()

    def _send(self, what: Mapping[str, Any]) -> None:
        if self._child:
            _write(self._child.stdin, what)

    def _heard(self, late: float, is_meant: Any) -> dict[str, Any] | None:
        """Return the next line that is meant, None at the end of the child or of the time."""
        while (left := late - time.monotonic()) > 0:
            try:
                line = self._lines.get(timeout=left)
            except queue.Empty:
                return None
            if line is END:
                return None
            if isinstance(line, dict) and is_meant(line):
                return line
        return None


def _telling(notes: Iterable[str]) -> str:
    """Return what helps most of a child's last words: the error it names, else their end."""
    lines = [each.rstrip() for each in notes if each.strip()]
    named = [each for each in lines if ERROR.match(each)]
    told = " / ".join(each.strip() for each in named[:1] or lines[-LAST:])
    return told[:MOST_CHARACTERS] or "It wrote no error."


def _write(pipe: IO[str] | None, what: Mapping[str, Any]) -> None:
    if pipe is None:
        return
    try:
        pipe.write(json.dumps(what) + "\n")
        pipe.flush()
    except (OSError, ValueError):
        return  # a child that is gone is noticed where its answer is missed


def _listen(pipe: IO[str], lines: "queue.Queue[Any]") -> None:
    with pipe:
        for line in pipe:
            try:
                lines.put(json.loads(line))
            except ValueError:
                continue
    lines.put(END)


def _collect(pipe: IO[str], notes: deque[str]) -> None:
    with pipe:
        notes.extend(pipe)
