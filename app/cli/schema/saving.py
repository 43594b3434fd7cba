"""Saves a folder as the draft on the hub; who was overtaken is told by whom and how to go on.

A draft that was only moved, handed in and taken back, say, is nobody's overtaking: what counts is
what was written.
"""

from http import HTTPStatus

from app.cli.schema.desk import Desk
from app.cli.schema.folder import GIVEN, Folder, version_of
from app.cli.schema.hub import Body
from app.cli.schema.refusal import Refused

OVERTAKEN = (
    HTTPStatus.PRECONDITION_FAILED,
    HTTPStatus.PRECONDITION_REQUIRED,
    HTTPStatus.CONFLICT,
)


def saved(desk: Desk, folder: Folder, over: int | None = None) -> Body:
    """Return the draft as the hub has it now; `over` is the version that it may replace."""
    note, draft = folder.note, folder.draft()
    seen = note.seen if over is None else over
    try:
        stored = desk.hub.put(draft, seen)
    except Refused as refusal:
        if refusal.status not in OVERTAKEN:
            raise
        theirs = desk.hub.found(note.id)
        if theirs is None:
            raise
        if not _is_as_seen(desk, theirs, seen):
            raise Refused(_explained(folder, theirs), refusal.status, refusal.body) from None
        stored = desk.hub.put(draft, version_of(theirs))
    folder.saw(version_of(stored))
    return stored


def _is_as_seen(desk: Desk, theirs: Body, seen: int | None) -> bool:
    """Whether a draft still says what it said in the version that was seen."""
    if seen is None or theirs.get("status") != "draft":
        return False
    former = desk.hub.found(f"{theirs['id']}/_history/{seen}")
    return former is not None and all(former.get(name) == theirs.get(name) for name in GIVEN)


def _explained(folder: Folder, theirs: Body) -> str:
    note, current = folder.note, version_of(theirs)
    meta = theirs["meta"]
    who = str(meta.get("source", "someone")).rpartition(":")[2]
    if theirs.get("status") == "in-review":
        return f"{note.id} is in review; take it back with hub schema revise {note.id}, then save."
    if theirs.get("status", "draft") != "draft":
        return f"{note.id} is {theirs['status']} and cannot be changed; make a new version of it."
    seen = "nothing" if note.seen is None else f"version {note.seen}"
    return (
        f"{who} saved {note.id} as version {current} on {meta.get('lastUpdated', '')}; "
        f"your folder was made from {seen}. Nothing was saved; your files are as they were.\n"
        f"See theirs:   hub schema edit {note.id} --folder {folder.path}-theirs --no-editor\n"
        f"Put yours over it, with what you want of theirs in it:   "
        f"hub schema edit {folder.path} --over {current}\n"
        "That makes you one of its authors, and no author can approve it."
    )
