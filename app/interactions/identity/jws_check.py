"""A compact JWS (RFC 7515) taken apart and verified, with nothing left to interpretation."""

import base64
import json
import math
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import Key
from joserfc.jws import JWSRegistry

KEY_FORMS = {
    "RS256": ("RSA", None), "RS384": ("RSA", None), "RS512": ("RSA", None),
    "PS256": ("RSA", None), "PS384": ("RSA", None), "PS512": ("RSA", None),
    "ES256": ("EC", "P-256"), "ES384": ("EC", "P-384"), "ES512": ("EC", "P-521"),
    "EdDSA": ("OKP", "Ed25519"), "Ed25519": ("OKP", "Ed25519"),
}  # fmt: skip
"""Signature algorithm → the key type and curve it takes (RFC 7518, RFC 8037, RFC 9864)."""
ASSERTION_ALGORITHMS = ("RS384", "ES384", "PS384", "EdDSA", "Ed25519")
"""What clients may sign assertions with; SMART asks for the first two."""
PARTS = 3


class BadToken(Exception):
    """A token that does not hold; the text is a reason code for the log."""


@dataclass(frozen=True)
class Unverified:
    """What a token says before anybody knows whether it is true."""

    text: str
    header: dict[str, Any]
    claims: dict[str, Any]

    @property
    def algorithm(self) -> str:
        """The algorithm that the header names."""
        return str(self.header["alg"])

    @property
    def kid(self) -> str:
        """The id of the key that the header names."""
        return str(self.header["kid"])

    def verify(self, key: Key) -> None:
        """Raise BadToken unless `key` signed this text with the algorithm that it names."""
        registry = _Allowed(algorithms=[self.algorithm])
        try:
            jws.deserialize_compact(self.text, key, registry=registry)
        except (JoseError, ValueError, RecursionError):
            raise BadToken("signature") from None


class _Allowed(JWSRegistry):
    """Finds what is allowed without a warning: `EdDSA` is what most libraries still send."""

    def get_alg(self, name: str) -> Any:
        if name not in (self.allowed or ()):
            raise UnsupportedAlgorithmError(name)
        return self.algorithms[name]


def taken_apart(text: str, algorithms: frozenset[str]) -> Unverified:
    """Return what a token says; raise BadToken unless it names a key and an allowed algorithm.

    Extensions that must be understood (`crit`) are none of ours, so such a token is refused.
    """
    parts = text.split(".")
    if len(parts) != PARTS:
        raise BadToken("malformed")
    header, claims = _object(parts[0]), _object(parts[1])
    if not (isinstance(header.get("alg"), str) and header["alg"] in algorithms):
        raise BadToken("algorithm")
    if not (isinstance(header.get("kid"), str) and header["kid"]):
        raise BadToken("no-kid")
    if "crit" in header or "b64" in header:
        raise BadToken("crit")
    return Unverified(text, header, claims)


def number(claims: dict[str, Any], name: str) -> float | None:
    """Return a time claim in seconds since 1970, None when absent; raise BadToken for others."""
    value = claims.get(name)
    # `type(...) in`, because a bool is an int to isinstance.
    if value is not None and (type(value) not in (int, float) or value in (math.inf, -math.inf)):
        raise BadToken(name)
    return value


def audiences(claims: dict[str, Any]) -> list[Any]:
    """Return the audiences a token names: one text or a list of them (RFC 7519 section 4.1.3)."""
    named = claims.get("aud")
    return named if isinstance(named, list) else [named]


def _object(part: str) -> dict[str, Any]:
    try:
        raw = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
        found = json.loads(
            raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant
        )
    except (ValueError, RecursionError):
        raise BadToken("malformed") from None
    if not isinstance(found, dict):
        raise BadToken("malformed")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is repeated")
    return found


def _no_constant(_: str) -> Any:
    raise ValueError("not JSON")
