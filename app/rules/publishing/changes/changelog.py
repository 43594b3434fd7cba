"""The complete list of what changed in validation between two versions of a type.

What changed in the annotations says the folder `annotations`. Which of the changes really breaks
a client is not decided here but by proof: see `breaking.py`.
"""

from collections.abc import Iterator, Mapping

from app.model.element import Schema
from app.rules.publishing.changes.change import Change
from app.rules.publishing.changes.members import member_changes
from app.rules.publishing.changes.other_words import other_changes
from app.rules.publishing.changes.pairs import Pair, pairs
from app.rules.publishing.changes.sameness import Sameness
from app.rules.publishing.changes.words import word_changes
from app.rules.publishing.finding import Finding


def changes(
    old: Schema, new: Schema, documents: Mapping[str, Schema], against: str
) -> list[Finding]:
    """Return every change from `old`, the version named `against`, to `new`, by place.

    A change that seems to break a direction is an error of that direction, one that seems to
    break both stands here twice; any other is a note.
    """
    try:
        places = pairs(old, new, documents)
    except ValueError as vast:
        return [Finding("changes-too-many", str(vast), path="#", against=against, bump="major")]
    same = Sameness(documents)
    missing = _missing(places)
    found = (each.finding(against) for place in places for each in _at(place, missing, same))
    return list(dict.fromkeys(found))


def _at(place: Pair, missing: Mapping[str, list[Pair]], same: Sameness) -> Iterator[Change]:
    if place.old is None or place.new is None:
        return
    yield from word_changes(place)
    yield from other_changes(place, same)
    yield from member_changes(place, missing.get(place.instance_path, []), same)


def _missing(places: list[Pair]) -> dict[str, list[Pair]]:
    """Return the places that only one side has, by where they are missing."""
    found: dict[str, list[Pair]] = {}
    for each in places[1:]:
        if not each.is_within and (each.old is None or each.new is None):
            found.setdefault(each.instance_path.rpartition("/")[0], []).append(each)
    return found
