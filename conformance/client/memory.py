"""What the product keeps for itself: which of its records is which one of the hub."""

import json
from pathlib import Path
from typing import Any


class Memory(dict[str, Any]):
    """The product's own records: local key → reference, and whatever a step has to remember.

    With a file it outlives the product. Records are of one hub: those of another are forgotten.
    """

    def __init__(self, file: Path | None = None, hub: str = "") -> None:
        known = json.loads(file.read_text()) if file and file.exists() else {}
        fresh = {"hub": hub} if hub else {}
        super().__init__(known if known.get("hub", "") == hub else fresh)
        self._file = file

    def keep(self) -> None:
        """Write everything to the file, when there is one."""
        if self._file:
            half = self._file.with_name(f"{self._file.name}.new")
            half.touch(mode=0o600)  # it names people
            half.write_text(json.dumps(self))
            half.replace(self._file)
