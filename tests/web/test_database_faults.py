"""Every fault a MongoDB can show its driver is told as 503 or survived, never as 500."""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from app.store.connection import STANDALONE, connect, transactions
from app.store.mongo import MongoStore
from app.web import application
from builders import a_profile
from live import CHECKOUT, HUB
from memory_cipher import MemoryCipher
from sites import SECRET, a_site
from tenants import as_tester, ask, is_unavailable
from wire_stub import DONE, HANG_UP, NOTHING, SILENCE, failure, listening

DEADLINE_SECONDS = 1.0


def always(name, reply):
    """Return a script in which one command always fares badly."""
    return lambda command, _: reply if command == name else fine(command)


def at_first(name, reply, times=1):
    """Return a script in which one command fares badly the first times."""
    return lambda command, n: reply if command == name and n <= times else fine(command)


def fine(command):
    return NOTHING if command == "find" else DONE


NOT_PRIMARY = failure(10107, "NotWritablePrimary", "RetryableWriteError")
STEPPED_DOWN = failure(189, "PrimarySteppedDown", "TransientTransactionError")
TOO_SLOW = failure(50, "MaxTimeMSExpired")
WRITE_CONFLICT = failure(112, "WriteConflict", "TransientTransactionError")
NO_TRANSACTION = failure(251, "NoSuchTransaction", "TransientTransactionError")
DISK_FULL = failure(1, "InternalError")
NOT_REPLICATED = {
    **DONE,
    "writeConcernError": {
        "code": 64,
        "codeName": "WriteConcernTimeout",
        "errmsg": "waiting for replication timed out",
        "errInfo": {"wtimeout": True},
    },
}
COMMIT = "commitTransaction"


@pytest.fixture
def over():
    """Return a function that gives a client of a hub whose database is a script."""
    opened = []

    def client(stub):
        site = a_site()
        driver = connect(f"{stub.uri}?replicaSet=rs&retryWrites=true", pool=2)
        opened.append(driver)
        store = MongoStore(
            driver["hub"],
            site.hub.registry,
            transaction=transactions(driver),
            cipher=MemoryCipher(),
            read_seconds=DEADLINE_SECONDS,
            write_seconds=DEADLINE_SECONDS,
        )
        app = application(replace(site, hub=replace(site.hub, store=store)))
        return as_tester(app, SECRET)

    yield client
    for each in opened:
        each.close()


@pytest.mark.parametrize(
    ("method", "script"),
    [
        pytest.param("GET", always("find", HANG_UP), id="it hangs up on reads"),
        pytest.param("GET", always("find", SILENCE), id="it never answers a read"),
        pytest.param("GET", always("find", NOT_PRIMARY), id="no member is primary for reads"),
        pytest.param("GET", always("find", TOO_SLOW), id="a read takes too long"),
        pytest.param("GET", always("find", DISK_FULL), id="its disk is full for reads"),
        pytest.param("POST", always("insert", HANG_UP), id="it hangs up on writes"),
        pytest.param("POST", always("insert", SILENCE), id="it never answers a write"),
        pytest.param("POST", always("insert", NOT_PRIMARY), id="no member is primary"),
        pytest.param("POST", always("insert", STEPPED_DOWN), id="it steps down again and again"),
        pytest.param("POST", always("insert", WRITE_CONFLICT), id="others write all the time"),
        pytest.param("POST", always("insert", DISK_FULL), id="its disk is full"),
        pytest.param("POST", always(COMMIT, HANG_UP), id="it hangs up on every commit"),
        pytest.param("POST", always(COMMIT, SILENCE), id="it never answers a commit"),
        pytest.param("POST", always(COMMIT, NOT_REPLICATED), id="a commit is not replicated"),
        pytest.param("POST", always(COMMIT, TOO_SLOW), id="a commit takes too long"),
    ],
)
def test_a_fault_of_the_database_is_told_as_unavailable(over, method, script):
    with listening(script) as stub:
        path = "/v1/ParticipantProfile" + ("" if method == "POST" else "/some-id")

        reply = ask(over(stub), method, path, json=a_profile())

        assert stub.heard
        assert is_unavailable(reply)
        assert "SECRET" not in reply.text


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(at_first("insert", STEPPED_DOWN), id="it stepped down once"),
        pytest.param(at_first("insert", WRITE_CONFLICT, 2), id="others wrote twice"),
        pytest.param(at_first(COMMIT, HANG_UP), id="it hung up on one commit"),
        pytest.param(at_first(COMMIT, NO_TRANSACTION), id="it forgot the transaction once"),
    ],
)
def test_a_passing_fault_of_the_database_is_survived(over, script):
    with listening(script) as stub:
        reply = ask(over(stub), "POST", "/v1/ParticipantProfile", json=a_profile())

        assert reply.status_code == 201


def test_more_requests_than_connections_are_unavailable_rather_than_waiting(over):
    with listening(always("find", SILENCE)) as stub:
        http = over(stub)
        paths = [f"/v1/ParticipantProfile/id-{number}" for number in range(6)]
        with ThreadPoolExecutor(len(paths)) as pool:
            replies = list(pool.map(lambda path: ask(http, "GET", path), paths))

        assert all(is_unavailable(reply) for reply in replies)


def test_a_standalone_server_stops_the_start_with_a_sentence(tmp_path):
    with listening(lambda command, _: fine(command), set_name=None) as stub:
        done = subprocess.run(
            [*HUB, "serve", "--port", "0", "--data", tmp_path],
            cwd=CHECKOUT,
            env={**os.environ, "HUB_MONGODB_URI": stub.uri},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    assert done.returncode == 1
    assert STANDALONE in done.stderr
    assert "ready" not in done.stdout
