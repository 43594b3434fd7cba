"""The public keys by which clients prove who they are (RFC 7517), as registered and as used."""

import base64
import binascii
import json
from collections.abc import Iterable
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey, import_key

from app.interactions.identity.jws_check import (
    ASSERTION_ALGORITHMS,
    KEY_FORMS,
    BadToken,
    Unverified,
)
from app.model.errors import Malformed

LEAST_RSA_BITS = 2048
MOST_KEYS = 20
RSA = ("RSA", None)
PEM = b"-----BEGIN"
FORMS = "A public key is RSA of 2048 bits or more, EC on P-384, or Ed25519."
PRIVATE = "This is a private key; it belongs to the client alone. Give the public one."

Jwk = dict[str, Any]


def read_keys(raw: bytes) -> str:
    """Return public keys in PEM, as a JWK or as a JWK set, as the text of a JWK set.

    A key in PEM gets its thumbprint (RFC 7638) as `kid`. Raises Malformed with a sentence for
    private keys, weak ones, and those that no assertion could be signed with.
    """
    keys = [_from_pem(raw)] if raw.lstrip().startswith(PEM) else listed(raw)
    for each in keys:
        text = fault(each) or _unusable(each)
        if text is not None:
            raise Malformed(text, "jwks")
    kids = {each["kid"] for each in keys}
    if not keys or len(kids) != len(keys):
        raise Malformed("A JWK set has at least one key, and no kid twice.", "jwks")
    return json.dumps({"keys": keys}, sort_keys=True)


def listed(raw: bytes) -> list[Jwk]:
    """Return the keys of a JWK set, or the one JWK, unchecked; raise Malformed for other text."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Malformed("This is neither PEM, nor a JWK, nor a JWK set.", "jwks")
    keys = found.get("keys", [found])
    if not isinstance(keys, list) or len(keys) > MOST_KEYS:
        raise Malformed(f"A JWK set has 1 to {MOST_KEYS} keys.", "jwks")
    return [each if isinstance(each, dict) else {} for each in keys]


def fault(jwk: Jwk) -> str | None:
    """Return why a key can not be used to prove anything, None when it can."""
    if "d" in jwk or "k" in jwk:
        return PRIVATE
    if not (isinstance(jwk.get("kid"), str) and jwk["kid"]) or jwk.get("use", "sig") != "sig":
        return "A JWK needs a kid, by which assertions name it, and no use but sig."
    form = _form(jwk)
    if form not in KEY_FORMS.values() or (form == RSA and _bits(jwk.get("n")) < LEAST_RSA_BITS):
        return FORMS
    if ("alg" in jwk and KEY_FORMS.get(str(jwk["alg"])) != form) or not _imported(jwk):
        return "The JWK is not well formed, or its alg fits another kind of key."
    return None


def signer(keys: Iterable[Jwk], token: Unverified) -> Key:
    """Return the one key that a token names and that its algorithm takes; raise BadToken."""
    kty, crv = KEY_FORMS[token.algorithm]
    named = [
        each
        for each in keys
        if each.get("kid") == token.kid and each.get("kty") == kty and fault(each) is None
    ]
    if len(named) != 1:
        raise BadToken("key")
    jwk = named[0]
    if jwk.get("alg", token.algorithm) != token.algorithm or crv not in (None, jwk.get("crv")):
        raise BadToken("key")
    return import_key(jwk)


def _from_pem(raw: bytes) -> Jwk:
    if b"PRIVATE KEY" in raw:
        raise Malformed(PRIVATE, "jwks")
    try:
        found = load_pem_public_key(raw)
    except (ValueError, TypeError):
        raise Malformed("This is not a public key in PEM.", "jwks") from None
    # The size is asked here: joserfc would import a weak key and only warn.
    if isinstance(found, RSAPublicKey) and found.key_size >= LEAST_RSA_BITS:
        key: Key = RSAKey.import_key(raw, {"use": "sig"})
    elif isinstance(found, EllipticCurvePublicKey):
        key = ECKey.import_key(raw, {"use": "sig"})
    elif isinstance(found, Ed25519PublicKey):
        key = OKPKey.import_key(raw, {"use": "sig"})
    else:
        raise Malformed(FORMS, "jwks")
    key.ensure_kid()
    return dict(key.as_dict(private=False))


def _unusable(jwk: Jwk) -> str | None:
    """Return why no assertion can be signed with a key that is good for other things."""
    if _form(jwk) not in {KEY_FORMS[each] for each in ASSERTION_ALGORITHMS}:
        return FORMS
    if jwk.get("alg", ASSERTION_ALGORITHMS[0]) not in ASSERTION_ALGORITHMS:
        return f"The alg of a key is one of {', '.join(ASSERTION_ALGORITHMS)}."
    return None


def _form(jwk: Jwk) -> tuple[Any, Any]:
    return (jwk.get("kty"), None if jwk.get("kty") == "RSA" else jwk.get("crv"))


def _imported(jwk: Jwk) -> bool:
    try:
        import_key(jwk)
    except (JoseError, ValueError, TypeError, KeyError):
        return False
    return True


def _bits(modulus: Any) -> int:
    if not isinstance(modulus, str):
        return 0
    try:
        raw = base64.urlsafe_b64decode(modulus + "=" * (-len(modulus) % 4))
    except (binascii.Error, ValueError):
        return 0
    return int.from_bytes(raw).bit_length()
