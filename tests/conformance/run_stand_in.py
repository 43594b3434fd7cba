"""A stand-in of the hub's side of runs, small enough to be read; and an adapter to play with."""

import json
import sys
import textwrap
from base64 import b64decode
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import httpx

from conformance.runner.config import checked

SCOPES = "system/*.cruds"
STEPS = [
    {
        "key": f"A{act}-{name}",
        "name": name,
        "act": act,
        "text": f"Do {name}",
        "data": {"person": {"key": "elvis", "firstName": "Elvis"}},
        "deadline_ms": 5000,
        "number": act,
        "of": 2,
    }
    for act, name in ((1, "participant.register"), (2, "referral.create"))
]


def a_verdict(id="L1-09", word="PASS", **more):
    return {
        "id": id,
        "keyword": "MUST",
        "level": int(id[1]),
        "title": "Keeps the rule",
        "verdict": word,
        "evidence": "A",
        "expected": "" if word == "PASS" else "one thing",
        "observed": "" if word == "PASS" else "another thing",
        "exchanges": [1],
        "fix": "Do the one thing.",
        **more,
    }


def a_report(*verdicts, reached=False, **more):
    words = [each["verdict"] for each in verdicts]
    return {
        "run": "cf-1",
        "suite": "1.0.0",
        "registerDigest": "abc",
        "level": 1,
        "profile": "both",
        "mode": "practice",
        "product": {"name": "CaseTrack", "version": "7.3"},
        "seed": "seed",
        "startedAt": "2026-11-22T10:00:00Z",
        "endedAt": "2026-11-22T10:02:11Z",
        "reached": reached,
        "verdicts": list(verdicts),
        "counts": {word: words.count(word) for word in words},
        "evidenceRoot": "def",
        "exchanges": [an_exchange()],
        "steps": [],
        "certificate": None,
        **more,
    }


def an_exchange(number=1, **more):
    return {
        "number": number,
        "step": "A1-participant.register",
        "who": "partner",
        "method": "PUT",
        "path": "ParticipantProfile/p1",
        "query": "",
        "headers": {"if-match": 'W/"3"', "authorization": "Bearer secret-token"},
        "body": {"resourceType": "ParticipantProfile", "firstName": "Elvis", "status": "active"},
        "status": 412,
        "answer_headers": {"location": "https://hub.state.internal/cf/x/ParticipantProfile/p1"},
        "answer": {"resourceType": "OperationOutcome"},
        "fault": "F1",
        **more,
    }


UNMATCHED = [
    {
        "number": 7,
        "at": 0,
        "method": "GET",
        "path": "Agency/mdes",
        "status": 401,
        "reason": "The request brings no token of this run.",
    }
]


