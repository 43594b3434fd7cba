"""Writes beside the version each was made from, and what each means to stand.

A partner may PUT whole resources or PATCH them by either kind of patch; all are judged by what
stood before and what would stand after, so that no habit is held against anybody for its form,
and none hides behind an answer that was refused or brought no body.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from jsonpatch import JsonPatch, JsonPatchException
from jsonpointer import JsonPointerException

from conformance.exchange import PARTNER, Evidence, Exchange, number_of

Body = dict[str, Any]
COMMITTED = frozenset({"F3", "F4"})
"""Faults of which the hub had already stored what was sent."""
CREATED = 201
SUBSETTED = "SUBSETTED"
"""The tag of a resource that is not shown whole (FHIR R4)."""


@dataclass(frozen=True)
class Written:
    """One write; `before` is the version it was made from, empty for a creation.

    `after` is empty for a deletion.
    """

    exchange: Exchange
    before: Body
    after: Body

    @property
    def took_effect(self) -> bool:
        """Whether the resource stands so now, whatever the partner was told."""
        return self.exchange.is_ok or self.exchange.fault in COMMITTED

    @property
    def is_mine(self) -> bool:
        """Whether the system under test sent it."""
        return self.exchange.who == PARTNER


def written(evidence: Evidence, kind: str) -> list[Written]:
    """Return all writes of a resource type in their order, refused ones too."""
    known = _Known()
    found = []
    for each in evidence:
        if each.is_write and each.kind == kind and "$" not in each.path:
            before = known.base(each)
            after = _meant(each, before)
            if after is not None:
                found.append(Written(each, before, after))
                known.keep(each.reference, _left_version(each), after)
        for body in told_of(kind, each.answer):
            known.note(body)
    return found


def told_of(kind: str, answer: Any) -> Iterator[Body]:
    """Yield the resources of a type in an answer, those of a bundle too."""
    if not isinstance(answer, dict):
        return
    if answer.get("resourceType") == kind and "id" in answer:
        yield answer
    for each in answer.get("entry", ()):
        yield from told_of(kind, each.get("resource"))


@dataclass
class _Known:
    """What answers told and writes left, version by version; `latest` is the newest of each."""

    versions: dict[tuple[str, int], Body] = field(default_factory=dict)
    latest: dict[str, tuple[int, Body]] = field(default_factory=dict)

    def base(self, each: Exchange) -> Body:
        """Return what a write was made from: the version its tag names, or else the newest."""
        if each.method == "POST":
            return {}
        tag = number_of(each.headers.get("if-match", ""))
        newest = self.latest.get(each.reference, (0, {}))[1]
        return self.versions.get((each.reference, tag), newest)

    def note(self, body: Body) -> None:
        """Keep a resource as it was told, unless it was not told whole."""
        meta = body.get("meta", {})
        if all(each.get("code") != SUBSETTED for each in meta.get("tag", ())):
            number = number_of(str(meta.get("versionId", "")))
            self._put(f"{body['resourceType']}/{body['id']}", number, body)

    def keep(self, reference: str, number: int, body: Body) -> None:
        """Keep what a write left under the version that its answer told, if it told one."""
        if reference and number:
            meta = merged(body.get("meta"), {"versionId": str(number)})
            self._put(reference, number, {**body, "meta": meta})

    def _put(self, reference: str, number: int, body: Body) -> None:
        self.versions[reference, number] = body
        if number >= self.latest.get(reference, (0, {}))[0]:
            self.latest[reference] = number, body


def _left_version(each: Exchange) -> int:
    """Return the version that a write made by its answer; 0 for none, or for what was there."""
    is_made = each.status == CREATED if each.method == "POST" else each.is_ok
    return number_of(each.answer_headers.get("etag", "")) if is_made else 0


def _meant(each: Exchange, before: Body) -> Body | None:
    """Return the resource as the writer wanted it, None when nobody can know."""
    body = each.body
    if each.method == "DELETE":
        return {}
    if each.method != "PATCH":
        return body if isinstance(body, dict) else None
    if before and isinstance(body, dict):
        return merged(before, body)
    found = patched(before, body) if before and isinstance(body, list) else None
    if found is not None:
        return found
    # A patch that does not fit changes nothing; where it fitted all the same, the answer tells.
    return next(told_of(each.kind, each.answer), None) if each.is_ok else before or None


def merged(before: Any, patch: Body) -> Body:
    """Return a resource with a merge patch applied (RFC 7396)."""
    found = dict(before) if isinstance(before, dict) else {}
    for name, value in patch.items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = merged(found.get(name), value) if isinstance(value, dict) else value
    return found


def patched(before: Body, operations: list[Any]) -> Body | None:
    """Return a resource with a JSON Patch applied (RFC 6902); None when it does not fit."""
    try:
        found = JsonPatch(operations).apply(before)
    except (JsonPatchException, JsonPointerException):
        return None
    return found if isinstance(found, dict) else {}
