"""`hub schema new` and `edit`: a draft is a folder of files, saved on the hub."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from app.cli.schema import naming, report
from app.cli.schema.desk import Desk, staffed
from app.cli.schema.folder import GIVEN, Folder, is_folder, renumbered, version_of, wanting
from app.cli.schema.hub import Body
from app.cli.schema.refusal import Shut, Unusable
from app.cli.schema.saving import saved
from app.cli.schema.skeleton import skeleton
from app.cli.schema.versions import draft as source
from app.cli.schema.versions import versions

LIVE = ("published", "deprecated")
OPEN = ("draft", "in-review")


@click.command()
@click.argument("kind", metavar="TYPE")
@click.option("--bump", type=click.Choice(naming.PARTS), default="minor", show_default=True,
              help="Which part of the number rises.")  # fmt: skip
@click.option("--from", "base", metavar="X.Y.Z", help="Version to begin with; else the newest.")
@click.option("--folder", type=click.Path(path_type=Path), help="Else ./TYPE-X.Y.Z.")
@staffed
def new(desk: Desk, kind: str, bump: str, base: str | None, folder: Path | None) -> None:
    """Begin the next version of TYPE in a folder.

    It gets the schema and the examples of the newest version in force, and a summary to write. A
    TYPE that does not exist yet begins with the least that a schema must say.
    """
    naming.refuse_odd(kind)
    known = versions(desk.hub, kind)
    draft = _next(desk, known, kind, bump, base) if known else skeleton(kind)
    id = f"{kind}-{draft['version']}"
    made = Folder(folder or Path(id))
    made.write(draft, None)
    origin = f"made from {draft['base']}" if draft.get("base") else "a new type"
    desk.done(
        {"id": id, "folder": str(made.path), "base": draft.get("base", "")},
        f"{id}, {origin}, is in {made.path}.",
        f"Write {made.path}/summary.md, then:  hub schema edit {made.path}",
    )


def _next(desk: Desk, known: Sequence[Body], kind: str, bump: str, base: str | None) -> Body:
    waiting = [each["id"] for each in known if each["status"] in OPEN]
    origin = _origin(known, kind, base)
    number = naming.bumped(origin["version"], bump, {each["version"] for each in known})
    wanted = f"{kind}-{naming.bumped(origin['version'], bump)}"
    if wanted in waiting:
        text = f"{wanted} is begun already; go on with hub schema edit {wanted}."
        raise Unusable(text)
    origin = source(desk.hub, origin["id"])
    text, old = origin["text"], json.loads(origin["text"])["$id"]
    prefix = old.removesuffix(origin["version"])
    return {
        "type": kind,
        "version": number,
        "base": origin["version"],
        "text": renumbered(text, old, prefix + number),
        "examples": origin.get("examples", []),
    }


def _origin(known: Sequence[Body], kind: str, base: str | None) -> Body:
    """Return the version that was asked for, else the newest that is in force."""
    wanted = [
        each for each in known if (each["version"] == base if base else each["status"] in LIVE)
    ]
    if not wanted:
        there = ", ".join(f"{each['version']} ({each['status']})" for each in known)
        raise Unusable(f"{kind} has no version {base or 'in force'}; it has {there}.")
    return max(wanted, key=lambda each: naming.number(each["version"]))


@click.command()
@click.argument("names", metavar="FOLDER|ID|TYPE VERSION", nargs=-1, required=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Where to put ID; else ./ID.")
@click.option("--no-editor", is_flag=True, help="Save only; open no editor.")
@click.option("--over", type=int, metavar="N", help="Replace version N, which you have read.")
@staffed
def edit(
    desk: Desk, names: Sequence[str], folder: Path | None, over: int | None, *, no_editor: bool
) -> None:
    """Edit a draft, save it, show what the gates say.

    Opens schema.json in $VISUAL or $EDITOR on a terminal, and saves the whole folder. An ID whose
    folder is not here is fetched first. Saving never replaces what you have not seen.
    """
    here, is_fetched = _folder(desk, names, folder)
    if sys.stdin.isatty() and sys.stdout.isatty() and not no_editor:
        click.edit(filename=str(here.schema))
    elif is_fetched:
        desk.done({"folder": str(here.path)}, f"The draft is in {here.path}; nothing is changed.")
        return
    stored = saved(desk, here, over)
    found = report.report_of(desk.hub.operation(stored["id"], "check"))
    desk.answer(found, lambda: _saved(desk, here, stored, found))
    desk.warn(wanting(stored, here))
    if report.shut(found):
        raise Shut(f"Change {here.path} and save again: hub schema edit {here.path}")


def _folder(desk: Desk, names: Sequence[str], folder: Path | None) -> tuple[Folder, bool]:
    """Return the folder to edit, and whether it was fetched from the hub just now."""
    if len(names) == 1 and is_folder(names[0]) and folder is None:
        return Folder(Path(names[0])), False
    id = naming.version_id(names)
    here = Folder(folder or Path(id))
    if is_folder(str(here.path)) and folder is None:
        return here, False
    row = source(desk.hub, id)
    here.write({name: row[name] for name in GIVEN if name in row}, version_of(row))
    return here, True


def _saved(desk: Desk, here: Folder, stored: Body, found: Body) -> None:
    report.show(desk.screen, found)
    desk.screen.say(f"Saved {stored['id']} as version {version_of(stored)} of the draft.")
    if not report.shut(found):
        desk.screen.say(f"Next:  hub schema check --stored {here.path}")
