"""`hub schema check`: the dry run of all gates."""

from collections.abc import Sequence
from pathlib import Path

import click

from app.cli.schema import naming, report
from app.cli.schema.desk import Desk, staffed
from app.cli.schema.folder import Folder, is_folder, version_of
from app.cli.schema.hub import Body
from app.cli.schema.refusal import Shut
from app.cli.schema.saving import saved
from app.cli.schema.scan import scanned
from app.cli.schema.versions import version


@click.command()
@click.argument("names", metavar="FOLDER|ID|TYPE VERSION", nargs=-1, required=True)
@click.option("--stored", is_flag=True, help="Look at every stored document too; saves first.")
@staffed
def check(desk: Desk, names: Sequence[str], *, stored: bool) -> None:
    """Show what the gates say of a draft.

    Nothing is published. Ends with 1 when a gate is shut; steps still to come do not count. A
    folder is checked as it is, without saving it; with --stored it is saved, because the hub then
    looks at all documents it keeps. Stop it with Ctrl-C; the same command goes on.
    """
    found = report.report_of(_answer(desk, names, is_stored=stored))
    desk.answer(found, lambda: report.show(desk.screen, found))
    codes = report.shut(found)
    if codes:
        raise Shut(f"Not publishable as it is: {', '.join(codes)}.")


def _answer(desk: Desk, names: Sequence[str], *, is_stored: bool) -> Body:
    folder = Folder(Path(names[0])) if len(names) == 1 and is_folder(names[0]) else None
    if folder and not is_stored:
        return desk.hub.dry_run(folder.draft())
    id = naming.version_id(names)
    if is_stored:
        row = saved(desk, folder) if folder else version(desk.hub, id)
        scanned(desk, row["id"], version_of(row))
        id = row["id"]
    return desk.hub.operation(id, "check")
