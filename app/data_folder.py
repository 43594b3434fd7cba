"""The data folder while a hub runs on it: one hub at a time, and where the commands find it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from app.store.process import CannotStart

FILE = "hub.json"
LOCK = "lock"


@dataclass(frozen=True)
class Running:
    """The base address of a running hub, its database and its process."""

    url: str
    mongodb_uri: str
    pid: int


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold `folder`, made when missing and closed to others; raise CannotStart when it is held."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        lock = (folder / LOCK).open("ab")
    except OSError as error:
        raise CannotStart(f"The data folder {folder} cannot be used: {error.strerror}.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CannotStart(f"Another hub runs on the data folder {folder}.") from error
        yield


@contextmanager
def told(hub: Running, folder: Path) -> Iterator[None]:
    """Leave `hub` in `folder` for the other commands, readable by its owner only, until the end."""
    path = folder / FILE
    path.unlink(missing_ok=True)
    text = orjson.dumps(asdict(hub), option=orjson.OPT_INDENT_2)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(text + b"\n")
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
