"""Assertions signed with a private key in a file, as a client's own software would sign them."""

import json
import secrets
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey, import_key

SECONDS = 60
"""How long an assertion is good; it is used at once."""
ALGORITHMS = {"RSA": "RS384", "EC": "ES384", "OKP": "Ed25519"}
WRONG = "This is not a private key: RSA, EC on P-384 or Ed25519, as PEM without password or JWK."


def signed_assertion(raw: bytes, client_id: str, audience: str, at: datetime) -> str:
    """Return a JWT that proves who the client is (RFC 7523); raise ValueError for no such key."""
    key = _key(raw)
    issued = int(at.timestamp())
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "iat": issued,
        "exp": issued + SECONDS,
        "jti": secrets.token_urlsafe(16),
    }
    algorithm = str(key.get("alg") or ALGORITHMS[key.key_type])
    header = {"alg": algorithm, "kid": key.kid, "typ": "JWT"}
    try:
        return jwt.encode(header, claims, key, algorithms=[algorithm])
    except (JoseError, ValueError):
        raise ValueError(WRONG) from None


def _key(raw: bytes) -> Key:
    try:
        key = _from_pem(raw) if raw.lstrip().startswith(b"-----BEGIN") else import_key(_one(raw))
    except (JoseError, ValueError, TypeError, KeyError):
        raise ValueError(WRONG) from None
    if not key.is_private:
        raise ValueError(WRONG)
    key.ensure_kid()
    return key


def _one(raw: bytes) -> dict[str, Any]:
    found = json.loads(raw)
    if not isinstance(found, dict) or found.get("kty") not in ALGORITHMS:
        raise ValueError(WRONG)
    return found


def _from_pem(raw: bytes) -> Key:
    found = load_pem_private_key(raw, password=None)
    if isinstance(found, RSAPrivateKey):
        return RSAKey.import_key(raw)
    if isinstance(found, EllipticCurvePrivateKey):
        return ECKey.import_key(raw)
    if isinstance(found, Ed25519PrivateKey):
        return OKPKey.import_key(raw)
    raise ValueError(WRONG)
