"""The master keys that unwrap the data keys: a file in the data folder, or a KMS.

The file has the words of pymongo: `kms_providers`, `kms_provider` (which of them wraps what is
made from now on), and, where the KMS needs them, `master_key` and `kms_tls_options`.
https://pymongo.readthedocs.io/en/stable/api/pymongo/encryption.html
"""

import base64
import fcntl
import json
import logging
import secrets
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

from app.keyring.keys import write_private
from app.model.errors import Unavailable
from app.store.vault import MasterKeys

NAME = "kms.json"
LOCAL = "local"
KEY_BYTES = 96
"""The length of a local master key, as MongoDB demands it."""

logger = logging.getLogger("hub.keys")


class MasterKeyFile:
    """Reads a file of master keys, again whenever it has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._seen: tuple[int, int, int] | None = None
        self._read: MasterKeys | None = None

    def __call__(self) -> MasterKeys:
        """Return the master keys; raise Unavailable when the file is away or damaged."""
        with self._lock:
            try:
                found = self._path.stat()
                seen = (found.st_mtime_ns, found.st_ino, found.st_size)
                if self._read is None or seen != self._seen:
                    self._read, self._seen = read(self._path), seen
            except (OSError, ValueError) as error:
                logger.exception("The file of master keys cannot be read.")
                if self._read is None:
                    raise Unavailable("The hub's master keys cannot be read.") from error
            return self._read


def read(path: Path) -> MasterKeys:
    """Return what a file says; raise ValueError with a sentence, which holds no key."""
    try:
        said: dict[str, Any] = json.loads(path.read_text("utf-8"))
        providers, provider = said["kms_providers"], said["kms_provider"]
    except (ValueError, KeyError, TypeError):
        raise ValueError(f"{path} does not name kms_providers and kms_provider.") from None
    if not isinstance(providers, dict) or provider not in providers:
        raise ValueError(f"{path} names a kms_provider that is not among its kms_providers.")
    return MasterKeys(providers, provider, said.get("master_key"), said.get("kms_tls_options"))


def ensure(path: Path) -> None:
    """Make a first local master key where there is no file; the first of several processes wins."""
    if not path.exists():
        with suppress(FileExistsError):
            write_private(path, _text({LOCAL: _fresh()}, LOCAL), replace=False)


def rotate(path: Path) -> str:
    """Add a local master key, the newest from now on, and return its name.

    Raises ValueError for a file whose keys are not local. The former keys stay, and two who do
    this at once each add one: a master key that went lost would take all data keys with it.
    """
    with path.with_suffix(".lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = read(path)
        if any(name.partition(":")[0] != LOCAL for name in known.providers):
            raise ValueError(f"{path} names a KMS: make its master key there, and name it here.")
        name = f"{LOCAL}:v{_number(known.provider) + 1}"
        providers = {each: dict(key) for each, key in known.providers.items()}
        write_private(path, _text({**providers, name: _fresh()}, name), replace=True)
    return name


def _number(provider: str) -> int:
    number = provider.partition(":v")[2]
    return int(number) if number.isdecimal() else 1


def _fresh() -> dict[str, str]:
    return {"key": base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}


def _text(providers: dict[str, dict[str, Any]], newest: str) -> str:
    return json.dumps({"kms_providers": providers, "kms_provider": newest}, indent=1)
