"""What changed in the keywords that are not about one element: closedness, unions, conditions."""

from collections.abc import Iterator
from typing import Any

from app.rules.publishing.changes.change import Change, Direction
from app.rules.publishing.changes.pairs import Pair
from app.rules.publishing.changes.sameness import Sameness, is_said_of_values
from app.rules.publishing.changes.words import WORDS

TOLD = WORDS | {"properties", "required", "items", "$ref"}
"""The keywords of which other modules tell."""
CLOSING = ("additionalProperties", "unevaluatedProperties")
LISTS = ("allOf", "anyOf", "oneOf")
NAMES = {"allOf": "rule", "anyOf": "choice", "oneOf": "choice"}


def other_changes(place: Pair, same: Sameness) -> Iterator[Change]:
    """Yield what else changed at a place that both versions have."""
    if place.old is None or place.new is None:
        return
    words = dict.fromkeys((*place.before, *place.after))
    for word in words:
        if word in TOLD or not is_said_of_values(word) or _is_same(place, word, same):
            continue
        if word in CLOSING and False in (place.before.get(word), place.after.get(word)):
            yield from _closedness(place, word)
        elif word in LISTS and word in place.before and word in place.after:
            yield from _lists(place, word, same)
        else:
            yield from _general(place, word)


def _is_same(place: Pair, word: str, same: Sameness) -> bool:
    if place.old is None or place.new is None:
        return False
    has_both = word in place.before and word in place.after
    return has_both and same.word(
        word, place.before[word], place.old.home, place.after[word], place.new.home
    )


def _closedness(place: Pair, word: str) -> Iterator[Change]:
    if place.after.get(word) is False:
        what = f"{place.dotted} takes no elements besides the named ones now"
        yield Change("closed", place, what, "write", word)
    else:
        what = f"{place.dotted} takes elements besides the named ones now"
        yield Change("opened", place, what, word=word)


def _lists(place: Pair, word: str, same: Sameness) -> Iterator[Change]:
    """Yield the entries that only one side has; each is told at its own place."""
    if place.old is None or place.new is None:
        return
    old, new = place.before[word], place.after[word]
    homes = place.old.home, place.new.home
    left = list(range(len(old)))
    for index, each in enumerate(new):
        kept = next((i for i in left if same(old[i], homes[0], each, homes[1])), None)
        if kept is None:
            yield from _entry(place, word, index, is_new=True)
        else:
            left.remove(kept)
    for index in left:
        yield from _entry(place, word, index, is_new=False)


def _entry(place: Pair, word: str, index: int, *, is_new: bool) -> Iterator[Change]:
    what = f"A {NAMES[word]} about {place.dotted} was {'added' if is_new else 'removed'}"
    there = f"{word}/{index}"
    here, before = (there, word) if is_new else (word, there)
    for direction in _entry_directions(word, is_new=is_new):
        yield Change("schema-changed", place, what, direction, here, old_word=before)


def _entry_directions(word: str, *, is_new: bool) -> tuple[Direction, ...]:
    if word == "oneOf":
        return ("write", "read")
    return ("write",) if is_new == (word == "allOf") else ("read",)


def _general(place: Pair, word: str) -> Iterator[Change]:
    what = f"The rule {word} of {place.dotted} {_verb(place.before, place.after, word)}"
    if word in place.after:
        yield Change("schema-changed", place, what, "write", word)
    if word in place.before:
        yield Change("schema-changed", place, what, "read", word)


def _verb(old: Any, new: Any, word: str) -> str:
    if word not in old:
        return "was added"
    return "changed" if word in new else "was removed"
