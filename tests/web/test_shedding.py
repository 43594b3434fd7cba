"""A hub that is asked more than it can says so at once, and what it began goes on."""

import socket
import sys
import time
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from live import Live
from test_framing import read

LINE = 2
"""Places in the line of searches: one for each of the two threads."""
SEARCH, READ = "/v1/Agency", "/v1/Agency/nobody"
POLL = "/v1/$changes?cursor=latest&wait=3"
"""Holds the one thread that searches may have here."""


class Narrow(Live):
    """A hub with two threads and hardly any room to wait."""

    def environment(self):
        narrow = {"THREADS": "2", "WAITING_PER_THREAD": "1", "WAITING_SECONDS": "0.5"}
        return {**super().environment(), **{f"HUB_{key}": narrow[key] for key in narrow}}


@pytest.fixture(scope="module")
def narrow(tmp_path_factory):
    if sys.platform != "linux":
        pytest.skip("processes are found in /proc")
    hub = Narrow(tmp_path_factory.mktemp("narrow") / "hub", workers=1)
    try:
        hub.start()
        yield hub
    finally:
        if hub.process and hub.process.poll() is None:
            hub.kill()


@pytest.fixture(scope="module")
def token(narrow):
    return narrow.token()


class Wire:
    """One connection, on which requests and answers come apart."""

    def __init__(self, hub, token):
        address = urlsplit(hub.url)
        self.socket = socket.create_connection((address.hostname, address.port), timeout=20)
        self.token = token

    def ask(self, method, path, body=""):
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: hub.test\r\nAuthorization: Bearer {self.token}\r\n"
        )
        more = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
        self.socket.sendall(f"{head}{more}\r\n{body}".encode())
        return self

    def answer(self):
        return read(self.socket)

    def close(self):
        self.socket.close()


@pytest.fixture
def wires(narrow, token):
    """Yield a way to open connections; the searches of the hub are all taken and waited for."""
    opened = []

    def wire():
        opened.append(Wire(narrow, token))
        return opened[-1]

    for path in (POLL, *[SEARCH] * LINE):
        wire().ask("GET", path)
        time.sleep(0.2)
    yield wire
    for each in opened[: LINE + 1]:
        each.answer()
    for each in opened:
        each.close()


def test_who_finds_the_line_full_is_refused_at_once_and_told_when_to_return(wires):
    began = time.monotonic()
    status, headers, outcome = wires().ask("GET", SEARCH).answer()

    assert status == 503
    assert time.monotonic() - began < 2, "the line is held for three seconds"
    assert 1 <= int(headers["retry-after"]) <= 5
    assert outcome["issue"][0]["code"] == "transient"
    assert headers["x-content-type-options"] == "nosniff"
    assert outcome["id"] == headers["x-request-id"]


def test_reads_and_probes_go_on_beside_searches_that_wait(wires):
    assert wires().ask("GET", READ).answer()[0] == 404
    assert wires().ask("GET", "/health/ready").answer()[0] == 200


def test_a_refused_connection_may_go_on(wires):
    wire = wires()

    assert wire.ask("GET", SEARCH).answer()[0] == 503
    assert wire.ask("GET", READ).answer()[0] == 404


def test_a_refused_bundle_is_not_begun(wires):
    body = '{"resourceType": "Bundle", "type": "batch", "entry": []' + " " * 200_000 + "}"

    assert wires().ask("POST", "/v1", body).answer()[0] == 503


def test_who_waited_too_long_is_refused_and_then_all_is_as_before(narrow, token):
    with closing(Wire(narrow, token)) as poll, closing(Wire(narrow, token)) as late:
        poll.ask("GET", POLL)
        time.sleep(0.2)
        late.ask("GET", SEARCH)

        assert late.answer()[0] == 503
        assert poll.answer()[0] == 200
        assert late.ask("GET", SEARCH).answer()[0] == 200


def test_the_log_counts_those_who_were_refused(narrow):
    assert '"logger":"hub.shedding"' in narrow.log()
