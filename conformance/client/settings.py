"""The product's own settings: where its hub is, as an operator enters it when a run begins."""

import json
from pathlib import Path

Where = tuple[str, str, str]
"""Base of a hub, client id there, its secret."""


class Settings:
    """A file with base, clientId and clientSecret, which may come or change at any time."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._known = 0

    def news(self) -> Where | None:
        """Return what the file says once it changed since it was read last, else None.

        What is no settings yet, such as a file half written, is read again next time. Raises
        KeyError for settings that lack one of the three.
        """
        at = self._changed()
        if self._file is None or at in (0, self._known):
            return None
        try:
            told = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError):
            return None
        if not isinstance(told, dict):
            return None
        where = (str(told["base"]), str(told["clientId"]), str(told["clientSecret"]))
        self._known = at
        return where

    def skip(self) -> None:
        """Take what the file says by now as known: the product was told otherwise since."""
        self._known = self._changed()

    def _changed(self) -> int:
        """Return when the file changed, in nanoseconds since the epoch; 0 without one."""
        try:
            return self._file.stat().st_mtime_ns if self._file else 0
        except OSError:
            return 0
