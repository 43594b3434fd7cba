"""Requests as they were meant: the entries of a bundle count as if each had been sent alone."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from conformance.exchange import Evidence, Exchange, number_of

STATUS = 3
"""How many digits a status has, which a text may follow (`201 Created`)."""


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
    found = str(answer.get("meta", {}).get("versionId", ""))
    return number_of(found or exchange.answer_headers.get("etag", ""))


def _apart(exchange: Exchange) -> Iterator[Exchange]:
    if not is_bundle(exchange):
        yield exchange
        return
    answers = exchange.answer.get("entry", []) if isinstance(exchange.answer, dict) else []
    for at, entry in enumerate(exchange.body["entry"]):
        yield _single(exchange, entry, answers[at] if at < len(answers) else {})


def is_bundle(exchange: Exchange) -> bool:
    """Whether it is a batch or a transaction."""
    body = exchange.body if isinstance(exchange.body, dict) else {}
    is_posted = exchange.method == "POST" and not exchange.kind
    return is_posted and isinstance(body.get("entry"), list)


def _single(exchange: Exchange, entry: Mapping[str, Any], answer: Mapping[str, Any]) -> Exchange:
    request, response = entry.get("request", {}), answer.get("response", {})
    path, _, query = str(request.get("url", "")).partition("?")
    status = str(response.get("status", exchange.status))[:STATUS]
    return replace(
        exchange,
        method=str(request.get("method", "")),
        path=path,
        query=query,
        headers={**exchange.headers, **_tag(request)},
        body=entry.get("resource"),
        status=int(status) if status.isdigit() else 0,
        answer_headers={"etag": str(response.get("etag", ""))},
        answer=_made(answer, path),
    )


def _tag(request: Mapping[str, Any]) -> dict[str, str]:
    return {"if-match": str(request["ifMatch"])} if "ifMatch" in request else {}


def _made(answer: Mapping[str, Any], path: str) -> Any:
    """Return what an entry's answer says of the resource: itself, or at least its id."""
    if "resource" in answer:
        return answer["resource"]
    parts = str(answer.get("response", {}).get("location", "")).split("/")
    kind = path.split("/", maxsplit=1)[0]
    return {"id": parts[parts.index(kind) + 1]} if kind in parts[:-1] else {}
