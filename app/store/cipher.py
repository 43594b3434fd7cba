"""What the store asks of whoever keeps the keys."""

from typing import Any, Protocol

from bson.binary import Binary

Row = dict[str, Any]


class Cipher(Protocol):
    """Encrypts and hashes under keys that the rows never hold.

    Every method raises Unavailable when the keys cannot be had at the moment.
    """

    def prepare(self) -> None:
        """Make the keys that are missing; doing it again changes nothing."""

    def encrypt(self, secrecy: str, document: Row) -> Binary:
        """Return a document encrypted under the key of a class, another way each time."""

    def decrypt(self, encrypted: Binary) -> Row:
        """Return the document; raise Unreadable when it was changed or its key was destroyed."""

    def blind(self, text: str) -> str:
        """Return the keyed hash of a text, the same each time."""
