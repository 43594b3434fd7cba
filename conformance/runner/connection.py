"""The way to the hub: its address, its certificate and its clock, looked at with plain eyes."""

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from conformance.runner.bearer import bearer
from conformance.runner.config import Config
from conformance.runner.problem import HubTrouble, Misconfigured

SECONDS = 15
MOST_SKEW = 30
"""Seconds that a clock may be wrong: assertions and tokens live a minute and more."""
LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})
Transport = httpx.BaseTransport | None


@dataclass
class Connection:
    """The hub as it answered: an HTTP client with the partner's token, and what it said."""

    http: httpx.Client
    discovery: dict[str, Any]
    capability: dict[str, Any]
    skew: float

    @property
    def scope(self) -> str:
        """The scopes of the last token, empty before the first."""
        return str(getattr(self.http.auth, "scope", ""))


def connect(config: Config, transport: Transport = None) -> Connection:
    """Return the way to the configured hub; raise Misconfigured with what stands in it."""
    found = urlsplit(config.hub)
    if found.scheme != "https" and (found.hostname or "") not in LOCAL:
        fix = "hub: write https:// in wcf.yaml; plain HTTP is for a hub on this machine."
        raise Misconfigured("The hub is on another machine, and its address is plain HTTP.", fix)
    http = httpx.Client(base_url=config.origin, transport=transport, timeout=SECONDS)
    reply = _first(http, f"{config.hub}/metadata")
    discovery = _first(http, f"{config.hub}/.well-known/smart-configuration")
    token_url = _object(discovery).get("token_endpoint")
    capability = _object(reply)
    if capability.get("resourceType") != "CapabilityStatement" or not token_url:
        fix = "hub: write the hub's base, such as https://hub.example.gov/v1."
        raise Misconfigured("Something answers at this address, and it is no hub.", fix)
    http.auth = bearer(config, str(token_url))
    return Connection(http, _object(discovery), capability, _skew(reply, lambda: datetime.now(UTC)))


def _first(http: httpx.Client, url: str) -> httpx.Response:
    host = urlsplit(url).hostname or ""
    try:
        reply = http.get(url, headers={"Accept": "application/json"})
    except httpx.TimeoutException:
        fix = "Look at firewall and proxy, and at the port in hub."
        raise Misconfigured(f"The hub does not answer within {SECONDS} s.", fix) from None
    except httpx.TransportError as trouble:
        raise _unreachable(host, trouble) from None
    if reply.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise HubTrouble(f"The hub answers {reply.status_code}; try again later.")
    return reply


def _unreachable(host: str, trouble: BaseException) -> Misconfigured:
    text = str(trouble)
    if "CERTIFICATE_VERIFY_FAILED" in text or _is_caused_by(trouble, ssl.SSLCertVerificationError):
        fix = (
            "Give this machine the authority that signed it (SSL_CERT_FILE); "
            "never turn verification off."
        )
        return Misconfigured("The hub's certificate is not trusted here (TLS).", fix)
    if _is_caused_by(trouble, ssl.SSLError) or "SSL" in text:
        fix = "Look at http or https in hub, and at the port."
        return Misconfigured("The hub speaks no TLS at this address.", fix)
    if _is_caused_by(trouble, socket.gaierror) or not _is_known(host):
        fix = "hub: look for a typing error; ask your network for the name."
        return Misconfigured("The hub's name is not known here (DNS).", fix)
    fix = "Look at the port in hub; on this machine, start one with scripts/serve."
    return Misconfigured("Nothing answers at the hub's address.", fix)


def _is_caused_by(trouble: BaseException | None, kind: type[BaseException]) -> bool:
    while trouble is not None:
        if isinstance(trouble, kind):
            return True
        trouble = trouble.__cause__ or trouble.__context__
    return False


def _is_known(host: str) -> bool:
    try:
        socket.getaddrinfo(host, None)
    except OSError:
        return False
    return True


def _object(reply: httpx.Response) -> dict[str, Any]:
    try:
        found = reply.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) and reply.is_success else {}


def _skew(reply: httpx.Response, now: Callable[[], datetime]) -> float:
    """Return by how many seconds this machine's clock is ahead of the hub's; 0 when unsaid."""
    try:
        theirs = parsedate_to_datetime(reply.headers["Date"])
    except (KeyError, ValueError):
        return 0.0
    return (now() - theirs).total_seconds()
