"""The hub's own secrets: the signing keys and one secret from which the others are derived.

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
from typing import Any, Self

from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from app.interactions.identity.signing import ALGORITHM, SigningKeys

NAME = "keys.json"
SECRET_BYTES = 32
OWNER_ONLY = 0o600


@dataclass(frozen=True, repr=False)
class Keys:
    """What signs access tokens (ES256, RFC 7518 section 3.4) and what keys the hub's HMACs."""

    signing: SigningKeys
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
        kept = read_kept(folder)
        try:
            secret = base64.b64decode(kept["secret"], validate=True)
        except (ValueError, KeyError, TypeError):
            raise _damaged(path) from None
        if len(secret) != SECRET_BYTES:
            raise _damaged(path)
        return cls(signing_keys(kept, path), secret)

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


def read_kept(folder: Path) -> dict[str, Any]:
    """Return what the keys file holds; raise ValueError with a sentence when it is damaged."""
    path = folder / NAME
    try:
        kept = json.loads(path.read_text("utf-8"))
    except ValueError:
        raise _damaged(path) from None
    if not isinstance(kept, dict):
        raise _damaged(path)
    return kept


def signing_keys(kept: dict[str, Any], path: Path) -> SigningKeys:
    """Return the signing keys of a keys file's content; the next and the previous may be missing.

    Raises ValueError with a sentence for anything else.
    """
    try:
        current, *others = (
            ECKey.import_key(kept[name]) if name in kept else None
            for name in ("signing", "next", "previous")
        )
    except (JoseError, ValueError, KeyError, TypeError):
        raise _damaged(path) from None
    if current is None or not all(key is None or key.is_private for key in (current, *others)):
        raise _damaged(path)
    return SigningKeys(current, *others)


def new_signing_key() -> dict[str, Any]:
    """Return a fresh private key for ES256 as a JWK; its thumbprint is its kid (RFC 7638)."""
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": ALGORITHM}, auto_kid=True)
    return dict(key.as_dict(private=True))


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
    secret = base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    own = {"signing": new_signing_key(), "next": new_signing_key(), "secret": secret}
    return json.dumps(own)


def _damaged(path: Path) -> ValueError:
    return ValueError(f"{path} is damaged; restore it from a backup.")


def _sync(folder: Path) -> None:
    """Make a new name durable; without it a power cut could take the file away again."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
