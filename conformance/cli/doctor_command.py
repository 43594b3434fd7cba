"""`doctor`: everything that a run needs, looked at before the run."""

from pathlib import Path

import click
from rich.console import Console

from conformance.cli import words
from conformance.runner.doctor import examine
from conformance.runner.outcome import Exit
from conformance.runner.progress import AsLines, OnTerminal


@click.command("doctor")
@click.argument("level", callback=words.level, default="1", metavar="[LEVEL]")
@words.config
@words.json_lines
@click.pass_context
def command(ctx: click.Context, level: int, path: Path, json_lines: bool) -> None:
    """Look at address, certificate, clock, token, scopes, schemas and adapter."""
    with words.ending():
        config, _ = words.settings(path)
        console = Console(soft_wrap=True, highlight=False)
        watcher = AsLines(click.echo) if json_lines else OnTerminal(console)
        found = examine(config, level, tell=watcher.found)
        ctx.exit(Exit.REACHED if found.is_well else Exit.CONFIGURATION)
