"""The key that seals the audit trail: in the data folder, and never in the database."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from app.keyring.keys import write_private

NAME = "audit-key.json"


@dataclass(frozen=True, repr=False)
class SealKey:
    """An Ed25519 key (RFC 8032) that signs, and the public keys that may have signed."""

    kid: str
    private: Ed25519PrivateKey
    known: Mapping[str, Ed25519PublicKey]

    @classmethod
    def load_or_create(cls, folder: Path, name: str = NAME) -> Self:
        """Return the key kept in `folder`, made there at first use; raise ValueError as `load`."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (folder / name).exists():
            with suppress(FileExistsError):
                write_private(folder / name, _fresh(), replace=False)
        return cls.load(folder, name)

    @classmethod
    def load(cls, folder: Path, name: str = NAME) -> Self:
        """Return the key kept in `folder`; raise ValueError with a sentence when there is none.

        The file is a JWK Set (RFC 7517): its first key signs, the others only verify what was
        sealed before.
        """
        path = folder / name
        try:
            keys = [OKPKey.import_key(each) for each in json.loads(path.read_text("utf-8"))["keys"]]
            found = {str(each.kid): each.public_key for each in keys}
            kid, private = str(keys[0].kid), keys[0].private_key
        except OSError:
            raise ValueError(f"{path} cannot be read: only the key tells who sealed.") from None
        except (JoseError, ValueError, KeyError, TypeError, IndexError):
            raise ValueError(f"{path} is damaged; restore it from a backup.") from None
        known = {name: key for name, key in found.items() if isinstance(key, Ed25519PublicKey)}
        if kid not in known or not isinstance(private, Ed25519PrivateKey):
            raise ValueError(f"{path} is damaged; restore it from a backup.")
        return cls(kid, private, known)

    def sign(self, content: bytes) -> str:
        """Return the signature of some bytes, in base64url."""
        return urlsafe_b64encode(self.private.sign(content)).decode().rstrip("=")

    def verify(self, kid: str, content: bytes, signature: str) -> bool:
        """Whether the key of that name signed the content."""
        key = self.known.get(kid)
        if key is None:
            return False
        try:
            key.verify(urlsafe_b64decode(signature + "=" * (-len(signature) % 4)), content)
        except (InvalidSignature, ValueError):
            return False
        return True


def _fresh() -> str:
    key = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": "EdDSA"}, auto_kid=True)
    return json.dumps({"keys": [key.as_dict(private=True)]})
