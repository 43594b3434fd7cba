"""`explain`: the pages of requirements."""

from pathlib import Path

import click

from conformance import pages
from conformance.cli import words


@click.command("explain")
@click.argument("ids", nargs=-1, callback=words.ids, metavar="[ID]...")
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write them into a file instead, as one page that needs no network.",
)
def command(ids: tuple[str, ...], html: Path | None) -> None:
    """Print rule, why, how it is shown, a sample exchange and what to do, such as for L1-13.

    Without ID that is every requirement.
    """
    chosen = pages.known(ids)
    if html is None:
        click.echo(pages.book(chosen).rstrip())
        return
    html.write_text(pages.html(chosen), "utf-8")
    click.echo(f"{len(chosen)} requirements are in {html}.")
