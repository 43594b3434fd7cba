"""Documents from addresses that others chose, over real sockets of this machine."""

import socket
import ssl
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from app.fetch import MOST_BYTES, Fetch, is_public
from app.model.errors import Malformed, Unavailable

HERE = frozenset({"127.0.0.1", "localhost"})
ANSWERS = {
    "/keys": (200, b'{"keys": []}'),
    "/most": (200, b" " * MOST_BYTES),
    "/more": (200, b" " * (MOST_BYTES + 1)),
    "/moved": (302, b""),
    "/gone": (404, b"{}"),
}


class Answering(BaseHTTPRequestHandler):
    """Answers as the table says."""

    def do_GET(self):
        status, body = ANSWERS[self.path]
        self.send_response(status)
        self.send_header("Location", "/keys")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def serving(context=None):
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def port():
    with serving() as found:
        yield found


def test_a_document_is_read_whole_up_to_the_limit(port):
    fetch = Fetch(HERE)

    assert fetch(f"http://127.0.0.1:{port}/keys") == b'{"keys": []}'
    assert len(fetch(f"http://127.0.0.1:{port}/most")) == MOST_BYTES


@pytest.mark.parametrize("path", ["/more", "/moved", "/gone"])
def test_too_much_elsewhere_or_not_there_is_no_answer(port, path):
    with pytest.raises(Unavailable):
        Fetch(HERE)(f"http://127.0.0.1:{port}{path}")


def test_nobody_there_is_no_answer():
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]

    with pytest.raises(Unavailable):
        Fetch(HERE)(f"http://127.0.0.1:{port}/keys")


def test_an_address_inside_is_not_asked_unless_its_host_is_named():
    with closing(socket.create_server(("127.0.0.1", 0))) as inside:
        inside.settimeout(0.2)
        port = inside.getsockname()[1]

        for host in ("127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001"):
            with pytest.raises(Unavailable):
                Fetch()(f"https://{host}:{port}/keys")

        with pytest.raises(TimeoutError):
            inside.accept()


@pytest.mark.parametrize(
    "url",
    [
        "http://keys.example/jwks",
        "ftp://keys.example/jwks",
        "file:///etc/passwd",
        "https:///jwks",
        "https://user@keys.example/jwks",
        "https://keys.example/jwks#x",
        "https://keys.example:0/jwks",
        "https://keys.example:99999/jwks",
        "https://[::1/jwks",
        "https://käys.example/jwks",
        "keys.example/jwks",
        "",
    ],
)
def test_an_address_that_is_not_plain_https_is_refused(url):
    with pytest.raises(Malformed):
        Fetch(HERE)(url)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("10.0.0.1", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("127.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - an address to be refused
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::1", False),
    ],
)
def test_a_private_address_in_any_disguise_is_known(address, expected):
    assert is_public(address) is expected


@pytest.mark.parametrize("said", [b"", b"H"], ids=["a mute server", "a server that drips"])
def test_a_slow_server_is_left_in_time(said):
    done = Event()
    with closing(socket.create_server(("127.0.0.1", 0))) as slow:

        def drip():
            connection, _ = slow.accept()
            with connection:
                while not done.wait(0.1):
                    connection.send(said)

        def run():
            try:
                drip()
            except OSError:
                done.set()

        thread = Thread(target=run)
        thread.start()
        began = time.monotonic()
        with pytest.raises(Unavailable):
            Fetch(HERE)(f"http://127.0.0.1:{slow.getsockname()[1]}/keys")
        took = time.monotonic() - began
        done.set()
        thread.join()

    assert took < 10


def a_certificate(folder):
    """Return the path of a certificate of 127.0.0.1 with its key, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    at = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(minutes=1))
        .not_valid_after(at + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "localhost.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    return path


def test_the_certificate_must_be_that_of_the_name(tmp_path):
    path = a_certificate(tmp_path)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    trusting = ssl.create_default_context(cafile=path)

    with serving(server) as port:
        assert Fetch(HERE, trusting)(f"https://localhost:{port}/keys") == b'{"keys": []}'
        with pytest.raises(Unavailable):
            Fetch(HERE, trusting)(f"https://127.0.0.1:{port}/keys")
        with pytest.raises(Unavailable):
            Fetch(HERE)(f"https://localhost:{port}/keys")
