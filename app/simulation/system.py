"""One agency's case management system, as the hub sees it: a client with a token, over HTTP."""

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from itertools import count
from threading import Lock
from time import monotonic, sleep
from typing import Any, Self

import httpx
import orjson

Body = dict[str, Any]
FHIR = {"Content-Type": "application/fhir+json"}
MERGE = "application/merge-patch+json"
SECONDS = 120.0
"""Longest that one answer may take."""
RETRYABLE = "https://hub.wioa.example/extensions/retryable"
TRIES = 8
BUSY = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
LONGEST_WAIT = 30.0
"""Longest pause that the hub's Retry-After is followed for, in seconds."""
SPARE = 30.0
"""A token is renewed so many seconds before it ends."""


class Refused(Exception):
    """The hub did not do what a system asked; the text is the hub's own, without any values."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{status}: {text}")
        self.status = status


class Unanswered(Exception):
    """The hub gave no answer, however often it was asked."""


class Connection:
    """The way to one hub that all systems of a run share, and the count of their requests.

    `run` is the name of the run: with a number it makes each write's Idempotency-Key, so that a
    write may be sent again.
    """

    def __init__(self, http: httpx.Client, url: str, run: str) -> None:
        self.url = url
        self.requests = 0
        self._http = http
        self._run = run
        self._numbers = count(1)
        self._lock = Lock()

    @classmethod
    @contextmanager
    def opened(cls, url: str, run: str) -> Iterator[Self]:
        """Yield a connection; no proxy lies between, since the hub listens on this machine."""
        with httpx.Client(timeout=SECONDS, trust_env=False) as http:
            yield cls(http, url, run)

    def new_key(self) -> str:
        """Return an idempotency key."""
        return f"{self._run}-{next(self._numbers)}"

    def send(self, method: str, path: str, **how: Any) -> httpx.Response:
        """Send one request below the base; raise TransportError when no answer comes."""
        with self._lock:
            self.requests += 1
        return self._http.request(method, f"{self.url}/{path}".rstrip("/"), **how)


class System:
    """Speaks for one client of the hub, with one purpose; several threads may use it."""

    def __init__(self, hub: Connection, client: str, secret: str, purpose: str = "") -> None:
        self.hub = hub
        self.client = client
        self._secret = secret
        self._purpose = {"Purpose-Of-Use": purpose} if purpose else {}
        self._token = ""
        self._until = 0.0
        self._lock = Lock()

    @property
    def partner(self) -> str:
        """The reference of the partner that a demo client writes for; it has the same id."""
        return f"Partner/{self.client}"

    def link(self, resource: Body) -> str:
        """Return the absolute address of this version of a resource."""
        return f"{self.hub.url}/{reference(resource)}/_history/{resource['meta']['versionId']}"

    def read(self, path: str) -> Body:
        """Return what stands at a path below the base, with its query."""
        return self._asked("GET", path)

    def found(self, path: str) -> list[Body]:
        """Return the resources of all pages of a search."""
        found: list[Body] = []
        while path:
            page = self._asked("GET", path)
            found += [each["resource"] for each in page.get("entry", ())]
            links = {each["relation"]: each["url"] for each in page.get("link", ())}
            path = links.get("next", "").removeprefix(f"{self.hub.url}/")
        return found

    def post(self, path: str, body: Body) -> Body:
        """Create a resource, ask an operation, or send a bundle at the path ""."""
        return self._asked("POST", path, body)

    def put(self, resource: Body) -> Body:
        """Store the next version of a resource that was read; it must still be the latest."""
        tag = {"If-Match": f'W/"{resource["meta"]["versionId"]}"'}
        return self._asked("PUT", reference(resource), resource, tag)

    def patch(self, resource: Body, change: Body) -> Body:
        """Change some elements of a resource that was read.

        When others changed it meanwhile, as the hub's own worker may, it is read again first.
        """
        for _ in range(TRIES):
            try:
                return self._patched(resource, change)
            except Refused as refusal:
                if refusal.status != HTTPStatus.PRECONDITION_FAILED:
                    raise
                resource = self.read(reference(resource))
        return self._patched(resource, change)

    def _patched(self, resource: Body, change: Body) -> Body:
        tag = {"If-Match": f'W/"{resource["meta"]["versionId"]}"', "Content-Type": MERGE}
        return self._asked("PATCH", reference(resource), change, tag)

    def transaction(self, entries: Sequence[Body]) -> list[Body]:
        """Do all entries in one commit and return the resources that they left, in order."""
        done = self.post("", {"resourceType": "Bundle", "type": "transaction", "entry": entries})
        return [each.get("resource", {}) for each in done.get("entry", ())]

    def _asked(
        self, method: str, path: str, body: Body | None = None, more: Mapping[str, str] = {}
    ) -> Body:
        headers = {**FHIR, **self._purpose, **more}
        text = None if body is None else orjson.dumps(body)
        if method != "GET":
            headers["Idempotency-Key"] = self.hub.new_key()

        def ask() -> httpx.Response:
            headers["Authorization"] = f"Bearer {self._bearer()}"
            return self.hub.send(method, path, content=text, headers=headers)

        return _read(_answered(ask))

    def _bearer(self) -> str:
        with self._lock:
            if monotonic() > self._until - SPARE:
                pair = b64encode(f"{self.client}:{self._secret}".encode()).decode()
                headers = {"Authorization": f"Basic {pair}"}
                form = {"grant_type": "client_credentials"}
                answer = _read(self.hub.send("POST", "oauth/token", data=form, headers=headers))
                self._token = answer["access_token"]
                self._until = monotonic() + answer["expires_in"]
            return self._token


def reference(resource: Body) -> str:
    """Return `Type/id`."""
    return f"{resource['resourceType']}/{resource['id']}"


def to(resource: Body | str) -> Body:
    """Return a reference element to a resource, or to `Type/id`."""
    name = resource if isinstance(resource, str) else reference(resource)
    return {"reference": name}


def new(resource: Body, name: str = "") -> Body:
    """Return the bundle entry that creates a resource; `name` is its urn:uuid in the bundle."""
    entry = {"request": {"method": "POST", "url": resource["resourceType"]}, "resource": resource}
    return {"fullUrl": name, **entry} if name else entry


def changed(name: str, change: Body) -> Body:
    """Return the bundle entry that patches `Type/id`."""
    data = b64encode(orjson.dumps(change)).decode()
    binary = {"resourceType": "Binary", "contentType": MERGE, "data": data}
    return {"request": {"method": "PATCH", "url": name}, "resource": binary}


def _answered(ask: Callable[[], httpx.Response]) -> httpx.Response:
    """Return the answer; what asking again can help is asked again, later and later."""
    for attempt in range(TRIES):
        pause = float(attempt)
        try:
            reply = ask()
            if not _may_help(reply):
                return reply
            pause = min(float(reply.headers.get("Retry-After", 1)), LONGEST_WAIT)
        except httpx.TransportError:
            pass
        sleep(pause)
    try:
        return ask()
    except httpx.TransportError as error:
        raise Unanswered("The hub does not answer.") from error


def _may_help(reply: httpx.Response) -> bool:
    """Whether asking again can help: the hub is busy, or others kept writing the same rows."""
    if reply.status_code != HTTPStatus.CONFLICT:
        return reply.status_code in BUSY
    said = [more for each in _body(reply).get("issue", ()) for more in each.get("extension", ())]
    return {"url": RETRYABLE, "valueBoolean": True} in said


def _read(reply: httpx.Response) -> Body:
    body = _body(reply)
    if reply.is_success:
        return body
    issues = [_said(each) for each in body.get("issue", ())] or [str(body.get("error", ""))]
    raise Refused(reply.status_code, " ".join(issues).strip())


def _body(reply: httpx.Response) -> Body:
    try:
        found: Body = orjson.loads(reply.content) if reply.content else {}
    except ValueError:
        return {}
    return found


def _said(issue: Body) -> str:
    place = " ".join(issue.get("expression", ()))
    text = issue.get("details", {}).get("text") or issue.get("diagnostics", "")
    return f"{text} ({place})" if place else text
