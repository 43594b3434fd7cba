"""Which public keys are registered, and which are refused with a sentence."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwk

from app.interactions.identity.public_keys import fault, read_keys
from app.model.errors import Malformed
from assertions import EC, OKP, RSA, STRANGER, public

SMALL = rsa.generate_private_key(65537, key_size=1024)  # noqa: S505 - to be refused
WEAK = SMALL.public_key()
P256 = jwk.ECKey.generate_key("P-256")
MODULUS = WEAK.public_numbers().n


def weak_jwk():
    short = jwk.RSAKey.generate_key(2048).as_dict(private=False)
    encoded = jwk.OctKey.import_key(MODULUS.to_bytes(128)).as_dict(private=True)["k"]
    return {**short, "n": encoded, "kid": "weak"}


def one(key, **changes):
    return json.dumps({**key.as_dict(private=False), **changes}).encode()


@pytest.mark.parametrize("key", [RSA, EC, OKP], ids=["RSA", "EC", "Ed25519"])
def test_a_key_in_pem_is_known_by_its_thumbprint(key):
    (kept,) = json.loads(read_keys(key.as_pem(private=False)))["keys"]

    assert kept["kid"] == key.thumbprint()
    assert "d" not in kept


def test_a_jwk_and_a_set_of_them_keep_their_ids():
    assert [each["kid"] for each in json.loads(read_keys(one(RSA)))["keys"]] == ["rsa"]
    both = json.loads(read_keys(public(RSA, EC).encode()))["keys"]
    assert [each["kid"] for each in both] == ["rsa", "ec"]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        pytest.param(RSA.as_pem(private=True), "private key", id="private in PEM"),
        pytest.param(
            json.dumps(RSA.as_dict(private=True)).encode(), "private key", id="private JWK"
        ),
        pytest.param(b'{"kty": "oct", "kid": "k", "k": "AAAA"}', "private key", id="a shared one"),
        pytest.param(
            WEAK.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
            "2048 bits",
            id="1024 bits in PEM",
        ),
        pytest.param(json.dumps(weak_jwk()).encode(), "2048 bits", id="1024 bits as a JWK"),
        pytest.param(one(RSA, n=7), "2048 bits", id="a modulus that is no text"),
        pytest.param(one(RSA, kid=""), "needs a kid", id="no kid"),
        pytest.param(one(RSA, kid=7), "needs a kid", id="a kid of another type"),
        pytest.param(one(RSA, use="enc"), "no use but sig", id="for encryption"),
        pytest.param(one(RSA, alg="ES384"), "not well formed", id="another alg"),
        pytest.param(one(EC, crv="secp256k1"), "Ed25519", id="another curve"),
        pytest.param(P256.as_pem(private=False), "EC on P-384", id="P-256 in PEM"),
        pytest.param(one(P256, kid="k"), "EC on P-384", id="P-256"),
        pytest.param(one(RSA, alg="RS256"), "one of RS384", id="for RS256"),
        pytest.param(one(EC, x="AAAA"), "not well formed", id="a point off the curve"),
        pytest.param(one(EC, x=7), "not well formed", id="a coordinate that is no text"),
        pytest.param(one(OKP, x=None), "not well formed", id="no coordinate"),
        pytest.param(public(RSA, STRANGER).encode(), "no kid twice", id="a kid twice"),
        pytest.param(b'{"keys": []}', "at least one", id="no keys"),
        pytest.param(b'{"keys": 7}', "1 to 20", id="keys that are no list"),
        pytest.param(b'{"keys": [7]}', "needs a kid", id="a key that is no object"),
        pytest.param(b"[]", "neither PEM", id="no object"),
        pytest.param(b"[" * 5_000, "neither PEM", id="deep"),
        pytest.param(b"\xff", "neither PEM", id="no text"),
        pytest.param(b"-----BEGIN PUBLIC KEY-----", "in PEM", id="PEM cut off"),
    ],
)
def test_what_proves_nothing_is_refused_with_a_sentence(raw, sentence):
    with pytest.raises(Malformed, match=sentence):
        read_keys(raw)


@pytest.mark.parametrize("name", ["kty", "n", "e", "kid", "use", "alg"])
@pytest.mark.parametrize("value", [None, 7, [], {}, "", "\ud800"])
def test_a_key_of_any_form_is_judged_without_a_stumble(name, value):
    text = fault({**RSA.as_dict(private=False), "kid": "rsa", name: value})

    assert text is None or text.endswith(".")
