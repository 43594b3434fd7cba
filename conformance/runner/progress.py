"""Tells what happens: to people on a terminal, or to programs as JSON lines."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from conformance.adapters import Answer
from conformance.runner.doctor import Finding
from conformance.runner.drive import Watcher
from conformance.stage import ACTS


class OnTerminal(Watcher):
    """One line that moves; a line that stays for each step that was not done."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._act = 0
        self._shown = ""
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(20),
            MofNCompleteColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task("The hub makes a sandbox", total=None)

    def found(self, finding: Finding) -> None:
        """The doctor looked at something."""
        if finding.is_well:
            self._console.print(f"  ok      {finding.name:11}  {finding.sentence}", markup=False)
            return
        self._console.print(f"  CONFIG  {finding.name:11}  {finding.sentence}", style="magenta")
        self._console.print(f"          {'fix':11}  {finding.fix}", markup=False)

    def making(self) -> None:
        """Start to move; the words are those of the first task."""
        self._progress.start()

    def began(self, run: Mapping[str, Any]) -> None:
        """Say which run it is, and move on."""
        self._console.print(f"Run {run['id']}, level {run['level']}, {run['mode']}", markup=False)
        self._progress.start()

    def turn(self, step: Mapping[str, Any], where: str) -> None:
        """Move to a step; by hand, say whose turn it is."""
        self._progress.start()  # it stood while somebody was asked
        if step["act"] != self._act:
            self._act = step["act"]
            self._console.print(f"  Act {self._act}  {ACTS.get(self._act, '')}", markup=False)
        words = f"{step['name']}  {step['text']}"[:60]
        self._progress.update(
            self._task, description=words, total=step["of"], completed=step["number"] - 1
        )
        if where:
            at = f" at {where}" if where != self._shown else ""
            self._shown = where
            self._console.print(f"  YOUR TURN{at}: {step['text']}", style="bold")

    def ended(self, step: Mapping[str, Any], answer: Answer) -> None:
        """Keep a line of what the adapter could not do."""
        if answer.status != "done":
            text = f"   {answer.status}  {step['key']} {step['name']}  {answer.detail}"
            self._console.print(text, style="yellow", markup=False)

    def judged(self, report: dict[str, Any]) -> None:
        """Stop moving."""
        del report
        self.stop()

    def stop(self) -> None:
        """Leave the terminal as it was."""
        self._progress.stop()


class AsLines(Watcher):
    """One JSON object a line, with `event` and `at` in seconds since the epoch."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def say(self, event: str, **what: Any) -> None:
        """Write one event."""
        self._write(json.dumps({"event": event, "at": round(time.time(), 3), **what}))

    def found(self, finding: Finding) -> None:
        """The doctor looked at something."""
        verdict = "ok" if finding.is_well else "CONFIG"
        told = {"name": finding.name, "sentence": finding.sentence, "fix": finding.fix}
        self.say("doctor", verdict=verdict, **told)

    def began(self, run: Mapping[str, Any]) -> None:
        """Write the run."""
        self.say("run", **{name: run[name] for name in ("id", "level", "profile", "mode")})

    def turn(self, step: Mapping[str, Any], where: str) -> None:
        """Write the step, without its persons."""
        del where
        names = ("key", "name", "act", "number", "of")
        self.say("step", **{name: step[name] for name in names})

    def ended(self, step: Mapping[str, Any], answer: Answer) -> None:
        """Write the answer."""
        self.say("answer", key=step["key"], **answer.told())

    def judged(self, report: dict[str, Any]) -> None:
        """Write each verdict, then the counts."""
        for each in report["verdicts"]:
            self.say("verdict", **each)
        self.say("report", run=report["run"], reached=report["reached"], counts=report["counts"])

    def stop(self) -> None:
        """Do nothing."""
