"""Bundles of type searchset and history, as JSON text joined from the texts that are kept.

https://hl7.org/fhir/R4/bundle.html
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from app.model.codec import Resource, encode
from app.model.feed import ChangesPage
from app.model.history import HistoryPage
from app.model.query import CURSOR, SearchPage
from app.model.query_result import ALWAYS
from app.model.version import Version, instant

SUBSETTED = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "SUBSETTED",
    "display": "Resource encoded in summary mode",
}
"""The tag of a resource that is not shown whole, so that nobody sends it back as if it were."""

SEQUENCE = "https://hub.wioa.example/extensions/sequence"
"""The number of a change in the feed: dense, so that a reader can tell that it missed none."""
MATCHED = '"search":{"mode":"match"}'
INCLUDED = '"search":{"mode":"include"}'


def searchset(base: str, page: SearchPage, at: datetime | None = None) -> str:
    """Return the JSON text of a page of search results.

    `base` is the absolute base URL, `at` the moment of the answer.
    """
    query = page.query
    path = query.type if page.path is None else page.path
    address = f"{base}/{path}".rstrip("/")
    links = _links(f"{address}?{query.canonical}", page.next)
    matches = [_match(base, each, query.elements) for each in page.versions]
    included = [_entry(base, each, each.text, INCLUDED) for each in page.included]
    return _bundle("searchset", page.total, links, [*matches, *included], at)


def history(base: str, page: HistoryPage, at: datetime | None = None) -> str:
    """Return the JSON text of a page of versions; an entry for a deletion has no resource."""
    links = _links(f"{base}/{page.query.path}?{page.query.canonical}", page.next)
    entries = (_event(base, each) for each in page.versions)
    return _bundle("history", None, links, entries, at)


def changes(base: str, page: ChangesPage) -> str:
    """Return the JSON text of a page of the change feed, each entry with its number."""
    query = page.query
    links = [
        {"relation": "self", "url": f"{base}/{query.address(query.cursor)}"},
        {"relation": "next", "url": f"{base}/{query.address(page.next)}"},
    ]
    entries = (_event(base, each.version, each.sequence) for each in page.changes)
    return _bundle("history", None, links, entries, None)


def _bundle(
    kind: str,
    total: int | None,
    links: list[dict[str, str]],
    entries: Iterable[str],
    at: datetime | None,
) -> str:
    head: Resource = {"resourceType": "Bundle"}
    if at is not None:
        head["meta"] = {"lastUpdated": instant(at)}
    head["type"] = kind
    if total is not None:
        head["total"] = total
    head["link"] = links
    body = ",".join(entries)
    text = encode(head)
    return f'{text[:-1]},"entry":[{body}]}}' if body else text


def _links(url: str, next_cursor: str | None) -> list[dict[str, str]]:
    links = [{"relation": "self", "url": url}]
    if next_cursor is not None:
        joint = "&" if "?" in url else "?"
        links.append({"relation": "next", "url": f"{url}{joint}{CURSOR}={quote(next_cursor)}"})
    return links


def _match(base: str, version: Version, elements: tuple[str, ...]) -> str:
    text = encode(_subset(version.resource, elements)) if elements else version.text
    return _entry(base, version, text, MATCHED)


def _event(base: str, version: Version, sequence: int | None = None) -> str:
    response = {
        "status": _status(version),
        "etag": version.etag,
        "lastModified": instant(version.at),
    }
    rest = f'"request":{encode(_request(version))},"response":{encode(response)}'
    if sequence is not None:
        rest = f'"extension":{encode([{"url": SEQUENCE, "valueInteger": sequence}])},{rest}'
    return _entry(base, version, version.text, rest)


def _entry(base: str, version: Version, text: str | None, rest: str) -> str:
    resource = f'"resource":{text},' if text is not None else ""
    return f'{{"fullUrl":{encode(f"{base}/{version.key}")},{resource}{rest}}}'


def _request(version: Version) -> dict[str, str]:
    if version.is_deleted:
        return {"method": "DELETE", "url": str(version.key)}
    if version.number == 1:
        return {"method": "POST", "url": version.key.type}
    return {"method": "PUT", "url": str(version.key)}


def _status(version: Version) -> str:
    if version.is_deleted:
        return "204"
    return "201" if version.number == 1 else "200"


def _subset(resource: Resource, elements: tuple[str, ...]) -> Resource:
    shown: dict[str, Any] = {
        name: value for name, value in resource.items() if name in elements or name in ALWAYS
    }
    meta = resource.get("meta", {})
    return {**shown, "meta": {**meta, "tag": [*meta.get("tag", ()), SUBSETTED]}}
