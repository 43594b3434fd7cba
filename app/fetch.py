"""Fetches a small document from an address that somebody else chose, and nothing from inside.

The host is resolved once, every address it has is judged, and the connection goes to the judged
one: a name that changes its address in between (DNS rebinding) gains nothing.
"""

import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv6Address, ip_address
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from app.model.errors import Malformed, Unavailable

SECONDS = 2.0
"""Longest that one fetch takes, from resolving the host to the last byte."""
MOST_BYTES = 64 * 1024
PORTS = {"https": 443, "http": 80}
NAT64 = 0x64FF9B << 96
"""The well-known prefix 64:ff9b::/96 (RFC 6052), which leads to an IPv4 address."""


class Fetch:
    """Reads documents; on `private_hosts` alone may an address be private, or plain http spoken."""

    def __init__(
        self, private_hosts: frozenset[str] = frozenset(), context: ssl.SSLContext | None = None
    ) -> None:
        self._private = private_hosts
        self._context = context or ssl.create_default_context()
        self._pool = ThreadPoolExecutor(4, thread_name_prefix="fetch")

    def __call__(self, url: str) -> bytes:
        """Return the document at `url`; no redirect is followed.

        Raises Malformed for an address that is not asked at all, Unavailable without a good answer.
        """
        parts = accepted(url, self._private)
        # Resolving a name has no time limit of its own, hence the thread.
        asked = self._pool.submit(self._read, parts)
        try:
            return asked.result(SECONDS)
        except TimeoutError:
            raise Unavailable("The address does not answer in time.") from None
        except (OSError, HTTPException, ValueError):
            raise Unavailable("The address does not answer.") from None

    def _read(self, parts: SplitResult) -> bytes:
        port = parts.port or PORTS[parts.scheme]
        address = self._address(parts, port)
        context = self._context if parts.scheme == "https" else None
        with closing(_Pinned(str(parts.hostname), port, address, context)) as connection:
            # A limit for each read is not one for the whole: a server may send byte by byte.
            timer = Timer(SECONDS, connection.cut)
            timer.daemon = True
            timer.start()
            try:
                return _document(connection, parts)
            finally:
                timer.cancel()

    def _address(self, parts: SplitResult, port: int) -> str:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
        addresses = [str(each[4][0]) for each in found]
        if parts.hostname not in self._private and not all(map(is_public, addresses)):
            raise Unavailable("The address leads into a private network.")
        return addresses[0]


class _Pinned(HTTPConnection):
    """A connection to an address that was judged, whatever its name resolves to by now."""

    def __init__(self, host: str, port: int, address: str, context: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self._address = address
        self._context = context

    def connect(self) -> None:
        """Connect to the judged address; the certificate must be that of the name."""
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = plain
        if self._context is not None:
            self.sock = self._context.wrap_socket(plain, server_hostname=self.host)

    def cut(self) -> None:
        """End a connection that takes too long, from another thread."""
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


def accepted(url: str, private_hosts: frozenset[str]) -> SplitResult:
    """Return the parts of an address that may be asked; raise Malformed for any other."""
    try:
        parts = urlsplit(url)
        is_whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_whole = False
    if not is_whole or parts.username is not None or parts.fragment or not url.isascii():
        raise Malformed("An address is https://host/path, without user or fragment.", "url")
    if parts.scheme not in PORTS or (
        parts.scheme == "http" and parts.hostname not in private_hosts
    ):
        raise Malformed("Keys are only fetched by https.", "url")
    return parts


def is_public(address: str) -> bool:
    """Whether an IP address is reachable from everywhere, and not another one in disguise."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if found.sixtofour or found.teredo or int(found) >> 32 << 32 == NAT64:
            return False
    return found.is_global and not found.is_multicast


def _document(connection: HTTPConnection, parts: SplitResult) -> bytes:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request("GET", target, headers={"Host": parts.netloc, "Accept": "application/json"})
    with connection.getresponse() as answer:
        if answer.status != HTTPStatus.OK:
            raise Unavailable("The address does not answer 200.")
        document = answer.read(MOST_BYTES + 1)
    if len(document) > MOST_BYTES:
        raise Unavailable(f"The document has more than {MOST_BYTES} bytes.")
    return document
