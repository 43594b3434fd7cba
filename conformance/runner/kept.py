"""What this machine keeps of its runs, beside `wcf.yaml`: to go on later, and the reports."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from conformance.adapters import Answer, Sandbox
from conformance.runner.problem import Misconfigured

LAST = "last"


class Kept:
    """A folder that nobody else reads: it holds credentials of sandboxes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self, run: dict[str, Any], sandbox: Sandbox) -> None:
        """Keep a run that began."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._write(f"{run['id']}.json", {"run": run, "sandbox": asdict(sandbox)})
        self._write(f"{LAST}.json", {"run": run["id"]})

    def sandbox(self, id: str) -> Sandbox:
        """Return where the product works in a run; raise Misconfigured for one begun elsewhere."""
        return Sandbox(**self._read(f"{id}.json", id)["sandbox"])

    def memory(self, id: str) -> Path:
        """Return the file in which the reference client keeps its records of a run."""
        return self._folder / f"{id}.memory.json"

    def asked(self, id: str, step: str) -> tuple[bool, Answer | None]:
        """Return whether a step was asked for before, and its answer if one was heard."""
        try:
            found = json.loads((self._folder / f"{id}.step.json").read_text("utf-8"))
        except (OSError, ValueError):
            return False, None
        if found["step"] != step:
            return False, None
        return True, Answer.of(found["answer"]) if found["answer"] else None

    def ask(self, id: str, step: str, answer: Answer | None = None) -> None:
        """Keep that a step is asked for, then its answer: a product must not act twice."""
        told = {"step": step, "answer": answer.told() if answer else None}
        self._write(f"{id}.step.json", told)

    def last(self) -> str:
        """Return the id of the run that began last; raise Misconfigured before the first."""
        return str(self._read(f"{LAST}.json", "")["run"])

    def finish(self, report: dict[str, Any]) -> None:
        """Keep the report of a run."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._write(f"{report['run']}.report.json", report)

    def report(self, id: str) -> dict[str, Any] | None:
        """Return the report of a run, None when it is not kept here."""
        path = self._folder / f"{id}.report.json"
        return self._read(path.name, id) if path.exists() else None

    def _write(self, name: str, what: Any) -> None:
        path = self._folder / name
        half = path.with_name(f"{name}.new")
        half.touch(mode=0o600)
        half.write_text(json.dumps(what, indent=1), "utf-8")
        half.replace(path)

    def _read(self, name: str, id: str) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads((self._folder / name).read_text("utf-8"))
        except (OSError, ValueError):
            fix = "Name a run that began here, or begin one: wioa-conformance run L1."
            of = f"run {id}" if id else "any run"
            raise Misconfigured(f"Nothing is kept of {of} here.", fix) from None
        return found
