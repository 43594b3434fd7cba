"""What requests say of themselves: the product that sends them, the schema version they mean."""

import re

from conformance.exchange import PARTNER, Evidence, Exchange

_PRODUCT = re.compile(r"([A-Za-z][A-Za-z0-9._-]*)/v?\d[\w.+-]*")
LIBRARIES = (
    "axios", "curl", "go-http-client", "guzzlehttp", "java", "java-http-client", "libwww-perl",
    "mozilla", "node", "node-fetch", "okhttp", "postmanruntime", "python-httpx",
    "python-requests", "python-urllib", "restsharp", "ruby", "undici", "wget",
)  # fmt: skip
"""What libraries name themselves; they say nothing of the product that uses them."""
_VERSION = re.compile(r"/schemas/([A-Z][A-Za-z]*)[|/](\d+(?:\.\d+){0,2})")

SYSTEM = (PARTNER, "")
"""Whose requests count: metadata and tokens are asked for by nobody yet."""
RUNNER = "wioa-conformance"
"""How the User-Agent of the suite's own runner begins."""


def product(exchange: Exchange) -> str:
    """Return the product and version of User-Agent, empty when it names none."""
    found = _PRODUCT.match(exchange.headers.get("user-agent", ""))
    return found[0] if found and found[1].lower() not in LIBRARIES else ""


def brings_a_resource(exchange: Exchange) -> bool:
    """Whether a request is a write that has a body."""
    return exchange.is_write and exchange.method != "DELETE"


def versions(exchange: Exchange) -> dict[str, str]:
    """Return type → schema version as a request names it.

    A write says it in Content-Type or in `meta.profile`, and what is asked for in Accept; a form
    and a patch have no profile of their own, and a deletion has no body that could have one.
    """
    places = [exchange.headers.get("accept", "")]
    if brings_a_resource(exchange) and exchange.method != "PATCH":
        places = [_profiles(exchange.body)]
    places.append(exchange.headers.get("content-type", ""))
    return {kind: version for place in places for kind, version in _VERSION.findall(place)}


def _profiles(body: object) -> str:
    meta = body.get("meta") if isinstance(body, dict) else None
    named = meta.get("profile", ()) if isinstance(meta, dict) else ()
    return " ".join(map(str, named)) if isinstance(named, list | tuple) else str(named)


def of_the_system(evidence: Evidence) -> Evidence:
    """Return what the system sent, also before it had a token; the runner names itself."""
    return evidence.where(
        lambda each: (
            each.who in SYSTEM and not each.headers.get("user-agent", "").startswith(RUNNER)
        )
    )
