"""The loop of a run: the hub names a step, the adapter has it done, the hub is told."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.adapters import Adapter, Answer, Sandbox
from conformance.adapters.choice import adapter
from conformance.runner.config import Config
from conformance.runner.kept import Kept
from conformance.runner.problem import BrokenRun, Misconfigured
from conformance.runner.runs import BROKEN, OVER, Runs, Wish

Report = dict[str, Any]


class Watcher:
    """Is told what happens; this one keeps quiet."""

    def making(self) -> None:
        """The hub is asked for a run; it takes seconds to make a sandbox."""

    def began(self, run: Mapping[str, Any]) -> None:
        """A run begins or goes on."""

    def turn(self, step: Mapping[str, Any], where: str) -> None:
        """A step is the product's; `where` is the page for people, empty without one."""

    def ended(self, step: Mapping[str, Any], answer: Answer) -> None:
        """A step ended."""

    def judged(self, report: Report) -> None:
        """The hub has judged."""


OVER_BROKEN = "The hub failed in its own part of this run; nothing of it counts. Begin another."
SILENT = "The product sent nothing to the sandbox: was its address entered?"
SILENT_FIX = "Enter the sandbox's base, client id and secret in the product, then go on."
OWN_ADAPTER = "Name your product's adapter in wcf.yaml: command, http or manual."


@dataclass
class Driver:
    """Leads runs of one configuration; what it needs of each is kept before its first step."""

    config: Config
    runs: Runs
    watcher: Watcher = field(default_factory=Watcher)
    hand_over: Callable[[Sandbox], None] = lambda _: None
    """In earnest an operator points the product at its sandbox; returns once that is done."""
    sleep: Callable[[float], None] = time.sleep
    under_way: str = ""
    """The run that was begun and not judged yet; the hub keeps it."""

    @property
    def kept(self) -> Kept:
        """What this machine keeps."""
        return Kept(self.config.kept())

    def run(self, wish: Wish) -> Report:
        """Begin a run, lead it to its end and return the report."""
        if wish.mode == "certify" and self.config.driving.kind == "reference":
            raise Misconfigured("The reference client proves nothing of your product.", OWN_ADAPTER)
        self.watcher.making()
        run, sandbox = self.runs.start(wish)
        self.kept.begin(run, sandbox)
        return self._lead(run, sandbox)

    def resume(self, id: str) -> Report:
        """Lead a run on from where it is; return its report, which one that is over has."""
        run = self.runs.read(id)
        if run["state"] == BROKEN:
            raise BrokenRun(OVER_BROKEN)
        if run["state"] in OVER:
            return self._told(self.runs.report(id))
        return self._lead(run, self.kept.sandbox(id))

    def _lead(self, run: Mapping[str, Any], sandbox: Sandbox) -> Report:
        self.under_way = str(run["id"])
        self.watcher.began(run)
        is_earnest = run["mode"] == "certify"
        kind = self.config.driving.kind
        if kind == "manual" or is_earnest:
            self.hand_over(sandbox)
        product = adapter(self.config, self.kept.memory(str(run["id"])))
        try:
            product.hello()
            if not is_earnest:
                product.configure(sandbox)
            self._play(run, product)
        except BrokenRun:
            self.under_way = ""
            raise
        finally:
            product.close()
        return self._told({**self.runs.evaluate(str(run["id"])), "notes": product.notes})

    def _play(self, run: Mapping[str, Any], product: Adapter) -> None:
        id, is_doubtful = str(run["id"]), run["mode"] == "certify"
        where = str(getattr(product, "url", ""))
        while (step := self.runs.next(id)) is not None:
            self.watcher.turn(step, where)
            answer = self._answer(id, product, step)
            self.watcher.ended(step, answer)
            self.sleep(self.config.driving.settle)
            if is_doubtful and answer.status == "error":
                self._look_for_product(id, step)
                is_doubtful = False
            self.runs.done(id, step["key"], answer)

    def _look_for_product(self, id: str, step: Mapping[str, Any]) -> None:
        """Raise Misconfigured before a run in earnest is wasted on a product that is elsewhere."""
        if self.runs.is_silent(id):
            self.kept.ask(id, step["key"])  # without this answer: the step is done later
            raise Misconfigured(SILENT, SILENT_FIX)

    def _answer(self, id: str, product: Adapter, step: Mapping[str, Any]) -> Answer:
        """Have the product do a step, once: what it answered a runner that ended still counts."""
        is_again, answer = self.kept.asked(id, step["key"])
        if answer is None:
            self.kept.ask(id, step["key"])
            answer = product.step({**step, "again": True} if is_again else step)
            self.kept.ask(id, step["key"], answer)
        return answer

    def _told(self, report: Report) -> Report:
        self.under_way = ""
        self.kept.finish(report)
        self.watcher.judged(report)
        return report
