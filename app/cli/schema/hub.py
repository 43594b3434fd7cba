"""The hub as a staff client sees it: drafts below its base, what is published at `/schemas`."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from http import HTTPStatus
from time import sleep
from typing import Any, Self
from urllib.parse import urlsplit

import click
import httpx

from app.cli.access_token import Credentials, access_token, connection
from app.cli.schema.refusal import Refused, Shut, Unusable

Body = dict[str, Any]
TYPE = "SchemaVersion"
SECONDS = 120.0
"""Longest that one answer may take."""
BUSY = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
TRIES, LONGEST_WAIT = 15, 30.0
HEADERS = {
    "Accept": "application/json",
    "Content-Type": "application/json",
    "Purpose-Of-Use": "administration",
}
VALUES = {int: "valueInteger", str: "valueString", date: "valueDate"}


class StaffHub:
    """Asks one hub as one client; a token that ended is renewed."""

    def __init__(self, http: httpx.Client, url: str, who: Credentials) -> None:
        self.client = who.client
        self._http = http
        self._url = url.rstrip("/")
        self._who = who
        self._token = ""

    @classmethod
    @contextmanager
    def opened(cls, url: str, who: Credentials) -> Iterator[Self]:
        """Yield the hub at the base `url`; a test may hand in the transport as click's object."""
        given = click.get_current_context().find_object(httpx.BaseTransport)
        with connection(given) as http:
            yield cls(http, url, who)

    def found(self, id: str) -> Body | None:
        """Return a version as it is stored, None when there is none."""
        try:
            return self._asked("GET", f"{self._url}/{TYPE}/{id}")
        except Refused as refusal:
            if refusal.status not in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
                raise
        return None

    def search(self, **criteria: str) -> list[Body]:
        """Return the versions of all pages of a search."""
        address = f"{self._url}/{TYPE}?{httpx.QueryParams(criteria)}"
        found: list[Body] = []
        while address:
            page = self._asked("GET", address)
            found += [each["resource"] for each in page.get("entry", ())]
            links = {each["relation"]: each["url"] for each in page.get("link", ())}
            address = links.get("next", "")
        return found

    def put(self, body: Body, seen: int | None) -> Body:
        """Store a draft; `seen` is the versionId it was made from, None for a new one."""
        tag = {"If-None-Match": "*"} if seen is None else {"If-Match": f'W/"{seen}"'}
        return self._asked("PUT", f"{self._url}/{TYPE}/{body['id']}", body, tag)

    def operation(self, id: str, name: str, **inputs: Any) -> Body:
        """Ask `$name` on a version; inputs that are None are left out, lists are repeated."""
        body = {"resourceType": "Parameters", "parameter": [*_parameters(inputs)]}
        return self._asked("POST", f"{self._url}/{TYPE}/{id}/${name}", body)

    def dry_run(self, draft: Body) -> Body:
        """Return the report on a draft that is not stored; its text is sent as it was written."""
        rest = {name: draft[name] for name in ("base", "examples") if name in draft}
        text = f'{{"schema": {draft["text"]}, {json.dumps(rest)[1:]}'
        url = f"{self._origin}/schemas/{draft['type']}/$check"
        return _read(self._answered("POST", url, text), self.client)

    def usage(self, kind: str) -> Body:
        """Return which clients use which versions of a type, as the hub answers it."""
        asked = httpx.QueryParams({"type": kind})
        return self._asked("GET", f"{self._url}/{TYPE}/$usage?{asked}")

    def published(self, path: str = "", **query: str) -> Body:
        """Return what stands below `/schemas`."""
        asked = f"?{httpx.QueryParams(query)}" if query else ""
        return self._asked("GET", f"{self._origin}/schemas{path}{asked}")

    def certificates(self, path: str = "", **said: str) -> Body:
        """Return what stands below `/certificates`; with something to say, do what `path` names."""
        url = f"{self._origin}/certificates{path}"
        return self._asked("POST", url, said) if said else self._asked("GET", url)

    def text(self, path: str) -> str:
        """Return what stands below `/schemas` byte for byte, empty when there is nothing."""
        reply = self._answered("GET", f"{self._origin}/schemas{path}")
        if reply.status_code == HTTPStatus.NOT_FOUND:
            return ""
        _read(reply, self.client)
        return reply.content.decode()

    @property
    def _origin(self) -> str:
        parts = urlsplit(self._url)
        return f"{parts.scheme}://{parts.netloc}"

    def _asked(
        self, method: str, url: str, body: Body | None = None, more: Mapping[str, str] = {}
    ) -> Body:
        text = None if body is None else json.dumps(body)
        return _read(self._answered(method, url, text, more), self.client)

    def _answered(
        self, method: str, url: str, text: str | None = None, more: Mapping[str, str] = {}
    ) -> httpx.Response:
        try:
            return self._patiently(method, url, text, more)
        except (httpx.TransportError, httpx.InvalidURL):
            told = f"No hub answers at {self._url}; start one with hub serve, or give --url."
            raise Unusable(told) from None

    def _patiently(
        self, method: str, url: str, text: str | None, more: Mapping[str, str]
    ) -> httpx.Response:
        """Return the answer; a busy hub is asked again, an ended token renewed once."""
        reply = self._sent(method, url, text, more)
        for attempt in range(1, TRIES):
            if reply.status_code == HTTPStatus.UNAUTHORIZED and attempt == 1:
                self._token = ""
            elif reply.status_code in BUSY:
                sleep(min(float(reply.headers.get("Retry-After", attempt)), LONGEST_WAIT))
            else:
                break
            reply = self._sent(method, url, text, more)
        return reply

    def _sent(
        self, method: str, url: str, text: str | None, more: Mapping[str, str]
    ) -> httpx.Response:
        self._token = self._token or access_token(self._http, self._url, self._who)
        headers = {**HEADERS, **more, "Authorization": f"Bearer {self._token}"}
        return self._http.request(method, url, content=text, headers=headers, timeout=SECONDS)


