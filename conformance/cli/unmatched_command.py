"""`unmatched`: what reached a sandbox and was not taken as the product's, with the reason."""

from datetime import UTC, datetime
from pathlib import Path

import click

from conformance.cli import words


@click.command("unmatched")
@words.run_id
@words.config
def command(run: str | None, path: Path) -> None:
    """List the requests to the sandbox of RUN, without it the last, that belong to nobody."""
    with words.ending():
        config, kept = words.settings(path)
        found = words.runs(config).unmatched(run or kept.last())
    for each in found:
        at = datetime.fromtimestamp(each["at"], UTC).strftime("%H:%M:%S")
        click.echo(f"{at}  {each['method']} /{each['path']}  {each['status']}  {each['reason']}")
    if not found:
        click.echo("Every request was known.")
