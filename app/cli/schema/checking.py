"""`hub schema check`: the dry run of all gates."""

from collections.abc import Sequence
from pathlib import Path

import click

from app.cli.schema import naming, report
from app.cli.schema.desk import Desk, staffed
from app.cli.schema.folder import Folder, is_folder, version_of, wanting
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
    folder = Folder(Path(names[0])) if len(names) == 1 and is_folder(names[0]) else None
    draft = _draft(desk, names, folder, is_stored=stored)
    is_kept = "meta" in draft
    answer = desk.hub.operation(draft["id"], "check") if is_kept else desk.hub.dry_run(draft)
    found = report.report_of(answer)
    desk.answer(found, lambda: report.show(desk.screen, found))
    wants, codes = wanting(draft, folder), report.shut(found)
    desk.warn(wants)
    if codes:
        raise Shut(f"Not publishable as it is: {', '.join(codes)}.")
    if stored and draft["status"] == "draft" and not (wants or desk.as_json):
        desk.screen.say(f"Next:  hub schema submit {folder.path if folder else draft['id']}")


def _draft(desk: Desk, names: Sequence[str], folder: Folder | None, *, is_stored: bool) -> Body:
    """Return what is checked: the folder as it is, or what the hub keeps."""
    if folder and not is_stored:
        return folder.draft()
    row = saved(desk, folder) if folder else version(desk.hub, naming.version_id(names))
    if is_stored:
        scanned(desk, row["id"], version_of(row))
    return row