def outputs(answer: Body) -> Body:
    """Return the values of a Parameters resource by their names."""
    return {
        each["name"]: next((value for name, value in each.items() if name != "name"), None)
        for each in answer.get("parameter", ())
    }


def said(body: Any, *, of_move: bool = False) -> list[str]:
    """Return the sentences of an OperationOutcome, each with its place.

    Of a move only places in the schema are told; who moves a draft sees no fields of it.
    """
    issues = body.get("issue", ()) if isinstance(body, dict) else ()
    return [_said(each, "#" if of_move else "") for each in issues]


def _said(issue: Body, beginning: str) -> str:
    text = issue.get("details", {}).get("text") or issue.get("diagnostics", "")
    places = issue.get("expression", ())
    place = " ".join(each for each in places if each.startswith(beginning))
    return f"{text} ({place})" if place else str(text)


def _parameters(inputs: Mapping[str, Any]) -> Iterator[Body]:
    for name, value in inputs.items():
        for each in value if isinstance(value, tuple | list) else (value,):
            if each is not None:
                told = str(each) if isinstance(each, date) else each
                yield {"name": name, VALUES[type(each)]: told}


def _read(reply: httpx.Response, client: str) -> Body:
    try:
        body: Body = reply.json() if reply.content else {}
    except ValueError:
        body = {}
    if reply.is_success:
        return body
    is_shut = reply.status_code == HTTPStatus.UNPROCESSABLE_ENTITY and "$" in reply.url.path
    sentences = "\n".join(said(body, of_move=is_shut)) or f"The hub answered {reply.status_code}."
    if reply.status_code == HTTPStatus.UNAUTHORIZED:
        raise Unusable(f"The hub does not take the token of {client}.")
    if reply.status_code == HTTPStatus.FORBIDDEN:
        sentences += f"\nThis is for state staff; you asked as {client}, see --as."
    if is_shut:
        raise Shut(sentences, body)
    raise Refused(sentences, reply.status_code, body)
