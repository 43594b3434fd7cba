"""Rotates the signing keys in the data folder, and notices when somebody else did."""

import fcntl
import json
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock

from app.interactions.identity.signing import SigningKeys
from app.keyring.keys import NAME, new_signing_key, read_kept, signing_keys, write_private

LOOK_SECONDS = 4.0
"""How long the keys are believed without a look at the file; less than five seconds."""
MARGIN = timedelta(minutes=1)
"""Clock skew and the seconds in which workers notice a rotation."""

_log = logging.getLogger("hub.keys")


class WatchedKeys:
    """The signing keys of a data folder, read again when their file was replaced."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._lock = Lock()
        self._mark = _mark(self._path)
        self._keys = _read(folder)
        self._due = time.monotonic() + LOOK_SECONDS

    def __call__(self, *, at_once: bool = False) -> SigningKeys:
        """Return the keys as they were seconds ago, or as they are now when asked `at_once`."""
        if at_once or time.monotonic() >= self._due:
            with self._lock:
                self._look()
        return self._keys

    def _look(self) -> None:
        self._due = time.monotonic() + LOOK_SECONDS
        try:
            mark = _mark(self._path)
            if mark != self._mark:
                self._keys = _read(self._path.parent)
                self._mark = mark
        except (OSError, ValueError):
            _log.warning("The keys file cannot be read; the keys read before stay in use.")


def rotate_signing(folder: Path, at: datetime, *, overlap_minutes: int) -> SigningKeys:
    """Let the next key sign, keep the current one as the previous, and make a new next one.

    Raises ValueError when the last rotation is so recent that a token signed before it may still
    be good: its key would vanish.
    """
    with _alone(folder):
        kept = read_kept(folder)
        signing_keys(kept, folder / NAME)
        former = datetime.fromisoformat(kept["rotated"]) if "rotated" in kept else None
        least = timedelta(minutes=overlap_minutes) + MARGIN if overlap_minutes else timedelta()
        if former is not None and at - former < least:
            raise ValueError(
                "The keys were rotated minutes ago, and tokens of the key before may still be "
                "good. Wait until they expire, or use --force to end them."
            )
        turned = {
            "signing": kept.get("next") or new_signing_key(),
            "previous": kept["signing"],
            "next": new_signing_key(),
            "rotated": at.isoformat(),
        }
        write_private(folder / NAME, json.dumps({**kept, **turned}), replace=True)
        return _read(folder)


def _read(folder: Path) -> SigningKeys:
    return signing_keys(read_kept(folder), folder / NAME)


def _mark(path: Path) -> tuple[int, ...]:
    """Return what changes when the file is replaced."""
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time change the keys file."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
