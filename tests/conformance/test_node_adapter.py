"""The adapter in Node speaks the protocol as any other does."""

import json
import os
import shutil
import subprocess
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

ADAPTER = Path(__file__).parents[2] / "conformance" / "adapters" / "node" / "casetrack.mjs"
NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="Node is not installed")


def said(*lines, words=(), **variables):
    """Return what the adapter answers to lines, until it ends."""
    told = "".join(f"{each if isinstance(each, str) else json.dumps(each)}\n" for each in lines)
    how = {"capture_output": True, "text": True, "timeout": 60}
    ran = subprocess.run([NODE, ADAPTER, *words], input=told, env=variables, check=True, **how)
    return [json.loads(each) for each in ran.stdout.splitlines()]


@contextmanager
def talking(*words):
    """Yield what asks the adapter one thing after the other, while it goes on."""
    how = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": {}}
    with subprocess.Popen([NODE, ADAPTER, *words], **how) as child:

        def ask(line):
            child.stdin.write(f"{json.dumps(line)}\n")
            child.stdin.flush()
            return json.loads(child.stdout.readline())

        yield ask
        child.stdin.close()


@contextmanager
def a_closed_hub():
    """Yield the base of a hub that answers nothing but 403, and the hosts it was asked under."""
    asked = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(403)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def test_it_says_who_it_is_and_what_it_does_for_level_one():
    hello, bye = said({"cmd": "hello", "protocol": 1}, {"cmd": "bye"})

    assert hello["protocol"] == 1
    assert hello["profile"] == "both"
    assert {"participant.register", "referral.respond", "sync.now"} <= set(hello["steps"])
    assert bye == {"status": "done"}


def test_what_it_does_not_do_it_says():
    step = {"cmd": "step", "id": 3, "step": "plan.join", "data": {}}
    plan, unset = said(step, step | {"id": 4, "step": "sync.now"})

    assert (plan["id"], plan["status"]) == (3, "unsupported")
    assert (unset["id"], unset["status"]) == (4, "error")


@pytest.mark.parametrize("line", ["no JSON", "[]", "null", '"bye"', '{"cmd": "toString"}'])
def test_nonsense_is_answered_and_does_not_end_it(line):
    nonsense, bye = said(line, {"cmd": "bye"})

    assert nonsense["status"] == "error"
    assert bye == {"status": "done"}


def test_what_it_did_before_it_was_broken_off_it_does_not_do_again(tmp_path):
    place = tmp_path / "memory.json"
    done = {"status": "done", "detail": "referred"}
    place.write_text(json.dumps({"last": {"id": 14, "answer": done}}))
    step = {"cmd": "step", "id": 14, "step": "referral.create", "data": {}}
    settings = {"CASETRACK_HUB": "http://127.0.0.1:9", "WCF_MEMORY": str(place)}

    (again,) = said(step | {"again": True}, **settings)

    assert again == {"id": 14, **done}


SYNC = {"cmd": "step", "id": 1, "step": "sync.now", "data": {}}


def settings_of(base):
    return json.dumps({"base": base, "clientId": "product", "clientSecret": "s"})


def test_its_settings_may_be_a_file_that_is_written_and_changed_after_its_start(tmp_path):
    place = tmp_path / "sandbox.json"

    with a_closed_hub() as (base, asked), talking("--settings", place) as ask:
        before = ask(SYNC)
        place.write_text("{")
        half = ask(SYNC)
        place.write_text(settings_of(f"{base}/cf/one"))
        os.utime(place, (1, 1))
        one = ask(SYNC)
        place.write_text(settings_of(f"{base}/cf/two"))
        two = ask(SYNC)

    assert before["detail"] == half["detail"] == "Nobody told where the hub is."
    assert one["detail"] == two["detail"] == "403"
    assert asked == ["/cf/one/metadata", "/cf/two/metadata"]


def test_a_file_of_settings_that_did_not_change_leaves_what_configure_said(tmp_path):
    place = tmp_path / "sandbox.json"
    place.write_text(settings_of("http://127.0.0.1:9/cf/old"))

    with a_closed_hub() as (base, asked):
        told = {"cmd": "configure", "base_url": f"{base}/cf/new", "client_id": "c"}
        answers = said(told | {"client_secret": "s"}, SYNC, words=["--settings", place])

    assert answers[1]["detail"] == "403"
    assert asked == ["/cf/new/metadata"]


def test_records_of_another_hub_are_forgotten(tmp_path):
    place, kept = tmp_path / "sandbox.json", tmp_path / "memory.json"
    place.write_text(settings_of("http://127.0.0.1:9/cf/new"))
    kept.write_text(json.dumps({"hub": "http://127.0.0.1:9/cf/old", "elvis": "P/1"}))

    (seen,) = said(
        {"cmd": "observe", "key": "elvis"}, words=["--memory", kept, "--settings", place]
    )

    assert seen == {"value": None}


CHANGE = """
import { Hub } from 'HERE/hub.mjs'
const hub = new Hub('BASE', 'me', 'secret')
await hub.update('ParticipantProfile/p1', read => ({ ...read, status: 'inactive' }))
"""


def test_what_it_writes_says_the_version_that_it_read_while_versions_change():
    root = "https://hub.wioa.example/schemas/ParticipantProfile"
    seen, written = [], []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            length = int(self.headers.get("Content-Length") or 0)
            seen.append(f"{self.command} {self.path}")
            body = self.rfile.read(length)
            known = seen.count("GET /metadata")
            if self.command == "PUT":
                heads = (self.headers["Content-Type"], self.headers["Accept"])
                written.append((*heads, json.loads(body)))
            raw = json.dumps(self.told(f"1.0.{0 if known < 2 else 1}", known)).encode()
            self.send_response(200)
            if self.path.endswith("/p1") and known == 1:
                self.send_header("Deprecation", "@1")
            self.send_header("ETag", 'W/"1"')
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_POST = do_PUT = do_GET  # noqa: N815 - the names that http.server calls

        def told(self, version, known):
            base = f"http://127.0.0.1:{self.server.server_port}"
            if self.path == "/metadata":
                smart = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
                uris = [{"url": "token", "valueUri": f"{base}/token"}]
                side = {
                    "security": {"extension": [{"url": smart, "extension": uris}]},
                    "resource": [{"type": "ParticipantProfile", "profile": f"{root}/{version}"}],
                }
                return {"implementation": {"url": base}, "rest": [side]}
            if self.path == "/token":
                return {"access_token": "t", "expires_in": 300}
            found = "1.0.0" if known < 2 else "1.0.1"
            return {"id": "p1", "status": "active", "meta": {"profile": [f"{root}|{found}"]}}

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        text = CHANGE.replace("HERE", str(ADAPTER.parent))
        text = text.replace("BASE", f"http://127.0.0.1:{server.server_port}")
        command = [NODE, "--input-type=module", "-e", text]
        subprocess.run(command, capture_output=True, timeout=60, check=True, env={})
    finally:
        server.shutdown()
        server.server_close()

    ((named, wanted, body),) = written
    assert body["meta"]["profile"] == [f"{root}|1.0.1"]
    assert named == wanted == f'application/fhir+json; profile="{root}|1.0.1"'
