"""What changed in what codes mean, and what readers of older versions get instead of new ones."""

from collections.abc import Iterator

from app.rules.publishing.changes.change import Change, listed
from app.rules.publishing.changes.pairs import Pair
from app.rules.publishing.changes.words import allowed

MEANINGS, FALLBACK, EXTENSIBLE = "x-codes", "x-fallback", "x-extensible"


def code_changes(place: Pair) -> Iterator[Change]:
    """Yield what changed in the words beside an enum, and fallbacks that lead nowhere."""
    yield from _fallback_faults(place)
    if place.old is not None:
        yield from _meanings(place)
        yield from _fallbacks(place)
        yield from _extensible(place)


def _meanings(place: Pair) -> Iterator[Change]:
    old, new = place.before.get(MEANINGS, {}), place.after.get(MEANINGS, {})
    other = [code for code in old if code in new and old[code] != new[code]]
    if other:
        what = f"The words for {listed(other)} of {place.dotted} changed; a code keeps its meaning"
        advice = "See that only the words differ; give another meaning a code of its own"
        yield Change(
            "code-meaning-changed",
            place,
            what,
            word=MEANINGS,
            bump="patch",
            level="warning",
            advice=advice,
        )
    if old.keys() != new.keys():
        what = f"Other codes of {place.dotted} are explained"
        yield Change("code-meanings-changed", place, what, word=MEANINGS, bump="patch")


def _fallbacks(place: Pair) -> Iterator[Change]:
    old, new = place.before.get(FALLBACK, {}), place.after.get(FALLBACK, {})
    other = [code for code in old if code in new and old[code] != new[code]]
    gone = [code for code in old if code not in new]
    come = [code for code in new if code not in old]
    if other or gone:
        what = f"Readers of older versions get something else for {listed(other + gone)}"
        yield Change("fallback-changed", place, what, word=FALLBACK, level="warning")
    if come:
        what = f"Readers of older versions get an older code for {listed(come)}"
        yield Change("fallback-added", place, what, word=FALLBACK)


def _extensible(place: Pair) -> Iterator[Change]:
    old, new = place.before.get(EXTENSIBLE) is True, place.after.get(EXTENSIBLE) is True
    if new and not old:
        what = f"Readers of this version must take codes of {place.dotted} that they do not know"
        yield Change("extensible-added", place, what, word=EXTENSIBLE)
    elif old and not new:
        what = f"Readers of this version know all codes of {place.dotted}"
        yield Change("extensible-dropped", place, what, word=EXTENSIBLE)


def _fallback_faults(place: Pair) -> Iterator[Change]:
    steps = place.after.get(FALLBACK, {})
    codes = allowed(place.after) or []
    known = [*codes, *(allowed(place.before) or [])]
    unknown = [code for code in steps if code not in codes]
    unknown += [code for code in steps.values() if code not in known]
    advice = "Name codes of the enum, each newer one with an older one"
    if unknown:
        what = f"A fallback of {place.dotted} names what is no code, {listed(unknown)}"
        yield Change("fallback-unknown", place, what, word=FALLBACK, level="error", advice=advice)
    circling = [code for code in steps if _circles(code, steps)]
    if circling:
        what = f"The fallbacks of {listed(circling)} of {place.dotted} go round in a circle"
        yield Change("fallback-circular", place, what, word=FALLBACK, level="error", advice=advice)


def _circles(code: str, steps: dict[str, str]) -> bool:
    there = steps.get(code)
    for _ in steps:
        if there is None:
            return False
        there = steps.get(there)
    return there is not None
