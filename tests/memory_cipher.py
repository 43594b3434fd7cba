"""Keys for stores in memory: what protects rows where there is no key vault."""

import hmac
import os

import bson
from bson.binary import Binary
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.model.errors import Unreadable
from app.store.protection import ENCRYPTED

KEY = b"k" * 32
NONCE_BYTES = 12


class MemoryCipher:
    """Encrypts for real, under one key that everyone may know."""

    def prepare(self):
        pass

    def encrypt(self, secrecy, document):
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(KEY).encrypt(nonce, bson.encode(document), secrecy.encode())
        return Binary(b"\0".join((secrecy.encode(), nonce + sealed)), ENCRYPTED)

    def decrypt(self, encrypted):
        secrecy, _, rest = bytes(encrypted).partition(b"\0")
        try:
            plain = AESGCM(KEY).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], secrecy)
        except InvalidTag:
            raise Unreadable("It was changed.") from None
        return bson.decode(plain)

    def blind(self, text):
        return hmac.digest(KEY, text.encode(), "sha256").hex()[:22]
