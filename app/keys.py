"""The hub's own secrets: one signing key and one secret from which the others are derived.

They live in the data folder, readable by their owner only, and never in the database.
"""

import base64
import hmac
import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from joserfc.errors import JoseError
from joserfc.jwk import ECKey

NAME = "keys.json"
SECRET_BYTES = 32
OWNER_ONLY = 0o600


@dataclass(frozen=True, repr=False)
class Keys:
    """What signs access tokens (ES256, RFC 7518 section 3.4) and what keys the hub's HMACs."""

    signing: ECKey
    secret: bytes

    @classmethod
    def load_or_create(cls, folder: Path) -> Self:
        """Return the keys kept in `folder`, made there at first use.

        Several processes may start at once: the first file wins and all return the same keys.
        Raises ValueError with a sentence when the file is damaged.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / NAME
        if not path.exists():
            with suppress(FileExistsError):
                write_private(path, _fresh(), replace=False)
        try:
            kept = json.loads(path.read_text("utf-8"))
            signing = ECKey.import_key(kept["signing"])
            secret = base64.b64decode(kept["secret"], validate=True)
        except (JoseError, ValueError, KeyError, TypeError):
            raise ValueError(f"{path} is damaged; restore it from a backup.") from None
        if len(secret) != SECRET_BYTES or not signing.is_private:
            raise ValueError(f"{path} is damaged; restore it from a backup.")
        return cls(signing, secret)

    @property
    def pepper(self) -> bytes:
        """The key under which client secrets are hashed; losing it makes every secret useless."""
        return self._derived("client secrets")

    @property
    def cursor_secret(self) -> bytes:
        """The key that signs page cursors."""
        return self._derived("page cursors")

    def _derived(self, label: str) -> bytes:
        return hmac.digest(self.secret, f"wioa-hub {label}".encode(), "sha256")


def write_private(path: Path, text: str, *, replace: bool) -> None:
    """Write a whole file that only its owner may read, so that no reader ever sees half of it.

    Without `replace`, raise FileExistsError when another process was first.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(
            os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w"
        ) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            draft.replace(path)
        else:
            path.hardlink_to(draft)
        _sync(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def _fresh() -> str:
    signing = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
    secret = base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    return json.dumps({"signing": signing.as_dict(private=True), "secret": secret})


def _sync(folder: Path) -> None:
    """Make a new name durable; without it a power cut could take the file away again."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
