"""`list`: what a level asks."""

import click

from conformance import requirements
from conformance.cli import words


@click.command("list")
@click.argument("level", callback=words.level, default="4", metavar="[LEVEL]")
@click.option("--profile", type=click.Choice(sorted(requirements.PROFILES)), default="both")
def command(level: int, profile: str) -> None:
    """List the requirements up to LEVEL (L1 to L4), with what shows each."""
    found = requirements.of(level, profile)
    for each in found:
        click.echo(f"{each.id}  {each.keyword:6}  {each.evidence}  {each.title}")
    people = sum(each.evidence == "D" for each in found)
    click.echo(f"{len(found)} requirements; needs a human: {people} of {len(found)}")
