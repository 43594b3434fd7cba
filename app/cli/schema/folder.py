"""A draft as a folder of files: what is in them is sent byte for byte.

`schema.json`, `valid/*.json`, `invalid/*.json`, `summary.md`, and `draft.json`, which remembers
what the draft was made from and which version of it the hub was seen to have.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from app.cli.schema.hub import TYPE, Body
from app.cli.schema.refusal import Shut, Unusable

SCHEMA, SUMMARY, NOTE = "schema.json", "summary.md", "draft.json"
KINDS = {"valid": True, "invalid": False}
"""Folder of examples → whether the schema must take them."""
PROMPT = "<!-- Replace this line: what changes, and for whom? Everyone reads it. -->"
GIVEN = ("type", "version", "base", "summary", "text", "examples")
"""What a draft consists of; the hub keeps the rest."""


@dataclass(frozen=True)
class Note:
    """What `draft.json` holds: `seen` is the versionId of the hub's draft, None before the first.

    `base` is the version that the draft was made from, empty for a new type.
    """

    type: str
    version: str
    base: str = ""
    seen: int | None = None

    @property
    def id(self) -> str:
        """The id of the draft on the hub."""
        return f"{self.type}-{self.version}"


@dataclass(frozen=True)
class Folder:
    """The folder of one draft."""

    path: Path

    @property
    def schema(self) -> Path:
        """The file with the JSON Schema."""
        return self.path / SCHEMA

    @property
    def summary(self) -> str:
        """What `summary.md` says, empty while the line to replace is all there is."""
        path = self.path / SUMMARY
        return _text(path).replace(PROMPT, "").strip() if path.exists() else ""

    @property
    def note(self) -> Note:
        """What the folder remembers; raise Unusable when it is no folder of a draft."""
        try:
            return Note(**json.loads((self.path / NOTE).read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            raise Unusable(
                f"{self.path} is no folder of a draft; hub schema new TYPE makes one."
            ) from None

    def write(self, draft: Body, seen: int | None) -> None:
        """Lay out a draft; raise Unusable when the folder exists."""
        try:
            self.path.mkdir(parents=True)
        except FileExistsError:
            text = f"{self.path} exists; go on with hub schema edit {self.path}, or give --folder."
            raise Unusable(text) from None
        self.schema.write_bytes(draft["text"].encode())
        (self.path / SUMMARY).write_text(draft.get("summary", PROMPT) + "\n", "utf-8")
        for name in KINDS:
            (self.path / name).mkdir()
        for each in draft.get("examples", ()):
            kind = "valid" if each["isValid"] else "invalid"
            path = self.path / kind / f"{Path(each['name']).name}.json"
            path.write_bytes(each["text"].encode())
        self._remember(Note(draft["type"], draft["version"], draft.get("base", ""), seen))

    def draft(self) -> Body:
        """Return the draft as the hub keeps it; raise Unusable for what cannot be read."""
        note = self.note
        given = {"type": note.type, "version": note.version, "base": note.base}
        given |= {"summary": self.summary, "text": self._schema()}
        body: dict[str, Any] = {"resourceType": TYPE, "id": note.id}
        body |= {name: value for name, value in given.items() if value}
        return body | {"examples": [*self._examples()]}

    def saw(self, seen: int) -> None:
        """Remember the versionId that the draft has on the hub now."""
        self._remember(replace(self.note, seen=seen))

    def _remember(self, note: Note) -> None:
        (self.path / NOTE).write_text(json.dumps(asdict(note), indent=2) + "\n", "utf-8")

    def _schema(self) -> str:
        """Return the text of the schema; raise Shut, with the place, when it is no JSON."""
        text = _text(self.schema)
        try:
            json.loads(text)
        except ValueError as error:
            raise Shut(f"{self.schema} is no JSON: {error}.") from None
        return text

    def _examples(self) -> Iterator[Body]:
        for kind, is_valid in KINDS.items():
            for path in sorted((self.path / kind).glob("*.json")):
                yield {"name": path.stem, "isValid": is_valid, "text": _text(path)}


def wanting(draft: Body, folder: Folder | None = None) -> str:
    """Return what to say of a draft whose summary nobody has written, empty for any other."""
    if draft.get("summary", "").strip() or draft.get("status", "draft") != "draft":
        return ""
    place = folder.path / SUMMARY if folder else f"{SUMMARY} (hub schema edit {draft['id']})"
    return f"The summary is empty: write in {place} what changes, and for whom."


def is_folder(name: str) -> bool:
    """Whether a word of a command names the folder of a draft."""
    return (Path(name) / NOTE).exists()


def version_of(resource: Body) -> int:
    """Return the versionId of a resource of the hub."""
    return int(resource["meta"]["versionId"])


def renumbered(text: str, old: str, new: str) -> str:
    """Return a schema's text under another `$id`, all else as it was written."""
    for end in ('"', "#"):
        text = text.replace(f'"{old}{end}', f'"{new}{end}')
    return text


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        raise Unusable(f"{path} cannot be read as text in UTF-8.") from None
