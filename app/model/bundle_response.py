"""Bundles of type batch-response and transaction-response, joined from the texts that are kept.

https://hl7.org/fhir/R4/http.html#transaction-response
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.model.codec import Resource, encode
from app.model.errors import HubError, Issue
from app.model.outcome import of_error, outcome
from app.model.version import Version, instant

STATUS = {
    "created": 201,
    "updated": 200,
    "unchanged": 200,
    "existing": 200,
    "deleted": 204,
    "gone": 204,
    "read": 200,
    "seen": 200,
    "found": 200,
    "not-modified": 304,
}
"""What became of an entry that was not refused → its HTTP status."""
WRITTEN = ("created", "updated", "unchanged", "existing")


@dataclass(frozen=True)
class Answer:
    """What became of one entry: a version, the JSON text of a page, or a refusal.

    `outcome` is a key of STATUS, or `refused`.
    """

    outcome: str
    version: Version | None = None
    text: str | None = None
    error: HubError | None = None


@dataclass(frozen=True)
class Manner:
    """How a bundle is answered: the absolute base URL, what `Prefer: return=` asks, the request.

    `status` tells the HTTP status of a refusal.
    """

    base: str
    preference: str
    correlation: str
    status: Callable[[HubError], int]


def response(kind: str, answers: Iterable[Answer], manner: Manner) -> str:
    """Return the JSON text of the answer to a bundle of type `kind`, entries in their order."""
    body = ",".join(_entry(each, manner) for each in answers)
    entries = f',"entry":[{body}]' if body else ""
    return f'{{"resourceType":"Bundle","type":"{kind}-response"{entries}}}'


def _entry(answer: Answer, manner: Manner) -> str:
    version, text = answer.version, answer.text
    parts = []
    if version is not None and version.text is not None:
        parts.append(f'"fullUrl":{encode(f"{manner.base}/{version.key}")}')
        is_wanted = manner.preference == "representation"
        if answer.outcome == "read" or (is_wanted and answer.outcome in WRITTEN):
            text = version.text
    if text is not None:
        parts.append(f'"resource":{text}')
    parts.append(f'"response":{encode(_response(answer, manner))}')
    return f"{{{','.join(parts)}}}"


def _response(answer: Answer, manner: Manner) -> Resource:
    if answer.error is not None:
        issues = of_error(answer.error, manner.correlation, "Bundle")
        return {"status": str(manner.status(answer.error)), "outcome": issues}
    found: Resource = {"status": str(STATUS[answer.outcome])}
    version = answer.version
    if version is not None:
        found |= {"etag": version.etag, "lastModified": instant(version.at)}
    if version is not None and answer.outcome in WRITTEN:
        found["location"] = f"{manner.base}/{version.key}/_history/{version.number}"
        if manner.preference == "OperationOutcome":
            found["outcome"] = outcome([said(version, answer.outcome)], manner.correlation)
    return found


def said(version: Version, what: str) -> Issue:
    """Return the note that tells what a write did, for those who ask for an outcome."""
    text = f"{version.key.type} {what}, now version {version.number}."
    return Issue("informational", what, text, severity="information")
