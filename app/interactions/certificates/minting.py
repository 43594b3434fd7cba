"""Mints certificates: what a run proved, signed by the hub, so that anybody can check it offline.

JWS with EdDSA (RFC 7515, RFC 8037); the claims are those of RFC 7519 and our own.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.interactions.certificates import Row
from app.model.version import instant

TYPE = "wioa-conformance+jwt"
LIFE = timedelta(days=365)
SHARES = ("A", "B", "C", "D")

Claims = dict[str, Any]


class Key(Protocol):
    """An Ed25519 key that signs, and the public keys that may have signed."""

    @property
    def kid(self) -> str:
        """The name of the key that signs."""

    @property
    def known(self) -> Mapping[str, Any]:
        """The public keys by their names."""

    def sign(self, content: bytes) -> str:
        """Return the signature of some bytes, in base64url."""


@dataclass(frozen=True)
class Mint:
    """Issues certificates in the name of a hub."""

    key: Key
    origin: str
    now: Callable[[], datetime]

    def issue(self, run: Row, report: Row) -> Row:
        """Return the certificate of a run that reached its level, as it is kept.

        Its claim `agents` names every User-Agent that the run's client came with: more than one
        is for whoever approves to ask about.
        """
        at = self.now()
        id = f"cert-{run['id']}"
        claims = {
            "iss": self.origin,
            "jti": id,
            "iat": int(at.timestamp()),
            "exp": int((at + LIFE).timestamp()),
            "status_url": f"{self.origin}/certificates/{id}",
            **_proved(run, report),
        }
        return {
            "id": id,
            "partner": run["partner"],
            "level": run["level"],
            "issued": instant(at),
            "ends": instant(at + LIFE),
            "text": self._signed(claims),
        }

    def prolonged(self, text: str, until: datetime) -> str:
        """Return a certificate that the hub issued, with another end."""
        return self._signed({**_claims(text), "exp": int(until.timestamp())})

    def keys(self) -> dict[str, Any]:
        """Return the public keys that certificates are checked by (RFC 7517, RFC 8037)."""
        return {"keys": [_jwk(kid, key) for kid, key in self.key.known.items()]}

    def _signed(self, claims: Claims) -> str:
        header = {"alg": "EdDSA", "typ": TYPE, "kid": self.key.kid}
        content = b".".join(_part(each) for each in (header, claims))
        return f"{content.decode()}.{self.key.sign(content)}"


def _proved(run: Row, report: Row) -> Claims:
    found = report["verdicts"]
    missed = [each for each in found if each["verdict"] == "WARN"]
    return {
        "sub": run["partner"],
        "product": run["product"],
        "level": run["level"],
        "profile": run["profile"],
        "suite": report["suite"],
        "register_digest": report["registerDigest"],
        "schemas": report["schemas"],
        "agents": report["agents"],
        "run": run["id"],
        "evidence_root": report["evidenceRoot"],
        "results": {each["id"]: each["verdict"] for each in found},
        "na": [each["id"] for each in found if each["verdict"] == "N/A"],
        "should_failed": [each["id"] for each in missed if each["keyword"] == "SHOULD"],
        "evidence_share": {
            name: sum(each["evidence"] == name for each in found) for name in SHARES
        },
    }


def _part(value: Any) -> bytes:
    text = json.dumps(value, separators=(",", ":"), sort_keys=True).encode()
    return urlsafe_b64encode(text).rstrip(b"=")


def _claims(text: str) -> Claims:
    payload = text.split(".")[1]
    found: Claims = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return found


def _jwk(kid: str, key: Any) -> dict[str, str]:
    x = urlsafe_b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).rstrip(b"=").decode()
    return {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": kid, "x": x}
