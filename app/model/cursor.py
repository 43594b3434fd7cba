"""Cursors: where a page ended, sealed so that a client can carry it but not read or change it.

A position holds values of a resource, and a cursor ends up in addresses, hence in logs: so it is
encrypted, by AES-SIV (RFC 5297), which needs no nonce and binds the caller and the query.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from hashlib import sha512
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from app.model.codec import decode, encode
from app.model.errors import BadParameter

MAX_LENGTH = 8192
"""Longest cursor that is looked at, in characters."""


class Cursors:
    """Makes and reads the cursors of one tenant; whoever knows `secret` can make them."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._cipher = AESSIV(sha512(secret).digest())

    def fingerprint(self, query: str) -> str:
        """Return what tells equal queries of one tenant, and nobody what was asked.

        A bare hash would let a birth date be guessed.
        """
        return hmac.digest(self._secret, query.encode(errors="surrogatepass"), "sha256").hex()

    def seal(self, position: Any, *, client_id: str, query: str) -> str:
        """Return a URL-safe cursor that only this client can use, and only with this query."""
        sealed = self._cipher.encrypt(encode(position).encode(), _bound(client_id, query))
        return _text(sealed)

    def open(self, token: str, *, client_id: str, query: str) -> Any:
        """Return the position; raise BadParameter for a cursor that is not as it was given."""
        try:
            return decode(self._cipher.decrypt(_bytes(token), _bound(client_id, query)))
        except (InvalidTag, Error, ValueError):
            raise BadParameter(
                "This cursor was not given for this query; follow links as they are.",
                "_cursor",
            ) from None


def _bound(client_id: str, query: str) -> list[bytes]:
    return [client_id.encode(), query.encode()]


def _text(sealed: bytes) -> str:
    return urlsafe_b64encode(sealed).decode().rstrip("=")


def _bytes(token: str) -> bytes:
    if len(token) > MAX_LENGTH or not token.isascii():
        raise ValueError(token)
    sealed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    if _text(sealed) != token:
        raise ValueError(token)
    return sealed
