"""The door of a sandbox: every request is written down, and the partner's may meet a fault.

Only sandboxes have such a door, so no fault can ever reach anybody's data. Bodies are of invented
persons only.
"""

import io
import json
import time
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from werkzeug.test import run_wsgi_app
from werkzeug.wsgi import get_input_stream

from app.interactions.runs import Row, Runs
from app.model.codec import encode
from app.model.errors import Issue
from app.model.outcome import outcome
from app.model.pattern import matches
from conformance.exchange import PARTNER

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]
KEPT = (
    "user-agent", "if-match", "if-none-match", "if-none-exist", "idempotency-key", "content-type",
    "accept", "purpose-of-use", "prefer", "x-request-id",
)  # fmt: skip
TOLD = ("etag", "location", "retry-after", "content-type", "deprecation", "sunset", "link")
UNAUTHENTICATED = 401
NEVER_ISSUED = ("000", "666")
ON_PURPOSE = "The hub does this on purpose, in a conformance run."
REAL = "An SSN here has the area 000 or 666: the people of a run are invented. It is not kept."
MOST = 8 * 1024 * 1024
BUSY = {"F2": (503, "transient"), "F3": (503, "transient"), "F13": (503, "transient")}


class Door:
    """The door of the sandbox of one run."""

    def __init__(  # noqa: PLR0913, PLR0917 - what is behind it, who comes, what it does
        self,
        app: Wsgi,
        runs: Runs,
        run: str,
        who: Callable[[str], str],
        play: Callable[[str], None],
        sequence: Callable[[], None],
    ) -> None:
        self._app = app
        self._runs = runs
        self._run = run
        self._who = who
        self._play = play
        self._sequence = sequence

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request; `environ` has the path below the base in `hub.below`."""
        body = _read(environ)
        environ["hub.query"] = environ.get("QUERY_STRING", "")
        run = self._runs.get(self._run) or {}
        who = self._who(_client(environ))
        fault = self._fault(environ, who)
        if environ["hub.below"] == "$changes":
            self._sequence()
        at, told = time.time(), _json(body)
        if names_somebody(told):
            sent, told = _refusal(422, "business-rule", REAL), None
        else:
            sent = self._answer(environ, fault)
        self._runs.note(self._run, _exchange(environ, told, sent, at, run, who, fault))
        return _send(sent, start_response, is_cut=bool(fault and fault["name"] == "F4"))

    def _fault(self, environ: Environ, who: str) -> Row | None:
        """Return what happens to a request; ghosts that act just before it do so here."""
        if who != PARTNER:
            return None
        met = None
        for each in self._runs.armed(self._run):
            if each["method"] not in ("*", environ["REQUEST_METHOD"]):
                continue
            is_meant = matches(f"^(?:{each['path']})", environ["hub.below"])
            if is_meant and self._runs.take(each["id"]):
                if each["play"]:
                    self._play(each["play"])
                if each["name"] != "F1":
                    return each
                met = each
        return met

    def _answer(self, environ: Environ, fault: Row | None) -> "Sent":
        name = fault["name"] if fault else ""
        if fault is None or name in ("F1", "F3", "F4", "F6", "F10", "F11", "F12"):
            if name == "F10":
                environ["QUERY_STRING"] = _with_count(environ["QUERY_STRING"])
            sent = _called(self._app, environ)
            if fault and name == "F6":
                time.sleep(fault["seconds"])
            if fault and name == "F3":
                return _refusal(503, "transient", ON_PURPOSE, fault["seconds"])
            return _shuffled(sent, name) if name in ("F11", "F12") else sent
        status, code = {
            **BUSY, "F5": (429, "throttled"), "F7": (401, "login"), "F8": (422, "business-rule"),
            "F17": (403, "forbidden"),
        }[name]  # fmt: skip
        return _refusal(status, code, ON_PURPOSE, fault["seconds"])


@dataclass(frozen=True)
class Sent:
    """An answer on its way: status, headers, bytes."""

    status: str
    headers: list[tuple[str, str]]
    content: bytes


def names_somebody(body: Any) -> bool:
    """Whether a body holds an SSN that may be somebody's: of an area other than 000 and 666.

    These two were never issued (20 CFR 422.103, SSA area numbers).
    """
    if isinstance(body, list):
        return any(map(names_somebody, body))
    if not isinstance(body, dict):
        return False
    ssn = body.get("ssn")
    is_real = isinstance(ssn, str) and ssn[:3].isdigit() and not ssn.startswith(NEVER_ISSUED)
    return is_real or any(map(names_somebody, body.values()))


def _read(environ: Environ) -> bytes:
    """Return the body, whole or chunked, and have what is behind the door read it again."""
    body = get_input_stream(environ).read(MOST + 1)
    if "HTTP_TRANSFER_ENCODING" in environ:
        del environ["HTTP_TRANSFER_ENCODING"]
        environ["CONTENT_LENGTH"] = str(len(body))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def _called(app: Wsgi, environ: Environ) -> Sent:
    content, status, headers = run_wsgi_app(app, environ, buffered=True)
    return Sent(status, list(headers.items()), b"".join(content))


def _refusal(status: int, code: str, sentence: str, seconds: int = 1) -> Sent:
    text = encode(outcome([Issue(code, code, sentence)], "")).encode()
    headers = [("Content-Type", "application/fhir+json"), ("Content-Length", str(len(text)))]
    if status in (429, 503):
        headers.append(("Retry-After", str(seconds)))
    if status == UNAUTHENTICATED:
        headers.append(("WWW-Authenticate", 'Bearer realm="hub"'))
    return Sent(f"{status} ", headers, text)


def _shuffled(sent: Sent, name: str) -> Sent:
    bundle = json.loads(sent.content)
    entries = bundle.get("entry", [])
    if name == "F11":
        bundle["entry"] = [each for each in entries for _ in range(3)]
    else:
        bundle["entry"] = entries[::-1]
    text = json.dumps(bundle).encode()
    kept = [pair for pair in sent.headers if pair[0].lower() != "content-length"]
    return Sent(sent.status, [*kept, ("Content-Length", str(len(text)))], text)


def _with_count(query: str) -> str:
    kept = [each for each in query.split("&") if each and not each.startswith("_count=")]
    return "&".join([*kept, "_count=2"])


def _send(sent: Sent, start_response: StartResponse, *, is_cut: bool) -> Iterable[bytes]:
    start_response(sent.status, sent.headers)
    if not is_cut:
        return [sent.content]
    return _cut(sent.content)


def _cut(content: bytes) -> Iterable[bytes]:
    """Yield half of an answer, and then end the connection as a broken line would."""
    yield content[: len(content) // 2]
    raise ConnectionResetError


def _client(environ: Environ) -> str:
    """Return the client that a token names, whether or not the hub will believe it."""
    token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")[2]
    try:
        part = token.split(".")[1]
        claims = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return str(claims["client_id"])
    except (IndexError, ValueError, KeyError, TypeError):
        return ""


def _exchange(  # noqa: PLR0913, PLR0917 - what was asked, answered, when, in which run, by whom
    environ: Environ, body: Any, sent: Sent, at: float, run: Row, who: str, fault: Row | None
) -> Row:
    headers = {
        name: environ[key]
        for name in KEPT
        if (key := _key(name)) in environ and environ[key] is not None
    }
    told = {k.lower(): v for k, v in sent.headers if k.lower() in TOLD}
    return {
        "at": at,
        "step": run.get("step", ""),
        "who": who,
        "method": environ["REQUEST_METHOD"],
        "path": environ["hub.below"],
        "query": environ["hub.query"],
        "headers": headers,
        "body": body if not environ["hub.below"].startswith("oauth") else None,
        "status": int(sent.status.split()[0]),
        "answer_headers": told,
        "answer": _json(sent.content) if not environ["hub.below"].startswith("oauth") else None,
        "fault": fault["name"] if fault else "",
    }


def _key(name: str) -> str:
    upper = name.upper().replace("-", "_")
    return upper if name == "content-type" else f"HTTP_{upper}"


def _json(text: bytes) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return None