class HubOfRuns:
    """Answers like the hub: steps in order, and a report of what it was told."""

    def __init__(self, *, scope=SCOPES, at=None, busy=0, lost=()):
        self.scope = scope
        self.at = at
        self.busy = busy
        self.lost = set(lost)
        """Steps whose `done` is noted, and its answer lost."""
        self.certificates = []
        self.keys = {}
        self.exchanges = []
        """What the product sent."""
        self.unmatched = UNMATCHED
        self.told = []
        self.asked = {}
        self.report = None
        self.state = "running"
        self.expired = 0
        self.is_full = False
        self.is_ended = False
        self.unarmed = ""
        """Why no fault is armed."""

    def answer(self, method, path, body, headers):  # noqa: PLR0911 - a route each
        """Return status, headers and JSON."""
        if path == "/v1/metadata":
            return 200, {"Date": formatdate(self.at, usegmt=True)}, self._capability()
        if path == "/v1/.well-known/smart-configuration":
            return 200, {}, {"token_endpoint": f"http://{headers['host']}/v1/oauth/token"}
        if path == "/v1/oauth/token":
            return self._token(body, headers)
        if path == "/certificates":
            return 200, {}, {"certificates": self.certificates}
        if path.startswith("/certificates/"):
            return self._certificate(path.removeprefix("/certificates/"))
        if not path.startswith("/conformance-runs"):
            return 404, {}, {}
        if self.expired:
            self.expired -= 1
            return 401, {}, {}
        if self.busy:
            self.busy -= 1
            return 503, {"Retry-After": "1"}, {}
        return self._run(method, path.removeprefix("/conformance-runs"), body)

    def _certificate(self, id):
        if id == "keys":
            return 200, {}, self.keys
        found = [each for each in self.certificates if each["id"] == id]
        return (200, {}, found[0]) if found else (404, {}, {})

    def _capability(self):
        kind = "https://hub.wioa.example/schemas/Referral|1.0.0"
        return {
            "resourceType": "CapabilityStatement",
            "software": {"name": "WIOA Hub", "version": "1"},
            "rest": [{"resource": [{"type": "Referral", "supportedProfile": [kind]}]}],
        }

    def _token(self, body, headers):
        basic = b64decode(headers.get("authorization", "").removeprefix("Basic ")).decode()
        if basic != "agency:right" and "client_assertion" not in parse_qs(body):
            return 401, {}, {"error": "invalid_client"}
        return 200, {}, {"access_token": "t", "scope": self.scope}

    def _run(self, method, path, body):
        asked = json.loads(body) if body else {}
        if not path:
            if method == "GET":
                state = "aborted" if self.is_ended else "running"
                return 200, {}, {"runs": [{"id": "cf-1", "state": state}]}
            if self.is_full:
                told = "At most 3 runs are under way at once; end one first."
                return 422, {}, {"issue": [{"diagnostics": told}]}
            self.asked = asked
            made = {"id": "cf-1", "state": "ready", "base": "http://127.0.0.1:9/cf/x"}
            return 201, {}, {**made, **asked, "clientId": "product", "clientSecret": "s"}
        return self._of_run(path.removeprefix("/cf-1"), asked)

    def _of_run(self, path, asked):  # noqa: PLR0911 - a route each
        if path == "/next":
            left = STEPS[len(self.told) :]
            return 200, {}, {"step": left[0] if left else None}
        if path.startswith("/steps/"):
            return self._done(path.split("/")[2], asked)
        if path == "/evaluate":
            self.report = a_report(*map(_judged, self.told), reached=self._is_reached())
            return 200, {}, self.report
        if path == "/report":
            return 200, {}, self.report
        if path == "/abort":
            self.is_ended = True
            return 200, {}, {}
        if path == "/fault":
            told = {"issue": [{"diagnostics": self.unarmed}]}
            return (422, {}, told) if self.unarmed else (201, {}, asked)
        if path == "/unmatched":
            return 200, {}, {"unmatched": self.unmatched}
        if path == "/exchanges":
            return 200, {}, {"exchanges": self.exchanges}
        if path == "":
            state = "passed" if self.report else self.state
            mode = self.asked.get("mode", "practice")
            named = {"level": 1, "profile": "both", "mode": mode}
            return 200, {}, {"id": "cf-1", "state": state, **named}
        return 404, {}, {"issue": [{"diagnostics": "There is no such run."}]}

    def _done(self, key, asked):
        if len(self.told) >= len(STEPS) or STEPS[len(self.told)]["key"] != key:
            return 400, {}, {"issue": [{"diagnostics": "This step is not under way."}]}
        self.told.append(asked)
        if key in self.lost:
            self.lost.remove(key)
            return 503, {"Retry-After": "1"}, {}
        return 200, {}, {"key": key}

    def _is_reached(self):
        return [each["status"] for each in self.told] == ["done"] * len(STEPS)

    @property
    def transport(self):
        def answer(request):
            status, headers, body = self.answer(
                request.method, request.url.path, request.content.decode(), request.headers
            )
            return httpx.Response(status, headers=headers, json=body)

        return httpx.MockTransport(answer)

    @contextmanager
    def served(self):
        """Yield the base under which it answers on this machine."""
        hub = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self):
                length = int(self.headers.get("Content-Length") or 0)
                told = {name.lower(): value for name, value in self.headers.items()}
                body, path = self.rfile.read(length).decode(), urlsplit(self.path).path
                status, headers, found = hub.answer(self.command, path, body, told)
                raw = json.dumps(found).encode()
                self.send_response_only(status)
                for name, value in ({"Content-Length": str(len(raw))} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(raw)

            do_POST = do_GET  # noqa: N815 - the name that http.server calls

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1"
        finally:
            server.shutdown()
            server.server_close()


def _judged(told):
    return a_verdict("L1-09", "PASS" if told["status"] == "done" else "NOT-EXERCISED")


ADAPTER = """
import json, sys
for line in sys.stdin:
    said = json.loads(line)
    cmd = said["cmd"]
    if cmd == "hello":
        product = {"name": "CaseTrack", "version": "7.3"}
        print(json.dumps({"protocol": 1, "product": product, "profile": "both", "steps": []}))
    elif cmd == "step":
        answer = {"id": said["id"], "status": "done"}
        STEP
        print(json.dumps(answer))
    elif cmd == "bye":
        break
    sys.stdout.flush()
"""


def a_command(folder, step="pass", name="adapter.py"):
    """Return the command of a toy adapter; `step` is what it does before it answers done."""
    path = folder / name
    path.write_text(textwrap.dedent(ADAPTER).replace("STEP", step))
    return [sys.executable, str(path)]


def settings(hub, command, **more):
    return {
        "hub": hub,
        "client": "agency",
        "secret": "file:secret",
        "adapter": {"kind": "command", "command": command},
        **more,
    }


def a_config(folder, command, hub="http://127.0.0.1:8000/v1", **more):
    """Return a configuration whose secret is the right one."""
    (folder / "secret").write_text("right")
    return checked(settings(hub, command, **more), folder)
