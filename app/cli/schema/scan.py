"""Looks at all stored documents with a draft's eyes, in steps that may stop and go on."""

from dataclasses import dataclass

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.cli.schema.desk import Desk
from app.cli.schema.hub import outputs
from app.cli.schema.refusal import Paused


@dataclass(frozen=True)
class Scanned:
    """How many stored documents were looked at, and how many would no longer be valid."""

    checked: int
    invalid: int


def scanned(desk: Desk, id: str, version: int) -> Scanned:
    """Ask `$scan` until it is done; raise Paused on Ctrl-C, after which it goes on from there."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    errors = desk.screen.errors
    checked, total = 0, 0
    with Progress(*columns, console=errors, disable=not errors.is_terminal) as bar:
        task = bar.add_task("Stored documents", total=None)
        try:
            while True:
                told = outputs(desk.hub.operation(id, "scan", version=version))
                checked, total = told["checked"], told["total"]
                bar.update(task, completed=checked, total=total)
                if told["done"]:
                    return Scanned(checked, told["invalid"])
        except KeyboardInterrupt:
            text = f"Stopped after {checked} of {total}; the same command goes on from there."
            raise Paused(text) from None
