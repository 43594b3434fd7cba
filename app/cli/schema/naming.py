"""Ids and numbers of versions: `ParticipantProfile-1.1.0`."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from app.cli.schema.refusal import Unusable

PARTS = ("major", "minor", "patch")
FIRST = "1.0.0"
TOGETHER = 2
"""A version is named by its id, or by its type and number together."""


def number(version: str) -> tuple[int, ...]:
    """Return what versions are ordered by; raise Unusable for what is no x.y.z."""
    parts = version.split(".")
    if len(parts) != len(PARTS) or not all(each.isdecimal() for each in parts):
        raise Unusable(f"{version} is no version number; one looks like 1.1.0.")
    return tuple(int(each) for each in parts)


def bumped(version: str, part: str, taken: Iterable[str] = ()) -> str:
    """Return the next number that is not taken: 1.2.3 becomes 2.0.0, 1.3.0 or 1.2.4."""
    place = PARTS.index(part)
    kept = list(number(version))
    while True:
        kept = [*kept[:place], kept[place] + 1, *(0 for _ in kept[place + 1 :])]
        found = ".".join(map(str, kept))
        if found not in taken:
            return found


def refuse_odd(kind: str) -> None:
    """Raise Unusable for what is no name of a type; it becomes the name of a folder."""
    if not (kind.isascii() and kind.isalpha() and kind[0].isupper()):
        raise Unusable(f"{kind} is no name of a type; one looks like ParticipantProfile.")


def version_id(names: Sequence[str]) -> str:
    """Return the id that the words of a command name: an id, a folder, or `TYPE VERSION`."""
    if len(names) == TOGETHER:
        number(names[1])
        return f"{names[0]}-{names[1]}"
    if len(names) == 1:
        kind, _, version = Path(names[0]).resolve().name.rpartition("-")
        if kind:
            number(version)
            return f"{kind}-{version}"
    raise Unusable("Name one version: ParticipantProfile-1.1.0, or ParticipantProfile 1.1.0.")
