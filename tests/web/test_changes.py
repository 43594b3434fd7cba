"""GET [base]/$changes: what a client that keeps up, falls asleep or asks wrongly is answered."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest

from app import create_app
from app.composition import DATABASE, now
from app.model.bundle import SEQUENCE
from app.settings import Settings
from app.store.connection import connect
from app.store.feed import renew
from app.store.sequencer import Sequencer
from builders import a_category, a_profile, an_agency
from tenants import MANY, prepare

CLIENTS = {
    "all": "system/*.cruds hub/staff",
    "agencies": "system/Agency.rs",
    "reader-only": "system/Agency.r",
    "other": "system/*.cruds hub/staff",
}


class Fed:
    """One application and the sequencer of its database, which runs when a test says so."""

    def __init__(self, app, database, sequencer):
        self.app = app
        self.database = database
        self.sequencer = sequencer
        self.clients = {}

    def client(self, name="all"):
        if name not in self.clients:
            http = self.app.test_client()
            form = {"grant_type": "client_credentials"}
            token = http.post("/v1/oauth/token", data=form, auth=(name, name)).json["access_token"]
            http.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
            self.clients[name] = http
        return self.clients[name]

    def write(self, *bodies):
        """Create `bodies` one after the other, number them, and return what was answered."""
        http = self.client()
        made = [http.post(f"/v1/{body['resourceType']}", json=body).json for body in bodies]
        self.sequence()
        return made

    def sequence(self):
        while self.sequencer.round():
            pass

    def ask(self, query="", client="all"):
        return self.client(client).get(f"/v1/$changes?{query}")


@pytest.fixture(scope="module")
def tenant(embedded_uri, tmp_path_factory):
    settings = Settings(
        mongodb_uri=embedded_uri,
        database=f"fed{uuid4().hex[:8]}",
        data=tmp_path_factory.mktemp("fed"),
        public_url="http://hub.test",
        threads=4,
        read_seconds=20,
        write_seconds=20,
        token_requests=MANY,
        token_requests_per_address=MANY,
    )
    prepare(settings, CLIENTS)
    with connect(embedded_uri, pool=4) as client:
        database = client[settings.database]
        app = create_app(settings)
        yield Fed(app, database, Sequencer(database, client.start_session, now))
        app.extensions[DATABASE].close()
        client.drop_database(settings.database)


def link(reply, relation="next"):
    """Return the query of a link."""
    return urlsplit(
        next(each["url"] for each in reply.json["link"] if each["relation"] == relation)
    ).query


def numbers(reply):
    return [
        each["valueInteger"]
        for entry in reply.json.get("entry", ())
        for each in entry["extension"]
        if each["url"] == SEQUENCE
    ]


def test_a_reader_that_begins_now_gets_what_comes_and_nothing_else(tenant):
    tenant.write(an_agency())
    start = tenant.ask("cursor=latest")
    made, other = tenant.write(an_agency(), a_category())

    reply = tenant.ask(link(start))

    assert start.json["type"] == reply.json["type"] == "history"
    assert "entry" not in start.json
    assert [entry["resource"] for entry in reply.json["entry"]] == [made, other]
    one, two = numbers(reply)
    assert two == one + 1
    assert reply.json["entry"][0]["fullUrl"] == f"http://hub.test/v1/Agency/{made['id']}"


def test_an_entry_tells_what_was_done(tenant):
    start = link(tenant.ask("cursor=latest"))
    http = tenant.client()
    (made,) = tenant.write(an_agency())
    url = f"/v1/Agency/{made['id']}"
    changed = http.put(url, json={**made, "name": "New name"}, headers={"If-Match": 'W/"1"'}).json
    tenant.sequence()

    create, update = tenant.ask(start).json["entry"]

    assert create["request"] == {"method": "POST", "url": "Agency"}
    assert create["response"]["status"] == "201"
    assert create["response"]["etag"] == 'W/"1"'
    assert create["resource"] == made
    assert update["request"] == {"method": "PUT", "url": f"Agency/{made['id']}"}
    assert update["response"]["etag"] == 'W/"2"'
    assert update["response"]["lastModified"] == changed["meta"]["lastUpdated"]


def test_a_deletion_comes_without_a_resource(tenant):
    (made,) = tenant.write(a_profile())
    start = link(tenant.ask("cursor=latest"))
    gone = tenant.client().delete(
        f"/v1/ParticipantProfile/{made['id']}", headers={"If-Match": 'W/"1"'}
    )
    tenant.sequence()

    (entry,) = tenant.ask(start).json["entry"]

    assert gone.status_code == 204
    assert "resource" not in entry
    assert entry["request"] == {"method": "DELETE", "url": f"ParticipantProfile/{made['id']}"}
    assert entry["response"]["status"] == "204"
    assert entry["response"]["etag"] == 'W/"2"'


def test_without_a_cursor_all_that_is_kept_comes_in_dense_numbers(tenant):
    tenant.write(an_agency(), an_agency(), an_agency())
    reply = tenant.ask("_count=2")
    found = numbers(reply)
    while numbers(reply):
        reply = tenant.ask(link(reply))
        found += numbers(reply)

    assert found == list(range(1, len(found) + 1))
    assert len(found) > 3


def test_a_reader_that_is_up_to_date_still_gets_a_next_link(tenant):
    start = tenant.ask("cursor=latest")
    again = tenant.ask(link(start))
    tenant.write(an_agency())

    assert "entry" not in again.json
    assert len(tenant.ask(link(again)).json["entry"]) == 1


def test_rows_of_other_types_move_the_cursor_on(tenant):
    start = link(tenant.ask("cursor=latest&_type=ServiceCategory"))
    tenant.write(an_agency(), an_agency())
    empty = tenant.ask(start)
    tenant.write(a_category())

    found = tenant.ask(link(empty))

    assert "entry" not in empty.json
    assert link(empty) != start
    assert [each["resource"]["resourceType"] for each in found.json["entry"]] == ["ServiceCategory"]


def test_a_client_gets_the_types_of_its_scopes_alone(tenant):
    start = link(tenant.ask("cursor=latest", "agencies"))
    tenant.write(a_category(), an_agency(), a_category())

    reply = tenant.ask(start, "agencies")

    assert [each["resource"]["resourceType"] for each in reply.json["entry"]] == ["Agency"]


@pytest.mark.parametrize(
    ("query", "client"),
    [("_type=Program", "agencies"), ("_type=Agency,Program", "agencies"), ("", "reader-only")],
)
def test_a_type_without_a_scope_is_forbidden(tenant, query, client):
    assert tenant.ask(query, client).status_code == 403


@pytest.mark.parametrize(
    "query",
    ["cursor=nonsense", "_count=0", "wait=x", "_type=Nothing", "_since=2020", "wait=1&wait=2"],
)
def test_what_is_not_understood_is_refused(tenant, query):
    reply = tenant.ask(query)

    assert reply.status_code == 400


def test_a_cursor_is_bound_to_its_client_and_its_types(tenant):
    cursor = parse_qs(link(tenant.ask("_type=Agency")))["cursor"][0]

    assert tenant.ask(f"_type=Agency&_count=5&cursor={cursor}").status_code == 200
    assert tenant.ask(f"cursor={cursor}").status_code == 400
    refused = tenant.ask(f"_type=Agency&cursor={cursor}", "other")
    assert refused.status_code == 400
    assert refused.json["issue"][0]["expression"] == ["cursor"]


def test_nobody_reads_without_a_token(tenant):
    assert tenant.app.test_client().get("/v1/$changes").status_code == 401


def test_a_waiting_reader_is_answered_when_something_comes(tenant):
    start = f"{link(tenant.ask('cursor=latest'))}&wait=15"
    tenant.client("other")

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(tenant.ask, start)
        time.sleep(0.5)
        is_waiting = not waiting.done()
        (made,) = tenant.write(an_agency())
        reply = waiting.result(15)

    assert is_waiting
    assert [each["resource"]["id"] for each in reply.json["entry"]] == [made["id"]]


def test_more_waiters_than_may_wait_are_answered_at_once(tenant):
    start = f"{link(tenant.ask('cursor=latest'))}&wait=15"

    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(tenant.ask, start) for _ in range(3)]
        time.sleep(1)
        done = [each.done() for each in waiting]
        tenant.write(an_agency())
        replies = [each.result(15) for each in waiting]

    assert sorted(done) == [False, False, True]
    assert sorted(len(reply.json.get("entry", ())) for reply in replies) == [0, 1, 1]


def test_a_reader_whose_wait_is_over_gets_an_empty_page(tenant):
    reply = tenant.ask("cursor=latest&wait=1")

    assert reply.status_code == 200
    assert "entry" not in reply.json
    assert link(reply)


def test_a_cursor_older_than_the_feed_is_told_where_to_restart(tenant):
    tenant.write(an_agency())
    first = tenant.ask("_count=1")
    tenant.write(an_agency())
    tenant.sequencer.prune(now() + timedelta(seconds=1))

    reply = tenant.ask(link(first))
    (issue,) = reply.json["issue"]
    restart = next(each for each in issue["extension"] if each["url"].endswith("/restart"))
    (made,) = tenant.write(an_agency())
    resumed = tenant.client().get(f"/v1/{restart['valueString']}")

    assert reply.status_code == 410
    assert issue["details"]["coding"][0]["code"] == "cursor-expired"
    assert [each["resource"]["id"] for each in resumed.json["entry"]] == [made["id"]]
    assert tenant.ask().status_code == 200


def test_a_restored_database_sends_every_reader_to_a_full_read(tenant):
    start = link(tenant.ask("cursor=latest"))
    renew(tenant.database)

    reply = tenant.ask(start)

    assert reply.status_code == 410
    assert tenant.ask("cursor=latest").status_code == 200


def test_metadata_names_the_operation(tenant):
    (rest,) = tenant.client().get("/v1/metadata").json["rest"]

    assert "changes" in {each["name"] for each in rest["operation"]}
