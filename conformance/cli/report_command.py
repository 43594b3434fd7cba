"""`report`: the hub's report of a run in the forms that people and programs read."""

from pathlib import Path

import click
from rich.console import Console

from conformance.cli import words
from conformance.reports.terminal import summary
from conformance.reports.writing import write

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("report")
@words.run_id
@words.config
@click.option("--html", type=FILE, help="One page that needs no network.")
@click.option("--junit", type=FILE, help="JUnit XML.")
@click.option("--md", type=FILE, help="Markdown.")
@click.option("--json", type=FILE, help="The hub's own.")
def command(run: str | None, path: Path, **files: Path | None) -> None:
    """Write the report of RUN, without it of the last; without a form show it here."""
    with words.ending():
        config, kept = words.settings(path)
        id = run or kept.last()
        report = kept.report(id) or words.runs(config).report(id)
    wanted = {form: file for form, file in files.items() if file}
    for form, file in wanted.items():
        file.write_text(write(report, form), "utf-8")
        click.echo(f"{form}: {file}")
    if not wanted:
        console = Console(soft_wrap=True, highlight=False)
        for line in summary(report):
            console.print(line)
