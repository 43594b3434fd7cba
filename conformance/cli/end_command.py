"""`end`: runs that nobody will go on with; only so many may be under way at once."""

from pathlib import Path

import click

from conformance.cli import words


@click.command("end")
@words.run_id
@click.option("--all", "is_all", is_flag=True, help="All runs of your agency that are under way.")
@words.config
def command(run: str | None, is_all: bool, path: Path) -> None:
    """End RUN without a verdict, without it the last; one that is over stays as it is."""
    if run and is_all:
        raise click.UsageError("Name a run, or say --all.")
    with words.ending():
        config, kept = words.settings(path)
        runs = words.runs(config)
        live = runs.live()
        ended = live if is_all else [each for each in (run or kept.last(),) if each in live]
        for each in ended:
            runs.abort(each)
    click.echo(f"Ended: {', '.join(ended)}" if ended else "Nothing of that was under way.")
