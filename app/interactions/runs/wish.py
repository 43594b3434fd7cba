"""The run that a partner asks for: its level, profile, mode and product, and the world of it."""

import re
import secrets
from typing import Any

from app.interactions.runs import Row
from app.model.access.client import Client
from app.model.errors import BadParameter
from conformance import scenario

LEVELS = (1, 2, 3, 4)
PROFILES = ("refers", "receives", "both")
PRACTICE, CERTIFY = MODES = ("practice", "certify")
_NAME = re.compile(r"[\w .()/+-]{1,80}\Z")


def wished(client: Client, asked: dict[str, Any]) -> Row:
    """Return the run that a client asks for, not begun yet; raise BadParameter."""
    for name, allowed in (("level", LEVELS), ("profile", PROFILES), ("mode", MODES)):
        if asked.get(name) not in allowed or isinstance(asked.get(name), bool):
            raise BadParameter("The value is one of these.", name, allowed=list(map(str, allowed)))
    product = asked.get("product")
    named = product if isinstance(product, dict) else {}
    if not all(_is_name(named.get(name)) for name in ("name", "version")):
        raise BadParameter("A product has a name and a version.", "product")
    seed = asked.get("seed")
    if seed is not None and (asked["mode"] == CERTIFY or not isinstance(seed, str)):
        raise BadParameter("A seed is asked for in practice only; it is text.", "seed")
    seed = seed or secrets.token_hex(8)
    return {
        "id": f"cf-{secrets.token_hex(6)}",
        "opaque": secrets.token_hex(12),
        "n": 0,
        "partner": client.partner,
        "leader": client.id,
        **{name: asked[name] for name in ("level", "profile", "mode")},
        "product": {name: named[name] for name in ("name", "version")},
        "seed": seed,
        "world": {**scenario.world(seed), "profile": asked["profile"]},
        "state": "preflight",
        "at": 0,
        "steps": [],
    }


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(_NAME.match(value))
