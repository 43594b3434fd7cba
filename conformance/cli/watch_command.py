"""`watch`: a run that was left goes on; the state of a run is on the hub."""

from pathlib import Path

import click

from conformance.cli import words
from conformance.cli.driving import Showing, drive
from conformance.runner.doctor import Checkup
from conformance.runner.drive import Driver, Report

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("watch")
@words.run_id
@words.config
@click.option("--settings", type=FILE, help="Where the sandbox is written for the product.")
@words.json_lines
@click.pass_context
def command(
    ctx: click.Context, run: str | None, path: Path, settings: Path | None, json_lines: bool
) -> None:
    """Go on with RUN, without it with the last; one that is over is shown."""
    with words.ending():
        config, kept = words.settings(path)
        id = run or kept.last()

        def lead(driver: Driver, found: Checkup) -> Report:
            del found
            return driver.resume(id)

        ctx.exit(drive(config, 1, Showing(json_lines, settings=settings), lead))
