"""A version goes live in every worker of a running hub, and no request fails meanwhile."""

import json
import threading
import time
from contextlib import closing
from urllib.parse import urlencode

import pytest

from builders import a_stranger
from live import Caller, serving
from publishing import ROOT, a_draft, with_note

KIND = "ParticipantProfile"
NEW = f'application/fhir+json; profile="{ROOT}/{KIND}|1.1.0"'
SCOPES = "system/*.cruds hub/staff"
SWAP_SECONDS = 5


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("live") / "hub", workers=2) as found:
        yield found


def a_staff_client(hub, name):
    """Register a client of state staff and return a caller with its token."""
    secret = hub.run("client", "add", name, "--scope", SCOPES).strip()
    form = {"grant_type": "client_credentials", "client_id": name, "client_secret": secret}
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    with closing(Caller(hub.url)) as call:
        token = call("POST", "/oauth/token", urlencode(form), kind).json["access_token"]
    return hub.caller(token)


class Load:
    """Threads that create, read and change participants until they are told to stop."""

    def __init__(self, hub, threads=4):
        self.failed, self.done = [], 0
        self._stop = threading.Event()
        token = hub.token()
        self._threads = [
            threading.Thread(target=self._work, args=(Caller(hub.url, token),))
            for _ in range(threads)
        ]

    def __enter__(self):
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for each in self._threads:
            each.join()

    def _work(self, call):
        with closing(call):
            while not self._stop.is_set():
                made = call("POST", f"/{KIND}", a_stranger())
                self._note(made)
                if made.status != 201:
                    continue
                url, body = f"/{KIND}/{made.json['id']}", {**made.json, "middleName": "Q"}
                self._note(call("GET", url))
                self._note(call("PUT", url, body, {"If-Match": made.headers["etag"]}))

    def _note(self, reply):
        self.done += 1
        if reply.status not in (200, 201):
            self.failed.append((reply.status, reply.json))


def ask(call, id, operation):
    number = int(call("GET", f"/SchemaVersion/{id}").json["meta"]["versionId"])
    parameter = [{"name": "version", "valueInteger": number}]
    body = {"resourceType": "Parameters", "parameter": parameter}
    return call("POST", f"/SchemaVersion/{id}/${operation}", body)


def patiently(call, id, operation, is_done=lambda _: True):
    """Ask until it is done; 503 says that the workers still learn of the approval."""
    for _ in range(60):
        reply = ask(call, id, operation)
        if reply.status == 200 and is_done(reply.json):
            return reply
        assert reply.status in (200, 503), reply.json
        time.sleep(0.5 if reply.status == 503 else 0)
    raise AssertionError(f"${operation} came to no end")


def is_scanned(answer):
    return any(each.get("valueBoolean") for each in answer["parameter"])


def test_a_compatible_version_goes_live_under_load_and_no_request_fails(hub):
    author, approver = a_staff_client(hub, "author"), a_staff_client(hub, "approver")
    draft = a_draft(with_note(KIND))
    id = draft["id"]

    with Load(hub) as load:
        assert author("PUT", f"/SchemaVersion/{id}", json.dumps(draft)).status == 201
        for call, step in ((author, "submit"), (approver, "approve")):
            assert (reply := ask(call, id, step)).status == 200, reply.json
        patiently(author, id, "scan", is_scanned)
        published = patiently(author, id, "publish")
        time.sleep(SWAP_SECONDS)
        served = {a_fresh_creation(hub) for _ in range(24)}

    assert published.json["status"] == "published"
    assert load.failed == []
    assert load.done > 0
    assert served == {(200, 201)}


def a_fresh_creation(hub):
    """Return how a fresh connection, to whichever worker, takes the new version."""
    with closing(Caller(hub.url, hub.token())) as call:
        capability = call("GET", "/metadata")
        body = {**a_stranger(), "fieldNote": "Ring twice."}
        made = call("POST", f"/{KIND}", body, {"Content-Type": NEW})
    return capability.status, made.status
