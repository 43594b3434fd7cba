"""The hub as a product sees it: reading, searching, creating, updating, following changes.

All habits that keep shared records safe are here, so that no step of the product needs its own:
the hub's own addresses, a token that is renewed, patience, one key for each business act, the tag
of what was read, pages to their end.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from threading import RLock
from typing import Any
from urllib.parse import quote_plus
from uuid import uuid4

import httpx

from conformance.client import patience
from conformance.client.discovery import FHIR, Capability, bundled, kinds
from conformance.client.errors import Refused, Unanswered

Body = dict[str, Any]
SECONDS = 4.0
"""How long an answer is waited for; then the same is asked again, under the same key."""
SPARE = 30.0
"""A token is renewed so many seconds before it ends."""
UNAUTHORIZED, PRECONDITION_FAILED = 401, 412


@dataclass(frozen=True)
class Record:
    """A resource as it was read, and the tag that says which version it was."""

    body: Body
    etag: str


class Hub:
    """One client of the hub; threads may share it, its requests go one after the other."""

    def __init__(
        self,
        base: str,
        client_id: str,
        secret: str,
        *,
        product: str = "CaseTrack/7.3",
        http: httpx.Client | None = None,
    ) -> None:
        self.base = base.rstrip("/")
        self._credential = (client_id, secret)
        self._http = http or httpx.Client(timeout=SECONDS, trust_env=False)
        self._named = {"User-Agent": f"{product} (httpx)"}
        self._known: Capability | None = None
        self._token = ""
        self._until = 0.0
        self._lock = RLock()

    def get(self, reference: str) -> Record:
        """Return a resource by `Type/id`; raise Refused."""
        reply = self.ask("GET", reference)
        if "Deprecation" in reply.headers:
            # Its version is to end: read it in the one that is written from now on.
            reply = self.ask("GET", reference)
        return Record(_body(reply), reply.headers.get("ETag", ""))

    def search(self, kind: str, **criteria: Any) -> list[Body]:
        """Return what is found, of all pages; criteria travel in the body, never in an address.

        A parameter with a dash is given as `**{"birth-date": …}`.
        """
        first = self.ask("POST", f"{kind}/_search", form=criteria)
        return [each["resource"] for page in self.pages(_body(first)) for each in _entries(page)]

    def create(self, kind: str, body: Body, key: str) -> Body:
        """Create a resource once, however often it is sent under this key; return it."""
        whole = {"resourceType": kind, **body}
        return _body(self.ask("POST", kind, whole, {"Idempotency-Key": key}))

    def update(
        self,
        reference: str,
        change: Callable[[Body], Body],
        *,
        conflict: Callable[[Body, Body], None] | None = None,
    ) -> Body:
        """Change a resource on its newest version and return what stands then.

        When somebody else wrote first, `conflict` is told what was meant to be sent and what stands
        now, and may raise NeedsPerson; then the change is made anew, on what they wrote.
        """
        read = self.get(reference)
        for _ in range(patience.TRIES):
            mine = change(deepcopy(read.body))
            if mine == read.body:
                return mine
            try:
                return self.put(reference, mine, read.etag)
            except Refused as refusal:
                if refusal.status != PRECONDITION_FAILED:
                    raise
            read = self.get(reference)
            if conflict is not None and change(deepcopy(read.body)) != read.body:
                conflict(mine, read.body)
        raise Unanswered("Others kept writing the same resource.")

    def put(self, reference: str, body: Body, etag: str) -> Body:
        """Store the version after the one that was read; raise Refused (412) when it is not."""
        return _body(self.ask("PUT", reference, body, {"If-Match": etag}))

    def operation(self, path: str, inputs: Body | None = None, key: str = "") -> Body:
        """Return what an operation answers: asked by GET without inputs, else by POST."""
        if inputs is None:
            return _body(self.ask("GET", path))
        return _body(self.ask("POST", path, inputs, {"Idempotency-Key": key or str(uuid4())}))

    def send(self, bundle: Body, key: str) -> list[Body]:
        """Send a batch or transaction once under this key; return the entries of its answer."""
        return _entries(_body(self.ask("POST", "", bundle, {"Idempotency-Key": key})))

    def changes(
        self, cursor: str = "", only: Sequence[str] = (), wait: int = 0
    ) -> tuple[list[Body], str]:
        """Return the entries of the feed since a cursor, and the cursor to keep for next time.

        Without a cursor it begins at the beginning. The cursor is the hub's link, as it was;
        the types asked for (`only`) and the seconds that the hub may wait for news are part of it.
        """
        asked = {"_type": ",".join(only), "wait": str(wait or "")}
        query = "&".join(f"{name}={value}" for name, value in asked.items() if value)
        found: list[Body] = []
        for page in self.pages(_body(self.ask("GET", cursor or f"$changes?{query}".rstrip("?")))):
            if not _entries(page):
                return found, _next(page)
            found += _entries(page)
        raise Unanswered("The feed did not say where to go on.")

    def pages(self, page: Body) -> Iterator[Body]:
        """Yield a page and all that follow, by their links exactly as they are."""
        yield page
        while link := _next(page):
            page = _body(self.ask("GET", link))
            yield page

    def ask(
        self,
        method: str,
        path: str,
        body: Body | None = None,
        headers: Mapping[str, str] = {},
        form: Mapping[str, Any] | None = None,
    ) -> httpx.Response:
        """Return the answer to a request below the base, or of a link; raise Refused."""
        with self._lock:
            reply = self._authorized(method, path, body, headers, form)
            if "Deprecation" in reply.headers:
                self._known = None
        if reply.is_success:
            return reply
        raise Refused(reply.status_code, _body(reply).get("issue", ()))

    def _authorized(self, method: str, path: str, *how: Any) -> httpx.Response:
        reply = self._sent(method, path, *how)
        if reply.status_code == UNAUTHORIZED:
            self._until = 0.0
            reply = self._sent(method, path, *how)
        return reply

    def _sent(
        self,
        method: str,
        path: str,
        body: Body | None,
        headers: Mapping[str, str],
        form: Mapping[str, Any] | None,
    ) -> httpx.Response:
        known = self.capability()
        about = kinds(path.removeprefix(known.url).lstrip("/")) or bundled(body or {})
        versions = known.media_type(about)
        sent = {**self._named, "Accept": versions, **headers}
        sent["Authorization"] = f"Bearer {self.token()}"
        if body is not None:
            # What was read says itself in which version it is; metadata may have moved on since.
            own = body.get("meta", {}).get("profile")
            sent["Content-Type"] = f'{FHIR}; profile="{own[0]}"' if own else versions
        return self.patiently(
            lambda: self._http.request(method, self.url(path), json=body, data=form, headers=sent)
        )

    def url(self, path: str) -> str:
        """Return the address of a path; a link of the hub is one already, and stays as it is."""
        known = self.capability()
        return path if path.startswith(f"{known.url}/") else known.address(path)

    def capability(self) -> Capability:
        """Return what the hub says of itself; it is read first, and anew when a version ends."""
        if self._known is None:
            headers = {**self._named, "Accept": FHIR}
            reply = self.patiently(lambda: self._http.get(f"{self.base}/metadata", headers=headers))
            if not reply.is_success:
                raise Refused(reply.status_code)
            self._known = Capability(_body(reply))
        return self._known

    def token(self) -> str:
        """Return a token that is good for a while, a new one when the last is about to end."""
        if time.monotonic() > self._until - SPARE:
            url = self.token_url()
            # Both halves are form-encoded inside Basic (RFC 6749 section 2.3.1).
            auth = (quote_plus(self._credential[0]), quote_plus(self._credential[1]))
            form = {"grant_type": "client_credentials"}
            how: Body = {"data": form, "auth": auth, "headers": self._named}
            reply = self.patiently(lambda: self._http.post(url, **how))
            if not reply.is_success:
                raise Refused(reply.status_code)
            self._token = str(_body(reply)["access_token"])
            self._until = time.monotonic() + float(_body(reply)["expires_in"])
        return self._token

    def token_url(self) -> str:
        """Return where tokens are given out, as the hub says."""
        return self.capability().token_url

    def patiently(self, ask: Callable[[], httpx.Response]) -> httpx.Response:
        """Return an answer, asking again as the hub says, or when the answer was lost."""
        return patience.patiently(ask, patience.pause)


def _body(reply: httpx.Response) -> Body:
    try:
        found = reply.json() if reply.content else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _entries(page: Body) -> list[Body]:
    return list(page.get("entry", ()))


def _next(page: Body) -> str:
    links = {each["relation"]: each["url"] for each in page.get("link", ())}
    return str(links.get("next", ""))
