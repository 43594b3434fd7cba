"""What the product keeps for itself: which of its records is which one of the hub."""

import json
from pathlib import Path
from typing import Any


class Memory(dict[str, Any]):
    """The product's own records: local key → reference, and whatever a step has to remember.

    With a file it outlives the product.
    """

    def __init__(self, file: Path | None = None) -> None:
        known = json.loads(file.read_text()) if file and file.exists() else {}
        super().__init__(known)
        self._file = file

    def keep(self) -> None:
        """Write everything to the file, when there is one."""
        if self._file:
            self._file.touch(mode=0o600)  # it names people
            self._file.write_text(json.dumps(self))
