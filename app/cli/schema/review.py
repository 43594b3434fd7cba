"""`hub schema submit`, `approve`, `reject`: the author hands in, another person decides."""

from collections.abc import Sequence
from pathlib import Path

import click

from app.cli.schema import naming, report
from app.cli.schema.desk import Desk, staffed
from app.cli.schema.folder import Folder, is_folder, version_of, wanting
from app.cli.schema.hub import Body
from app.cli.schema.refusal import Shut
from app.cli.schema.saving import saved
from app.cli.schema.versions import version

names = click.argument("names", metavar="ID|TYPE VERSION", nargs=-1, required=True)
seen = click.option(
    "--seen", type=int, metavar="N", help="Version of the draft that you reviewed; else the newest."
)


@click.command()
@click.argument("names", metavar="FOLDER|ID|TYPE VERSION", nargs=-1, required=True)
@staffed
def submit(desk: Desk, names: Sequence[str]) -> None:
    """Hand a draft in for review.

    A folder is saved first. Ends with 1 when a gate is shut or the summary is empty.
    """
    if len(names) == 1 and is_folder(names[0]):
        folder = Folder(Path(names[0]))
        _refuse_silent(wanting(folder.draft(), folder))
        row = saved(desk, folder)
    else:
        row = version(desk.hub, naming.version_id(names))
        _refuse_silent(wanting(row))
    row = desk.hub.operation(row["id"], "submit", version=version_of(row))
    desk.done(
        row,
        f"{row['id']} is in review.",
        "Another staff client looks at it and decides:",
        f"  hub schema check {row['id']} --as OTHER",
        f"  hub schema approve {row['id']} --reason '…' --as OTHER",
    )


def _refuse_silent(text: str) -> None:
    if text:
        raise Shut(f"{text} Nothing was handed in.")


@click.command()
@names
@click.option("--reason", required=True, help="Why it may be published; everyone reads it.")
@click.option("--waive", multiple=True, metavar='"CODE AGAINST PATH"',
              help="A finding that you let through for the reason given; repeatable.")  # fmt: skip
@seen
@staffed
def approve(
    desk: Desk, names: Sequence[str], reason: str, waive: Sequence[str], seen: int | None
) -> None:
    """Approve what is in review, never your own.

    The approval is of exactly these bytes and this report; it shows them first.
    """
    row = version(desk.hub, naming.version_id(names))
    number = seen or version_of(row)
    _show(desk, row)
    row = desk.hub.operation(
        row["id"], "approve", version=number, reason=reason, waive=tuple(waive)
    )
    desk.done(row, f"{row['id']} is approved.", f"Next:  hub schema publish {row['id']}")


@click.command()
@names
@staffed
def revise(desk: Desk, names: Sequence[str]) -> None:
    """Take a version in review back as a draft.

    Whatever approval it had is void.
    """
    row = version(desk.hub, naming.version_id(names))
    row = desk.hub.operation(row["id"], "revise", version=version_of(row))
    desk.done(row, f"{row['id']} is a draft again.", f"Next:  hub schema edit {row['id']}")


@click.command()
@names
@click.option("--reason", required=True, help="What is wrong; the author reads it.")
@seen
@staffed
def reject(desk: Desk, names: Sequence[str], reason: str, seen: int | None) -> None:
    """Reject a draft for good.

    Its number is used up.
    """
    row = version(desk.hub, naming.version_id(names))
    row = desk.hub.operation(row["id"], "reject", version=seen or version_of(row), reason=reason)
    desk.done(row, f"{row['id']} is rejected.")


def _show(desk: Desk, row: Body) -> None:
    """Show what is about to be approved."""
    if desk.as_json:
        return
    found = report.report_of(desk.hub.operation(row["id"], "check"))
    report.show(desk.screen, found)
    desk.screen.say(f"By {', '.join(row.get('authors', ())) or 'nobody'}: {row.get('summary', '')}")
    desk.screen.say(f"SHA-256 {row.get('digest', '')}")
