"""The database goes away: 503 on every route, never 500, and it all comes back by itself."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.store.embedded import EmbeddedDatabase
from builders import a_profile
from live import children, eventually
from tenants import a_tenant, as_tester, ask, is_unavailable

DEADLINE_SECONDS = 1.0
OFFLINE = ("metadata", "oauth", "well-known", "$validate")
"""Routes below the base that may answer without the database, or speak OAuth."""
KIND = "ParticipantProfile"
VALUES = {
    "kind": KIND,
    "id": "some-id",
    "number": "1",
    "inside": "ParticipantCredential",
}
CRITERIA = {"/v1": f"_type={KIND}", "/v1/<type:kind>": "last-name=Testcase"}
"""What routes ask of their address, which would be refused before the database is asked."""
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


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


def online_routes(app):
    """Yield method, path and body of every route of a type that needs the database."""
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/v1") or any(each in rule.rule for each in OFFLINE):
            continue
        values = {name: VALUES[name] for name in rule.arguments} | (rule.defaults or {})
        path = app.url_map.bind("hub.test").build(rule.endpoint, values)
        for method in sorted(rule.methods & METHODS):
            asked = CRITERIA.get(rule.rule.removesuffix("/_search"), "")
            yield method, f"{path}?{asked}", body(rule.rule)


def body(rule):
    """Return what a route takes: a form, a Bundle or a resource."""
    if rule.endswith("_search"):
        return {"data": {"_count": "1"}}
    if rule == "/v1":
        entry = {"resource": a_profile(), "request": {"method": "POST", "url": KIND}}
        return {"json": {"resourceType": "Bundle", "type": "transaction", "entry": [entry]}}
    return {"json": a_profile()}


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_an_outage_is_told_on_every_route_and_ends_by_itself(app, database, how):
    http, stranger = as_tester(app), app.test_client()
    routes = list(online_routes(app))
    database.send(how)
    try:
        with ThreadPoolExecutor(len(routes)) as pool:
            replies = list(pool.map(lambda each: ask(http, *each[:2], **each[2]), routes))
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
