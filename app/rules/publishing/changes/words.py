"""What changed in the keywords of one element that bound its value: type, codes, bounds, form."""

from collections.abc import Iterator
from typing import Any

from app.model.element import Schema
from app.model.parameter import kebab
from app.rules.publishing.changes.change import Change, listed
from app.rules.publishing.changes.pairs import Pair
from app.rules.publishing.changes.sameness import SPOKEN, text

LEAST = {
    "minimum": "least value",
    "exclusiveMinimum": "value to exceed",
    "minLength": "least length",
    "minItems": "least number of entries",
    "minProperties": "least number of elements",
}
MOST = {
    "maximum": "greatest value",
    "exclusiveMaximum": "value to stay below",
    "maxLength": "greatest length",
    "maxItems": "greatest number of entries",
    "maxProperties": "greatest number of elements",
}
BOUNDS = {**LEAST, **MOST}
FORMS = {"pattern": "pattern", "format": "format", "multipleOf": "step of its numbers"}
WORDS = frozenset((*BOUNDS, *FORMS, "type", "enum", "const", "uniqueItems"))
"""The keywords that are told here."""
KEEP_CODE = "Keep the code and say in x-codes that it is not to be used any more"
FALL_BACK = "Say in x-fallback which older code readers of older versions get instead"


def word_changes(place: Pair) -> Iterator[Change]:
    """Yield what changed at a place that both versions have."""
    for each in (_type, _codes, _bounds, _forms, _uniqueness, _spoken):
        yield from each(place)


def allowed(schema: Schema) -> list[Any] | None:
    """Return the values that an element may only have; None when they are not listed."""
    if "const" in schema:
        return [schema["const"]]
    found = schema.get("enum")
    return found if isinstance(found, list) else None


def fallback(schema: Schema, code: Any, known: list[Any]) -> Any:
    """Return the known code that readers get in place of `code`; None when there is none."""
    steps = schema.get("x-fallback", {})
    for _ in range(len(steps)):
        code = steps.get(code) if isinstance(code, str) else None
        if code is None or code in known:
            return code
    return None


def _type(place: Pair) -> Iterator[Change]:
    old, new = _types(place.before), _types(place.after)
    if old == new:
        return
    what = f"The type of {place.dotted} went from {_named(old)} to {_named(new)}"
    if not _covers(new, old):
        yield Change("type-changed", place, what, "write", "type")
    if not _covers(old, new):
        yield Change("type-changed", place, what, "read", "type")


def _types(schema: Schema) -> frozenset[str] | None:
    found = schema.get("type")
    return None if found is None else frozenset([found] if isinstance(found, str) else found)


def _covers(wide: frozenset[str] | None, narrow: frozenset[str] | None) -> bool:
    if wide is None or narrow is None:
        return wide is None
    return narrow <= (wide | {"integer"} if "number" in wide else wide)


def _named(types: frozenset[str] | None) -> str:
    return " or ".join(sorted(types)) if types else "any"


def _codes(place: Pair) -> Iterator[Change]:
    old, new = allowed(place.before), allowed(place.after)
    word = "const" if "const" in place.after else "enum"
    if old is None and new is not None:
        what = f"{place.dotted} must have one of the listed values now"
        yield Change("enum-introduced", place, what, "write", word)
    elif old is not None and new is None:
        what = f"{place.dotted} may have values that are not listed now"
        yield Change("enum-dropped", place, what, "" if _is_open(place) else "read", word)
    elif old is not None and new is not None:
        yield from _gone(place, old, new, word)
        yield from _come(place, old, new, word)


def _is_open(place: Pair) -> bool:
    """Whether readers of the older version must take codes they do not know."""
    return place.before.get("x-extensible") is True


def _gone(place: Pair, old: list[Any], new: list[Any], word: str) -> Iterator[Change]:
    left = {text(each) for each in new}
    gone = [_shown(each) for each in old if text(each) not in left]
    if gone:
        what = f"{place.dotted} no longer takes {listed(gone)}"
        yield Change("enum-removed", place, what, "write", word, KEEP_CODE)


def _come(place: Pair, old: list[Any], new: list[Any], word: str) -> Iterator[Change]:
    known = {text(each) for each in old}
    told: list[str] = []
    untold: list[str] = []
    for each in new:
        if text(each) not in known:
            is_read = _is_open(place) or fallback(place.after, each, old) is not None
            (told if is_read else untold).append(_shown(each))
    if untold:
        what = f"{place.dotted} takes {listed(untold)} besides"
        yield Change("enum-added", place, what, "read", word, FALL_BACK)
    if told:
        yield Change("enum-added", place, f"{place.dotted} takes {listed(told)} besides", "", word)


def _bounds(place: Pair) -> Iterator[Change]:
    for word, name in BOUNDS.items():
        old, new = (_number(each.get(word)) for each in (place.before, place.after))
        if old == new:
            continue
        is_tighter = old is None or (new is not None and (new > old) == (word in LEAST))
        what = _what(f"{name} of {place.dotted}", old, new)
        code = f"{kebab(word)}-{_verb(old, new)}"
        yield Change(code, place, what, "write" if is_tighter else "read", word)


def _verb(old: float | None, new: float | None) -> str:
    if old is None or new is None:
        return "added" if old is None else "removed"
    return "raised" if new > old else "lowered"


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _what(name: str, old: Any, new: Any) -> str:
    if old is None:
        return f"There is a {name} now, {new}"
    return f"There is no {name} any more" if new is None else f"The {name} went from {old} to {new}"


def _forms(place: Pair) -> Iterator[Change]:
    for word, name in FORMS.items():
        old, new = place.before.get(word), place.after.get(word)
        if old == new:
            continue
        what = _what(f"{name} of {place.dotted}", old, new)
        verb = "added" if old is None else "removed" if new is None else "changed"
        if new is not None:
            yield Change(f"{kebab(word)}-{verb}", place, what, "write", word)
        if old is not None:
            yield Change(f"{kebab(word)}-{verb}", place, what, "read", word)


def _uniqueness(place: Pair) -> Iterator[Change]:
    word = "uniqueItems"
    old, new = (each.get(word) is True for each in (place.before, place.after))
    if new and not old:
        what = f"No entry of {place.dotted} may occur twice now"
        yield Change("unique-items-added", place, what, "write", word)
    elif old and not new:
        what = f"Entries of {place.dotted} may occur twice now"
        yield Change("unique-items-removed", place, what, "read", word)


def _spoken(place: Pair) -> Iterator[Change]:
    for word in sorted(SPOKEN):
        if text(place.before.get(word)) != text(place.after.get(word)):
            what = f"The {word} of {place.dotted} was reworded"
            yield Change(f"{kebab(word)}-changed", place, what, word=word, bump="patch")


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else text(value)
