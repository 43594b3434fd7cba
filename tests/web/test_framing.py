"""What is no HTTP request, over the real wire: refused in one shape, and nothing of it is told."""

import json
import socket
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app.web.early import STANDING
from live import eventually

CANARY = "000-12-3456"
HEAD = "Host: hub.test\r\nX-Note: 000-12-3456\r\n"
JSON = "Content-Type: application/json\r\n"
CHUNKED = HEAD + JSON + "Transfer-Encoding: chunked\r\n"
POST = "POST /v1/Agency HTTP/1.1\r\n"
GET = "GET /v1/metadata HTTP/1.1\r\n"

BROKEN = {
    "no Host": (GET + "\r\n", 400),
    "two Hosts": (GET + HEAD + "Host: other.test\r\n\r\n", 400),
    "a Host with a space": (GET + "Host: hub test\r\n\r\n", 400),
    "no version": ("GET /v1/000-12-3456\r\n" + HEAD + "\r\n", 400),
    "a version of another kind": ("GET /v1/metadata HTTQ/1.1\r\n" + HEAD + "\r\n", 400),
    "a version to come": ("GET /v1/metadata HTTP/9.9\r\n" + HEAD + "\r\n", 400),
    "a method that is no word": ("G@T /000-12-3456 HTTP/1.1\r\n" + HEAD + "\r\n", 400),
    "three spaces": ("GET  /v1/metadata  HTTP/1.1\r\n" + HEAD + "\r\n", 400),
    "a line that is too long": ("GET /" + "a" * 9000 + " HTTP/1.1\r\n" + HEAD + "\r\n", 414),
    "a header that is too long": (GET + HEAD + "X-Long: " + "a" * 9000 + "\r\n\r\n", 431),
    "too many headers": (GET + HEAD + "X-Many: 1\r\n" * 200 + "\r\n", 431),
    "a header without a colon": (GET + HEAD + "000-12-3456\r\n\r\n", 400),
    "a header's name with a space": (GET + HEAD + "X Note: 1\r\n\r\n", 400),
    "a space before the colon": (GET + HEAD + "X-Note : 1\r\n\r\n", 400),
    "a folded header": (GET + HEAD + "X-A: 1\r\n 000-12-3456\r\n\r\n", 400),
    "NUL in a header": (GET + HEAD + "X-A: 000-12-3456\0\r\n\r\n", 400),
    "CR in a header": (GET + HEAD + "X-A: a\rb\r\n\r\n", 400),
    "bare line feeds": (GET.replace("\r", "") + HEAD.replace("\r", "") + "\n", 400),
    "length and chunks": (POST + CHUNKED + "Content-Length: 3\r\n\r\n0\r\n\r\n", 400),
    "two lengths": (POST + HEAD + JSON + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ", 400),
    "a length that is no number": (POST + HEAD + JSON + "Content-Length: two\r\n\r\n{}", 400),
    "a negative length": (POST + HEAD + JSON + "Content-Length: -1\r\n\r\n{}", 400),
    "a length with a sign": (POST + HEAD + JSON + "Content-Length: +2\r\n\r\n{}", 400),
    "a coding that is unknown": (POST + HEAD + JSON + "Transfer-Encoding: 000-12\r\n\r\n", 400),
    "a coding on top": (POST + HEAD + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400),
    "chunked twice": (POST + CHUNKED + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "chunked in HTTP/1.0": (
        POST.replace("1.1", "1.0") + CHUNKED + "\r\n2\r\n{}\r\n0\r\n\r\n",
        400,
    ),
    "a chunk's size that is no number": (POST + CHUNKED + "\r\nzz\r\n{}\r\n0\r\n\r\n", 400),
    "a chunk's size that is negative": (POST + CHUNKED + "\r\n-2\r\n{}\r\n0\r\n\r\n", 400),
    "a chunk without its end": (POST + CHUNKED + "\r\n2\r\n{}000-12-3456\r\n0\r\n\r\n", 400),
    "a chunk's extension that is none": (POST + CHUNKED + "\r\n2;\x01\r\n{}\r\n0\r\n\r\n", 400),
    "an expectation": (POST + HEAD + JSON + "Expect: 000-12-3456\r\n\r\n", 417),
}
"""Why it is broken → what is sent, and the status of the answer."""


@pytest.fixture(scope="module")
def token(live):
    """Return the header that lets a request in, so that its body is looked at."""
    return f"Authorization: Bearer {live.token()}\r\n"


def sent(live, text, *, is_cut=False):
    """Return status, headers and body of the first answer to raw bytes."""
    address = urlsplit(live.url)
    with closing(socket.create_connection((address.hostname, address.port), timeout=20)) as wire:
        wire.sendall(text.encode("latin-1"))
        if is_cut:
            wire.shutdown(socket.SHUT_WR)
        return read(wire)


def read(wire):
    with wire.makefile("rb") as stream:
        status = int(stream.readline().split()[1])
        headers = {}
        while (line := stream.readline().decode("latin-1").strip()) != "":
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
        body = stream.read(int(headers.get("content-length", 0)))
    return status, headers, json.loads(body)


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_no_request_is_refused_as_an_outcome_that_quotes_nothing(live, token, case):
    text, expected = BROKEN[case]

    status, headers, outcome = sent(live, text.replace(HEAD, HEAD + token))

    assert status == expected
    assert outcome["resourceType"] == "OperationOutcome"
    assert CANARY not in json.dumps(outcome) + json.dumps(headers)
    assert {name.lower(): value for name, value in STANDING}.items() <= headers.items()
    assert outcome["id"] == headers["x-request-id"]


def test_the_log_has_no_word_of_what_could_not_be_read(live):
    for text, _ in BROKEN.values():
        sent(live, text)

    log = Path(live.errors).read_text("utf-8", errors="replace")
    assert "refused" in log
    assert CANARY not in log
    assert all(line.startswith("{") for line in log.splitlines())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(POST + HEAD + JSON + 'Content-Length: 99\r\n\r\n{"a', id="a length"),
        pytest.param(POST + CHUNKED + '\r\n9\r\n{"a"', id="a chunk"),
    ],
)
def test_a_body_that_breaks_off_is_refused(live, token, text):
    status, _, outcome = sent(live, text.replace(HEAD, HEAD + token), is_cut=True)

    assert status == 400
    assert outcome["issue"][0]["code"] == "structure"


