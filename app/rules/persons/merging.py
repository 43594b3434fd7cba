"""Two records of one person become one, and come apart again (`$merge` and `$unmerge`).

Matching and merging write to all agencies' records: both identifiers are kept, what was merged can
be taken apart, and each change is a version that the feed tells of. What other rows refer to is
the matter of `app.rules.persons.repointing`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from app.model.codec import Resource
from app.model.errors import Issue
from app.model.resource_type import MERGED, PARTICIPANT
from app.model.version import Key
from app.rules.persons.repointing import bare
from app.rules.workflow import Criteria, Facts, Move

ACTIVE = "active"
PIRL_ID = "https://hub.wioa.example/identifiers/pirl-unique-id"
"""The system of an identifier that is the `pirlUniqueId` of a merged record."""
BY_OPERATION = "merged-by-operation"


def status_faults(move: Move, _facts: Facts) -> list[Issue]:
    """Return the fault of a write that would merge a profile or undo that by itself.

    Only the operations do, because other rows change with it.
    """
    if move.is_effect:
        return []
    text = "Profiles are merged by $merge and come apart by $unmerge, not by a write."
    states = (move.former or {}).get("status"), move.body.get("status")
    if MERGED in states and move.changed("status"):
        return [Issue("business-rule", BY_OPERATION, text, "/status")]
    if move.changed("mergedInto"):
        return [Issue("business-rule", BY_OPERATION, text, "/mergedInto")]
    return []


def reference_faults(gained: Iterable[tuple[Key, str]], facts: Facts) -> list[Issue]:
    """Return a fault for each new reference to a merged profile, which says who goes on for it.

    `gained` are what a write newly refers to, with the JSON Pointers.
    """
    rows = ((facts.row(str(key)), at) for key, at in gained if key.type == PARTICIPANT)
    return [_gone(row, at) for row, at in rows if row and row["status"] == MERGED]


def _gone(merged: Resource, pointer: str) -> Issue:
    survivor = merged["mergedInto"]["reference"]
    text = f"This participant's record goes on as {survivor}; refer to that."
    return Issue("business-rule", "merged-participant", text, pointer, allowed=(survivor,))


def merge_faults(merged: Resource, survivor: Resource) -> list[Issue]:
    """Return what forbids to merge one profile into another."""
    if merged["id"] == survivor["id"]:
        text = "A record is not merged into itself."
        return [Issue("business-rule", "merge-self", text, "into")]
    text = "Only active records are merged."
    pairs = ((merged, "id"), (survivor, "into"))
    return [
        Issue("business-rule", "merge-inactive", text, at, allowed=(ACTIVE,))
        for body, at in pairs
        if body["status"] != ACTIVE
    ]


def unmerge_faults(merged: Resource) -> list[Issue]:
    """Return what forbids to take a profile out of another."""
    if merged["status"] == MERGED:
        return []
    text = "Only a merged record comes apart again."
    return [Issue("business-rule", "not-merged", text, "id", allowed=(MERGED,))]


def deletion_faults(body: Resource) -> list[Issue]:
    """Return what forbids to delete a resource: a merged record is kept, so that it comes apart."""
    if "mergedInto" not in body:
        return []
    text = "A merged record is kept; take it apart first."
    return [Issue("business-rule", "merged-participant", text)]


def merged(body: Resource, survivor: str) -> Resource:
    """Return a profile as it is once `survivor`, a reference, continues it.

    Its business keys go with the person; its PIRL id stays, as federal reports named it.
    """
    kept = {name: value for name, value in body.items() if name not in _KEYS}
    return {**kept, "mergedInto": {"reference": survivor}, "status": MERGED}


def surviving(body: Resource, merged: Resource) -> Resource:
    """Return a profile as it is once it continues `merged`: it is found by all their identifiers.

    Nothing that it says itself changes.
    """
    return body | {
        name: [*body.get(name, ()), *(each for each in came if each not in body.get(name, ()))]
        for name, came in _came(merged).items()
        if came
    }


def absorbed(before: Resource) -> frozenset[str]:
    """Return the PIRL ids of the records that had become part of one, as it was before a merge."""
    each = before.get("identifier", ())
    return frozenset(one["value"] for one in each if one["system"] == PIRL_ID)


def by_pirl_id(value: str) -> Criteria:
    """Return the search for the profile with a PIRL id."""
    return PARTICIPANT, (("pirl-unique-id", value),)


def claimed(before: Resource, parted: Iterable[Resource]) -> Resource:
    """Return a profile `before` its merge with the identifiers that are still its to take back.

    Those of records that it had absorbed and that were taken apart since, `parted` as they were
    before their merges, are theirs.
    """
    gone = {
        name: {_NAMES[name](one) for each in parted for one in _came(each)[name]} for name in _KEYS
    }
    return before | {
        name: [each for each in before.get(name, ()) if _NAMES[name](each) not in gone[name]]
        for name in _KEYS
    }


def unmerged(body: Resource, before: Resource, survivor: Resource) -> Resource:
    """Return a merged profile as it is once it goes on by itself.

    `before` is what it was just before the merge, as `claimed`; of its identifiers it gets those
    that the survivor still holds.
    """
    kept = {name: value for name, value in bare(body).items() if name != "mergedInto"}
    back = {
        name: [
            *body.get(name, ()),
            *_among(before.get(name, ()), _names(name, survivor), _NAMES[name]),
        ]
        for name in _KEYS
    }
    return kept | {name: value for name, value in back.items() if value} | {"status": ACTIVE}


def released(body: Resource, before: Resource) -> Resource:
    """Return the survivor without the identifiers that came with a profile, `before` its merge."""
    left: dict[str, list[Any]] = {}
    for name, came in _came(before).items():
        gone = {_NAMES[name](each) for each in came}
        left[name] = [each for each in body.get(name, ()) if _NAMES[name](each) not in gone]
    rest = {name: value for name, value in body.items() if name not in _KEYS}
    return rest | {name: value for name, value in left.items() if value}


def lost(before: Resource, after: Resource) -> list[Issue]:
    """Return a warning when an identifier did not come back, as the survivor gave it up."""
    if all(_names(name, before) <= _names(name, after) for name in _KEYS):
        return []
    text = "An identifier did not come back: the survivor no longer holds it."
    return [Issue("business-rule", "identifier-lost", text, severity="warning")]


def _came(merged: Resource) -> Mapping[str, list[Any]]:
    """Return what a survivor gains of each business key."""
    own = {"system": PIRL_ID, "value": merged["pirlUniqueId"]}
    return {
        "identifier": [*merged.get("identifier", ()), own],
        "partnerIdentifiers": list(merged.get("partnerIdentifiers", ())),
    }


def _identifier(each: Any) -> tuple[str, str]:
    return each["system"], each["value"]


def _partner_identifier(each: Any) -> tuple[str, str]:
    return each["partner"]["reference"], each["value"]


_NAMES: Mapping[str, Callable[[Any], tuple[str, str]]] = {
    "identifier": _identifier,
    "partnerIdentifiers": _partner_identifier,
}
"""Business key of a profile → what makes two entries of it the same."""
_KEYS = tuple(_NAMES)


def _names(key: str, body: Resource) -> set[tuple[str, str]]:
    return {_NAMES[key](each) for each in body.get(key, ())}


def _among(
    entries: Sequence[Any],
    names: set[tuple[str, str]],
    name: Callable[[Any], tuple[str, str]],
) -> list[Any]:
    return [each for each in entries if name(each) in names]
