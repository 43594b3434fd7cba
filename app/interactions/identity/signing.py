"""The keys that sign access tokens, in their three ages, and tokens under them.

Rotation with overlap: the next key is published before it signs, the previous one until what it
signed has expired, so that no reader of the published keys (RFC 7517) ever meets an unknown one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from joserfc import jwt
from joserfc.jwk import ECKey

ALGORITHM = "ES256"
TYPE = "at+jwt"


@dataclass(frozen=True, repr=False)
class SigningKeys:
    """The key that signs, the one that will, and the one that did; all three verify."""

    current: ECKey
    next: ECKey | None = None
    previous: ECKey | None = None

    def signed(self, claims: dict[str, Any]) -> str:
        """Return a token that says `claims`, signed by the current key."""
        return _signed(self.current, claims)

    def key_of(self, token: str) -> ECKey | None:
        """Return the key that should have signed a token, None when it is not one of ours.

        Our tokens share one header byte for byte for each key: comparing it pins alg, typ, kid and
        crit, and nothing a stranger wrote is parsed before its signature is known to be ours.
        """
        return self._by_header.get(token.partition(".")[0])

    def published(self) -> dict[str, Any]:
        """Return the public keys as a JWK set, the current one first."""
        return {"keys": [key.as_dict(private=False) for key in self._all()]}

    @cached_property
    def _by_header(self) -> Mapping[str, ECKey]:
        return {_signed(key, {}).partition(".")[0]: key for key in self._all()}

    def _all(self) -> Iterator[ECKey]:
        yield from filter(None, (self.current, self.next, self.previous))


class SigningKeySource(Protocol):
    """Where the signing keys come from, which may change while the hub runs."""

    def __call__(self, *, at_once: bool = False) -> SigningKeys:
        """Return the keys as they were seconds ago, or as they are now when asked `at_once`."""


def fixed(keys: SigningKeys) -> SigningKeySource:
    """Return a source of keys that never change."""

    def source(*, at_once: bool = False) -> SigningKeys:  # noqa: ARG001, the protocol's parameter
        return keys

    return source


def _signed(key: ECKey, claims: dict[str, Any]) -> str:
    header = {"alg": ALGORITHM, "kid": key.kid, "typ": TYPE}
    return jwt.encode(header, claims, key, algorithms=[ALGORITHM], default_type=None)
