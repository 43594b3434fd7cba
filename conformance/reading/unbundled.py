"""Requests as they were meant: the entries of a bundle count as if each had been sent alone.

It is done once, before any evaluator sees the evidence. https://hl7.org/fhir/R4/http.html#transaction
"""

import json
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from conformance.exchange import Evidence, Exchange, number_of

STATUS = 3
"""How many digits a status has, which a text may follow (`201 Created`)."""
CONDITIONS = {"ifMatch": "if-match", "ifNoneMatch": "if-none-match", "ifNoneExist": "if-none-exist"}
"""What an entry says of its conditions → the header that a request of its own would have."""
WITHOUT_ID = frozenset({"PUT", "PATCH", "DELETE"})
"""Methods of which the answer tells the resource when only criteria name it."""
_BASE = re.compile(r"^(https?://[^/]+(/cf/[^/]+)?)?/+")


def unbundled(evidence: Evidence) -> Evidence:
    """Return the exchanges with each bundle replaced by its entries, under its number."""
    return Evidence([one for each in evidence for one in _apart(each)])


def told(exchange: Exchange) -> dict[str, Any]:
    """Return the elements that a write sets: of the body, or of a JSON Patch at the top level."""
    if isinstance(exchange.body, list):
        return {
            str(each.get("path", "")).strip("/"): each.get("value")
            for each in exchange.body
            if isinstance(each, dict) and "value" in each
        }
    return exchange.body if isinstance(exchange.body, dict) else {}


def referred(exchange: Exchange, name: str) -> str:
    """Return the `Type/id` that an element of the body names, empty for none."""
    return pointed(told(exchange), name)


def pointed(body: Mapping[str, Any], name: str) -> str:
    """Return the `Type/id` that an element names, empty for none."""
    value = body.get(name)
    return str(value.get("reference", "")) if isinstance(value, dict) else ""


def version(exchange: Exchange) -> int:
    """Return the version that an answer tells, 0 for none."""
    answer = exchange.answer if isinstance(exchange.answer, dict) else {}
    found = str(_object(answer.get("meta")).get("versionId", ""))
    return number_of(found or exchange.answer_headers.get("etag", ""))


def is_bundle(exchange: Exchange) -> bool:
    """Whether it is a batch or a transaction of at least one entry."""
    is_posted = exchange.method == "POST" and not exchange.path.strip("/")
    return is_posted and bool(_entries(exchange.body))


def _apart(exchange: Exchange) -> Iterator[Exchange]:
    if not is_bundle(exchange):
        yield exchange
        return
    sent, answers = _entries(exchange.body), _entries(exchange.answer)
    pairs = [(each, answers[at] if at < len(answers) else None) for at, each in enumerate(sent)]
    made = {str(each.get("fullUrl", "")): _located(answer) for each, answer in pairs}
    names = {name: reference for name, reference in made.items() if name and reference}
    for each, answer in pairs:
        yield _single(exchange, each, answer, names)


def _single(
    exchange: Exchange,
    entry: Mapping[str, Any],
    answer: Mapping[str, Any] | None,
    names: Mapping[str, str],
) -> Exchange:
    """Return an entry as an exchange; what was refused as a whole was refused in each entry."""
    request = _object(entry.get("request"))
    path, _, query = _BASE.sub("", str(request.get("url", ""))).partition("?")
    method, body = str(request.get("method", "")), entry.get("resource")
    media: dict[str, str] = {}
    if method == "PATCH":
        body, media = _patch(_object(body))
    if method in WITHOUT_ID and "/" not in path:
        path = _located(answer) or path
    alone = replace(
        exchange,
        method=method,
        path=path,
        query=query,
        headers={**_unconditional(exchange), **_conditions(request), **media},
        body=_led(body, names),
    )
    return alone if answer is None else replace(alone, **_answered(exchange, answer))


def _unconditional(exchange: Exchange) -> dict[str, str]:
    return {n: v for n, v in exchange.headers.items() if n not in CONDITIONS.values()}


def _conditions(request: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(request[word]) for word, name in CONDITIONS.items() if word in request}


def _patch(binary: Mapping[str, Any]) -> tuple[Any, dict[str, str]]:
    """Return the patch that a Binary carries, and its media type as a header."""
    media = {"content-type": str(binary.get("contentType", ""))}
    try:
        return json.loads(b64decode(str(binary.get("data", "")))), media
    except ValueError:
        return None, media


def _answered(exchange: Exchange, answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return status, headers and body of the answer to an entry."""
    response = _object(answer.get("response"))
    status = str(response.get("status", exchange.status))[:STATUS]
    body = answer.get("resource", response.get("outcome"))
    place = _located(answer)
    return {
        "status": int(status) if status.isdigit() else 0,
        "answer_headers": {n: str(response[n]) for n in ("etag", "location") if n in response},
        "answer": body or ({"id": place.split("/")[1]} if place else {}),
    }


def _located(answer: Mapping[str, Any] | None) -> str:
    """Return the `Type/id` that the answer to an entry names, empty for none."""
    response = _object(_object(answer).get("response"))
    before, mark, _ = str(response.get("location", "")).partition("/_history/")
    return "/".join(before.split("/")[-2:]) if mark else ""


def _led(value: Any, names: Mapping[str, str]) -> Any:
    """Return a body in which the names that entries have for each other are references."""
    if isinstance(value, dict):
        return {
            name: names.get(each, each)
            if name == "reference" and isinstance(each, str)
            else _led(each, names)
            for name, each in value.items()
        }
    return [_led(each, names) for each in value] if isinstance(value, list) else value


def _entries(body: Any) -> list[Mapping[str, Any]]:
    found = _object(body).get("entry")
    return [_object(each) for each in found] if isinstance(found, list) else []


def _object(value: Any) -> Mapping[str, Any]:
    """Return an object, an empty one for what is none: anybody may send anything."""
    return value if isinstance(value, dict) else {}
