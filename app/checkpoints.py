"""Checkpoints of the audit trail, in a file outside the database: one line of JSON for each."""

import os
from pathlib import Path

import orjson

from app.keyring.keys import OWNER_ONLY
from app.model.audit.seal import Checkpoint, has_form
from app.settings import Settings

NAME = "audit-checkpoints.jsonl"


class Checkpoints:
    """The checkpoints kept in one file, which is only ever appended to."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @classmethod
    def of(cls, settings: Settings) -> "Checkpoints":
        """Return those of a hub."""
        chosen = settings.audit_checkpoints
        return cls(settings.data / NAME if chosen == Path() else chosen)

    def append(self, checkpoint: Checkpoint) -> None:
        """Add a checkpoint for good; raise OSError when the file cannot be written."""
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        handle = os.open(self._path, flags, OWNER_ONLY)
        try:
            os.write(handle, checkpoint.line)
            os.fsync(handle)
        finally:
            os.close(handle)

    def read(self) -> list[Checkpoint]:
        """Return all, oldest first; raise ValueError with a sentence for a line that is none."""
        if not self._path.exists():
            return []
        found: list[Checkpoint] = []
        for number, line in enumerate(self._path.read_bytes().splitlines(), 1):
            try:
                made = Checkpoint(**orjson.loads(line))
            except (ValueError, TypeError):
                made = None
            if made is None or not has_form(made):
                raise ValueError(f"Line {number} of {self._path} is not a checkpoint.")
            found.append(made)
        return found