def test_a_body_with_broken_chunks_is_refused_and_ends_the_connection(live, token):
    text = POST + HEAD + token + JSON + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"
    address = urlsplit(live.url)

    with closing(socket.create_connection((address.hostname, address.port), timeout=20)) as wire:
        wire.sendall((text + GET + HEAD + "\r\n").encode())
        status, _, outcome = read(wire)
        rest = wire.recv(1)

    assert (status, outcome["issue"][0]["code"]) == (400, "structure")
    assert rest == b"", "what follows a broken body must not be taken for a request"


def test_forwarding_headers_have_no_effect(live):
    lies = (
        "X-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https\r\n"
        "X-Forwarded-For: 10.0.0.1\r\n"
        "X-Forwarded-Prefix: /evil\r\nForwarded: host=evil.example\r\nX-Original-URL: /evil\r\n"
        "X-Rewrite-URL: /evil\r\nX-HTTP-Method-Override: DELETE\r\n"
    )

    status, headers, body = sent(live, GET + "Host: evil.example\r\n" + lies + "\r\n")

    assert status == 200
    assert body["resourceType"] == "CapabilityStatement"
    assert "evil" not in json.dumps(body) + json.dumps(headers)


def test_silent_connections_hold_no_thread(live):
    address = urlsplit(live.url)
    silent = [socket.create_connection((address.hostname, address.port)) for _ in range(200)]
    try:
        assert eventually(live.is_ready, seconds=2)
        assert all(sent(live, GET + HEAD + "\r\n")[0] == 200 for _ in range(20))
    finally:
        for each in silent:
            each.close()


def test_half_a_probe_does_not_keep_the_others_waiting(live):
    address = urlsplit(live.url)
    halves = [socket.create_connection((address.hostname, address.port)) for _ in range(4)]
    try:
        for each in halves:
            each.sendall(b"GET /health/ready HTTP/1.1\r\n")

        assert all(eventually(live.is_ready, seconds=2) for _ in range(10))
    finally:
        for each in halves:
            each.close()


def test_no_answer_names_the_server_or_its_version(live):
    for text in (GET + HEAD + "\r\n", *(text for text, _ in list(BROKEN.values())[:3])):
        _, headers, _ = sent(live, text)

        told = json.dumps(headers).lower()
        assert not [word for word in ("gunicorn", "werkzeug", "python", "flask") if word in told]
