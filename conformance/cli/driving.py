"""What run, rerun and watch have in common: the doctor first, then the journey, then the words."""

import json
import sys
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from conformance.adapters import AdapterProblem, Sandbox
from conformance.reports.terminal import summary
from conformance.reports.writing import write
from conformance.runner.config import Config
from conformance.runner.connection import Connection
from conformance.runner.doctor import Checkup, examine
from conformance.runner.drive import Driver, Report
from conformance.runner.outcome import Exit, exit_of
from conformance.runner.problem import HubTrouble, Misconfigured
from conformance.runner.progress import AsLines, OnTerminal
from conformance.runner.runs import Runs

MANUAL_FIX = "Run it where somebody can answer, or name a file of the product with --settings."


@dataclass(frozen=True)
class Showing:
    """How a run is shown: as events, of which requirements, with which files at the end."""

    json_lines: bool = False
    only: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    files: tuple[tuple[str, Path], ...] = ()
    settings: Path | None = None


def drive(config: Config, level: int, shown: Showing, lead: Callable[..., Report]) -> Exit:
    """Look at everything, have `lead(driver, checkup)` make a report, show it; return the end."""
    console = Console(soft_wrap=True, highlight=False)
    watcher = AsLines(click.echo) if shown.json_lines else OnTerminal(console)
    found = examine(config, level, tell=watcher.found)
    if not found.is_well or not isinstance(found.connection, Connection):
        return _said(watcher, Exit.CONFIGURATION)
    driver = Driver(config, Runs(found.connection.http), watcher, _asking(watcher, shown.settings))
    with ExitStack() as undo:
        undo.callback(watcher.stop)
        try:
            report = lead(driver, found)
        except (KeyboardInterrupt, HubTrouble, Misconfigured, AdapterProblem) as end:
            watcher.stop()
            if driver.under_way:
                click.echo("The run is kept; go on with: wioa-conformance watch", err=True)
            elif isinstance(end, KeyboardInterrupt):
                click.echo("End what the hub began with: wioa-conformance end --all", err=True)
            code = _code(end)
            _said(watcher, code)
            if code is Exit.INCOMPLETE:
                return code
            raise
    for form, path in shown.files:
        path.write_text(write(report, form), "utf-8")
    if isinstance(watcher, OnTerminal):
        for line in summary(report, shown.only):
            console.print(line)
    return _said(watcher, exit_of(report, shown.only, shown.known))


def product_of(found: Checkup) -> dict[str, str]:
    """Return the product that greeted."""
    if found.hello is None:
        raise Misconfigured("The adapter did not greet.", "Look at adapter in wcf.yaml.")
    return dict(found.hello.product)


def _code(end: BaseException) -> Exit:
    if isinstance(end, KeyboardInterrupt):
        return Exit.INCOMPLETE
    return Exit.HUB if isinstance(end, HubTrouble) else Exit.CONFIGURATION


def _said(watcher: AsLines | OnTerminal, code: Exit) -> Exit:
    if isinstance(watcher, AsLines):
        watcher.say("end", exit=int(code))
    return code


def _told(sandbox: Sandbox) -> dict[str, Any]:
    return {
        "base": sandbox.base,
        "clientId": sandbox.client_id,
        "clientSecret": sandbox.client_secret,
    }


def to_file(path: Path) -> Callable[[Sandbox], None]:
    """Return what writes a sandbox to a file, where the product reads it as its settings."""

    def write_there(sandbox: Sandbox) -> None:
        path.touch(mode=0o600)
        path.write_text(json.dumps(_told(sandbox), indent=1), "utf-8")

    return write_there


def _asking(watcher: AsLines | OnTerminal, settings: Path | None) -> Callable[[Sandbox], None]:
    def hand_over(sandbox: Sandbox) -> None:
        watcher.stop()  # nothing moves below a question
        if settings:
            _from_file(sandbox, settings)
        else:
            _by_hand(sandbox)

    return hand_over


def _from_file(sandbox: Sandbox, settings: Path) -> None:
    """Write a sandbox to a file; at a terminal an operator enters it before the run goes on."""
    to_file(settings)(sandbox)
    if sys.stdin.isatty():
        click.echo(f"The sandbox stands in {settings}: {', '.join(_told(sandbox))}.", err=True)
        click.echo("An operator enters it in your product now.", err=True)
        _wait()


def _by_hand(sandbox: Sandbox) -> None:
    if not sys.stdin.isatty():
        raise Misconfigured("Somebody must set the sandbox in the product.", MANUAL_FIX)
    click.echo("Set this in your product, as your operator would:", err=True)
    for name, value in _told(sandbox).items():
        click.echo(f"  {name:13} {value}", err=True)
    _wait()


def _wait() -> None:
    with suppress(click.Abort):
        click.prompt("Press Enter when it is set", default="", show_default=False, err=True)
        return
    raise KeyboardInterrupt
