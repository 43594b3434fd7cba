"""Rows that go with a participant when two records become one, and how they come back.

A row that was re-pointed carries a tag for the record it came from, in the order of the merges, so
that `$unmerge` knows what came from whom. The hub keeps these tags whatever a client sends.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from app.model.codec import Resource
from app.model.element import values
from app.model.errors import Issue
from app.model.resource_type import ResourceType

MERGED_FROM = "https://hub.wioa.example/codes/merged-from"
"""The system of a tag whose code is the id of the record that a row came from."""
SINGLE = ("Referral", "ParticipantSuccessPlan")
"""The types of which a person should not have two that are open at once."""
OPEN = frozenset({"requested", "received", "accepted", "in-progress", "on-hold"})
"""The states of a referral that still waits for its end."""


def repointed(kind: ResourceType, body: Resource, old: str, new: str) -> Resource:
    """Return a row that refers to `new` wherever it referred to `old`; `old` is `Type/id`."""
    found = deepcopy(body)
    for path in kind.references:
        for value, _, _ in values(found, path):
            if value["reference"] == old:
                value["reference"] = new
    return found


def marked(body: Resource, came_from: str) -> Resource:
    """Return a row with the tag for the record of the id `came_from`."""
    return _tagged(body, [*_tags(body), {"system": MERGED_FROM, "code": came_from}])


def is_from(body: Resource, id: str) -> bool:
    """Whether a row came from the record of this id."""
    return id in _origins(body)


def unmarked(body: Resource, came_from: str) -> Resource:
    """Return a row without the tag for a record, and without those of the merges that followed."""
    origins = _origins(body)
    gone = origins[origins.index(came_from) :]
    return _tagged(body, [e for e in _tags(body) if not (_is_mark(e) and e["code"] in gone)])


def bare(body: Resource) -> Resource:
    """Return a body without any tag of a merge, as a record that goes on by itself has none."""
    return _tagged(body, [each for each in _tags(body) if not _is_mark(each)])


def keeping(former: Resource | None, body: Resource) -> Resource:
    """Return the body of a client's write with the tags of merges as the hub holds them."""
    held = [each for each in _tags(former or {}) if _is_mark(each)]
    if [each for each in _tags(body) if _is_mark(each)] == held:
        return body
    return _tagged(body, [*(each for each in _tags(body) if not _is_mark(each)), *held])


def clashes(rows: Mapping[str, Sequence[Resource]]) -> list[Issue]:
    """Return a warning for what a person has twice, who should have one; `rows` by their type.

    It is for the agencies to settle: nothing that was recorded is dropped.
    """
    referrals = (each for each in rows.get("Referral", ()) if each["status"] in OPEN)
    open_ones = Counter(name for each in referrals for name in {*_programs(each)})
    plans = Counter(each["status"] for each in rows.get("ParticipantSuccessPlan", ()))
    twice = "The participant has several open referrals to one program now."
    active = "The participant has several active success plans now."
    found = [("open-referrals", twice)] if max(open_ones.values(), default=0) > 1 else []
    found += [("active-plans", active)] if plans["active"] > 1 else []
    return [Issue("business-rule", name, text, severity="warning") for name, text in found]


def _programs(referral: Resource) -> Iterator[str]:
    for each in referral["targetPrograms"]:
        yield each["reference"]


def _tags(body: Resource) -> Sequence[Any]:
    found: Sequence[Any] = body.get("meta", {}).get("tag", ())
    return found


def _is_mark(tag: Any) -> bool:
    return bool(tag.get("system") == MERGED_FROM)


def _origins(body: Resource) -> list[str]:
    return [each["code"] for each in _tags(body) if _is_mark(each)]


def _tagged(body: Resource, tags: list[Any]) -> Resource:
    meta = {name: value for name, value in body.get("meta", {}).items() if name != "tag"}
    return {**body, "meta": meta | ({"tag": tags} if tags else {})}
