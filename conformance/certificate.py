"""Certificates, checked by anybody who has the hub's public keys: no hub is asked.

Whether one was revoked since, its hub alone knows; what it said of that is checked here, too.
"""

import json
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import KeySet

TYPE = "wioa-conformance+jwt"
ALGORITHMS = ["EdDSA", "Ed25519"]
ENDED = ("grace", "expired")
"""States in the hub's list of certificates whose time is over."""


class Unproven(Exception):
    """The certificate proves nothing; the text says why."""


@dataclass(frozen=True)
class Certificate:
    """What a certificate says: its header and its claims."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]


def opened(text: str) -> Certificate:
    """Return what a certificate says, whoever wrote it; raise Unproven for none."""
    try:
        found = jws.extract_compact(text.strip().encode())
        claims = json.loads(found.payload)
    except (JoseError, ValueError):
        raise Unproven("This is no certificate.") from None
    if not isinstance(claims, dict):
        raise Unproven("This is no certificate.")
    return Certificate(found.headers(), claims)


def verified(text: str, keys: Any, at: float | None = None) -> Certificate:
    """Return what a certificate says, once its signature holds and it is in its time.

    `keys` is a JWK set (RFC 7517), `at` seconds since the epoch. Raises Unproven.
    """
    said = opened(text)
    try:
        known = KeySet.import_key_set(keys)
        with warnings.catch_warnings():
            # The older name of Ed25519 (RFC 9864) is what certificates are signed under.
            warnings.simplefilter("ignore", SecurityWarning)
            jws.deserialize_compact(text.strip().encode(), known, algorithms=ALGORITHMS)
    except (JoseError, ValueError, KeyError, TypeError):
        raise Unproven("The signature is not of these keys, or the text was changed.") from None
    if said.header.get("typ") != TYPE:
        raise Unproven("What these keys signed here is no certificate of conformance.")
    if not isinstance(said.claims.get("exp"), int):
        raise Unproven("The certificate has no end.")
    if said.claims["exp"] <= (time.time() if at is None else at):
        raise Unproven("The certificate is over.")
    return said


def agree(around: Mapping[str, Any], claims: Mapping[str, Any]) -> None:
    """Raise Unproven when the report or entry around a certificate says something else than it."""
    told = {name: around[name] for name in ("level", "run") if name in around}
    if "verdicts" in around:
        told["results"] = _results(around["verdicts"])
    if any(claims.get(name) != value for name, value in told.items()):
        name = "report" if "certificate" in around else "entry"
        raise Unproven(f"The {name} says something else than its certificate.")


def stands(entry: Mapping[str, Any]) -> None:
    """Raise Unproven when an entry of the hub's list says that its certificate ended."""
    revoked, state = entry.get("revoked"), entry.get("state")
    if revoked or state == "revoked":
        reason = revoked.get("reason") if isinstance(revoked, dict) else None
        raise Unproven(f"the hub revoked it: {reason}" if reason else "the hub revoked it.")
    if state in ENDED:
        raise Unproven("the hub says that it is over.")


def _results(verdicts: Any) -> dict[str, Any] | None:
    """Return the verdicts of a report by requirement, None for what is no list of them."""
    try:
        return {each["id"]: each["verdict"] for each in verdicts}
    except (TypeError, KeyError):
        return None
