"""OperationOutcome, the one shape of every error.

https://hl7.org/fhir/R4/operationoutcome.html
"""

import re
from collections.abc import Iterable, Iterator

from app.model.codec import Resource
from app.model.conflicts import VersionConflict
from app.model.errors import Expired, HubError, Issue
from app.model.pointer import unescaped

CANONICAL = "https://hub.wioa.example"
"""Where the hub's own codes and extensions are named."""


def outcome(
    issues: Iterable[Issue], correlation: str, root: str = "", *, retryable: bool = False
) -> Resource:
    """Return an OperationOutcome; `root` is the type whose elements the pointers lead into."""
    return {
        "resourceType": "OperationOutcome",
        "id": correlation,
        "issue": [_issue(each, root, retryable=retryable) for each in issues],
    }


def of_error(error: HubError, correlation: str, root: str = "") -> Resource:
    """Return the outcome of a refusal.

    A stale version also says how to reconcile,
    an expired cursor where to go on.
    """
    body = outcome(error.issues, correlation, root, retryable=error.retryable)
    if isinstance(error, VersionConflict):
        body["issue"][0]["extension"] += [
            _extension(name, value)
            for name, value in (("current-etag", error.current), ("changes", error.changes))
            if value is not None
        ]
    if isinstance(error, Expired):
        body["issue"][0]["extension"].append(_extension("restart", error.restart))
    return body


def _issue(issue: Issue, root: str, *, retryable: bool) -> Resource:
    body: Resource = {
        "severity": issue.severity,
        "code": issue.code,
        "details": {"coding": [{"system": f"{CANONICAL}/codes/error", "code": issue.detail}]},
        "diagnostics": issue.text,
        "extension": [*_extensions(issue), {"url": _url("retryable"), "valueBoolean": retryable}],
    }
    if issue.pointer is not None:
        body["expression"] = [expression(issue.pointer, root)]
    return body


def expression(pointer: str, root: str) -> str:
    """Return the FHIRPath of a JSON Pointer below `root`; a parameter's or header's name stays."""
    if pointer and not pointer.startswith("/"):
        return pointer
    steps = [unescaped(step) for step in pointer.strip("/").split("/") if step]
    path = ".".join([root, *steps] if root else steps)
    return re.sub(r"\.([0-9]+)(?=\.|\Z)", r"[\1]", path)


def _extensions(issue: Issue) -> Iterator[Resource]:
    if issue.pointer is not None and issue.pointer[:1] in ("", "/"):
        yield _extension("json-pointer", issue.pointer)
    if issue.keyword is not None:
        yield _extension("keyword", issue.keyword)
    for value in issue.allowed:
        yield _extension("allowed", value)


def _extension(name: str, value: str) -> Resource:
    return {"url": _url(name), "valueString": value}


def _url(name: str) -> str:
    return f"{CANONICAL}/extensions/{name}"
