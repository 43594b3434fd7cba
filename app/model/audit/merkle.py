"""Merkle trees: one hash that no row can be changed, added, removed or moved under.

RFC 9162 section 2.1.1: leaves and inner nodes are hashed apart, so that neither passes for the
other.
"""

from collections.abc import Sequence
from hashlib import sha256


def root(leaves: Sequence[bytes]) -> str:
    """Return the SHA-256 of the tree over these leaves in this order, in hexadecimal."""
    return _hash(leaves).hex()


def _hash(leaves: Sequence[bytes]) -> bytes:
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + _hash(leaves[:half]) + _hash(leaves[half:])).digest()
