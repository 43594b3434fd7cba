"""Cursors: where a page ended, signed, so that clients can carry one but not make or move it."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from typing import Any

from app.model.codec import decode, encode
from app.model.errors import BadParameter

MAX_LENGTH = 8192
"""Longest cursor that is looked at, in characters."""
_DIGEST = "sha256"
_SIGNATURE = 32


class Cursors:
    """Makes and reads the cursors of one tenant; whoever knows `secret` can make them."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def seal(self, position: Any, *, client_id: str, query: str) -> str:
        """Return a URL-safe cursor that only this client can use, and only with this query."""
        text = encode(position).encode()
        return (
            urlsafe_b64encode(self._signature(text, client_id, query) + text).decode().rstrip("=")
        )

    def open(self, token: str, *, client_id: str, query: str) -> Any:
        """Return the position; raise BadParameter for a cursor that is not as it was given."""
        signature, text = _parts(token)
        if not hmac.compare_digest(signature, self._signature(text, client_id, query)):
            raise _refusal()
        return decode(text)

    def _signature(self, text: bytes, client_id: str, query: str) -> bytes:
        bound = encode([client_id, query]).encode()
        return hmac.digest(self._secret, len(bound).to_bytes(8) + bound + text, _DIGEST)


def _parts(token: str) -> tuple[bytes, bytes]:
    if len(token) > MAX_LENGTH or not token.isascii():
        raise _refusal()
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except Error:
        raise _refusal() from None
    if urlsafe_b64encode(raw).decode().rstrip("=") != token:
        raise _refusal()
    return raw[:_SIGNATURE], raw[_SIGNATURE:]


def _refusal() -> BadParameter:
    text = "This cursor was not given for this query; follow the links as they are, or start again."
    return BadParameter(text, "_cursor")
