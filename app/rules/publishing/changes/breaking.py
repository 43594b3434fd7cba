"""Which changes break clients: the list of changes held against what was proved (gate G5)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Literal

from app.model.element import Path, values
from app.rules.compatibility.compare import Comparison, Verdict
from app.rules.compatibility.proof import Place
from app.rules.publishing.changes.change import (
    harmless,
    next_major,
    not_proven,
    softened,
    turned,
    what,
)
from app.rules.publishing.finding import Finding

ABOUT_MEMBERS = frozenset(
    ("required", "properties", "additionalProperties", "unevaluatedProperties")
)
"""Keywords whose faults a proof may tell at the object rather than at its element."""
TEXTS = {
    "write": "What clients of {} send may be refused here.",
    "read": "Clients that read {} may get what they do not expect here.",
}
ABSENT = ("required-added", "required-removed")
"""Codes of changes that a witness shows by what it lacks."""


def breaking(
    comparison: Comparison, changes: Sequence[Finding], against: str, *, is_major: bool = False
) -> list[Finding]:
    """Return all changes, errors where a direction is not proved to hold.

    A `no` makes errors of the changes that the proof stumbled over, with its witness; an `unknown`
    makes them `not-proven`, which may be waived. Where it is proved that nobody breaks, changes are
    notes, whatever they look like. A major version may break: its errors are warnings.
    """
    found = [each for each in changes if each.level != "error" or not each.direction]
    found += _judged("write", comparison.write, changes, against)
    found += _judged("read", comparison.read, changes, against)
    told = _without_doubles(found)
    return softened(told) if is_major else told


def _without_doubles(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings each once, without a note on what is an error in some direction."""
    wrong = {(each.path, what(each)) for each in findings if each.level == "error"}
    told = {(each.code, each.path, each.text): each for each in findings}.values()
    return [each for each in told if each.level == "error" or (each.path, what(each)) not in wrong]


def _judged(
    direction: Literal["write", "read"],
    verdict: Verdict,
    changes: Sequence[Finding],
    against: str,
) -> Iterator[Finding]:
    believed = [each for each in changes if each.direction == direction and each.level == "error"]
    if verdict.answer == "yes":
        yield from map(harmless, believed)
        return
    others = [each for each in changes if each not in believed and each.bump != "patch"]
    blamed = _blamed(verdict.places, believed) or believed
    if not blamed:
        blamed = [turned(each, direction) for each in _blamed(verdict.places, others)]
    if not blamed:
        places = verdict.places or (Place("#", "#", "", ""),)
        blamed = [_at(place, direction, against) for place in places]
    yield from _with_evidence(blamed, verdict)
    yield from (harmless(each, is_proved=False) for each in believed if each not in blamed)


def _blamed(places: Sequence[Place], changes: Sequence[Finding]) -> list[Finding]:
    """Return the changes that explain some place; what did not change cannot break."""
    found = (each for place in places for each in _responsible(place, changes))
    return list({id(each): each for each in found}.values())


def _responsible(place: Place, changes: Sequence[Finding]) -> list[Finding]:
    """Return the changes at a place, else those nearest to it: below it, then around it."""
    there = names(place.instance_path)
    circles: list[list[Finding]] = [[], [], []]
    for each in changes:
        here = names(each.instance_path)
        if here == there or (here[:-1] == there and _is_about_member(place, each)):
            circles[0].append(each)
        elif here[: len(there)] == there:
            circles[1].append(each)
        elif there[: len(here)] == here:
            circles[2].append(each)
    return next((circle for circle in circles if circle), [])


def _is_about_member(place: Place, change: Finding) -> bool:
    return place.keyword in ABOUT_MEMBERS and change.code.startswith(("required-", "property-"))


def names(instance_path: str) -> Path:
    """Return the names of elements in a pointer into resources, without places in lists."""
    steps = instance_path.removeprefix("#").split("/")[1:]
    return tuple(each for each in steps if not each.isdecimal() and each not in ("*", "-"))


def _at(place: Place, direction: Literal["write", "read"], against: str) -> Finding:
    """Return a place of a proof that no change explains; in a read the older version is judged."""
    path, old_path = place.path, place.old_path
    if direction == "read":
        path, old_path = old_path, path
    return Finding(
        "incompatible",
        TEXTS[direction].format(against),
        path=path,
        direction=direction,
        against=against,
        old_path=old_path,
        instance_path=place.instance_path,
        bump="major",
        hint=f"Undo what changed here, or publish {next_major(against)}.",
    )


def _with_evidence(found: Sequence[Finding], verdict: Verdict) -> list[Finding]:
    if verdict.answer == "unknown":
        return [not_proven(each) for each in found]
    shown = [each for each in found if any(_shows(one, each) for one in verdict.witness)]
    return [
        replace(
            each,
            evidence=verdict.evidence if each in shown or not shown else "structure",
            witness=tuple(verdict.witness) if each in shown or not shown else (),
        )
        for each in found
    ]


def _shows(witness: Any, change: Finding) -> bool:
    """Whether a document has what the change is about, or lacks what it requires."""
    path = names(change.instance_path)
    if not path or not isinstance(witness, dict):
        return not path
    is_there = any(True for _ in values(witness, path))
    return is_there != (change.code in ABSENT)
