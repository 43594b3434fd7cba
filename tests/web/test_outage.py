"""The database goes away or misbehaves: 503 within the deadline, never 500, and it all comes back."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from app import new_id, now
from app.interactions import Hub
from app.store.connection import STANDALONE, connect, transactions
from app.store.embedded import EmbeddedDatabase
from app.store.mongo import MongoStore
from app.web import application
from builders import a_profile
from live import CHECKOUT, HUB, children, eventually
from sites import SECRET, a_site
from tenants import a_tenant, as_tester
from wire_stub import DONE, HANG_UP, NOTHING, SILENCE, failure, listening

DEADLINE_SECONDS = 1.0
HUNG_SECONDS = 20.0
"""After this long a request counts as hung; its own deadline is far shorter."""
OFFLINE = ("metadata", "oauth", "well-known", "$validate")
"""Routes below the base that may answer without the database, or speak OAuth."""
VALUES = {"kind": "ParticipantProfile", "id": "some-id", "number": "1"}


class Database:
    """A database of its own, to be killed, stopped and started again on its port."""

    def __init__(self, folder):
        before = children(os.getpid())
        self.server = EmbeddedDatabase(folder, durable=False)
        self.server.start()
        self.former = before

    @property
    def pid(self):
        return next(pid for pid in children(os.getpid()) if pid not in self.former)

    def send(self, how):
        os.kill(self.pid, how)

    def revive(self, how):
        if how == signal.SIGSTOP:
            self.send(signal.SIGCONT)
        else:
            assert eventually(lambda: not self.server.is_running)
            self.server.launch()


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    found = Database(tmp_path_factory.mktemp("outage"))
    yield found
    found.server.stop(grace=0)


@pytest.fixture(scope="module")
def app(database, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hub")
    limits = {"read_seconds": DEADLINE_SECONDS, "write_seconds": DEADLINE_SECONDS}
    with a_tenant(database.server.uri, folder, **limits) as made:
        yield made


def ask(http, method, path, **sent):
    """Send one request; raise TimeoutError when it hangs."""
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(http.open, path, method=method, headers={"If-Match": "*"}, **sent)
        return asked.result(HUNG_SECONDS)


def online_routes(app):
    """Yield method and path of every route of a type that needs the database."""
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/v1/") or any(each in rule.rule for each in OFFLINE):
            continue
        values = {name: VALUES[name] for name in rule.arguments}
        path = app.url_map.bind("hub.test").build(rule.endpoint, values)
        for method in sorted(rule.methods & {"GET", "POST", "PUT", "DELETE"}):
            yield method, path


def is_unavailable(reply):
    """Whether this is the one answer to an outage, which says that a retry can help."""
    assert reply.status_code == 503, reply.text
    assert int(reply.headers["Retry-After"]) > 0
    assert reply.json["resourceType"] == "OperationOutcome"
    issue = reply.json["issue"][0]
    assert issue["code"] == "transient"
    return {"url": issue["extension"][-1]["url"], "valueBoolean": True} == issue["extension"][-1]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_an_outage_is_told_on_every_route_and_ends_by_itself(app, database, how):
    http, stranger = as_tester(app), app.test_client()
    routes = list(online_routes(app))
    database.send(how)
    try:
        with ThreadPoolExecutor(len(routes)) as pool:
            replies = list(pool.map(lambda each: ask(http, *each, json=a_profile()), routes))
        form = {"grant_type": "client_credentials"}
        token = ask(stranger, "POST", "/v1/oauth/token", data=form, auth=("tester", "tester"))
        live = ask(http, "GET", "/health/live")
        turned = eventually(lambda: ask(http, "GET", "/health/ready").status_code == 503)
    finally:
        database.revive(how)

    assert len(routes) >= 8
    assert all(is_unavailable(reply) for reply in replies)
    assert (token.status_code, token.json["error"]) == (503, "temporarily_unavailable")
    assert live.status_code == 200
    assert turned
    assert eventually(lambda: ask(http, "GET", "/health/ready").status_code == 200)
    made = ask(http, "POST", "/v1/ParticipantProfile", json=a_profile())
    assert made.status_code == 201
    assert ask(http, "GET", f"/v1/ParticipantProfile/{made.json['id']}").json == made.json


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
            read_seconds=DEADLINE_SECONDS,
            write_seconds=DEADLINE_SECONDS,
        )
        app = application(replace(site, hub=Hub(site.hub.registry, store, now, new_id)))
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
