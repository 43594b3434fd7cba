"""What changed in the annotations between two versions of a type (gate G6).

Annotations are contract: they drive search, references, life cycles and confidentiality, so that
a change breaks clients or the law while the same resources stay valid.
"""

from collections.abc import Iterator, Mapping, Sequence

from app.model.element import Schema
from app.model.parameter import kebab
from app.rules.publishing.annotations.codes import code_changes
from app.rules.publishing.annotations.life_cycles import life_cycle_changes
from app.rules.publishing.annotations.protection import protection_changes
from app.rules.publishing.annotations.root_words import root_changes
from app.rules.publishing.annotations.searching import search_changes
from app.rules.publishing.changes.change import Change, softened
from app.rules.publishing.changes.pairs import Pair, pairs
from app.rules.publishing.changes.sameness import text
from app.rules.publishing.finding import Finding

TOLD = frozenset(
    (
        *("x-kind", "x-level", "x-versioning", "x-compartment", "x-owner", "x-unique", "x-search"),
        *("x-target", "x-sensitivity", "x-secret", "x-blind", "x-transitions", "x-initial"),
        *("x-readonly", "x-standard", "x-codes", "x-extensible", "x-fallback"),
    )
)
"""The annotations that are told by a sentence of their own."""
READ_ONLY = "x-readonly"


def annotation_findings(
    old: Schema,
    new: Schema,
    documents: Mapping[str, Schema],
    against: str,
    *,
    is_major: bool = False,
) -> list[Finding]:
    """Return what changed in annotations from `old`, the version named `against`, to `new`.

    What a major version may break is an error unless `is_major`; what takes a privacy officer's
    or the stored documents' consent is an error always.
    """
    try:
        places = pairs(old, new, documents)
    except ValueError:
        return []  # the list of changes says so
    found = [each.finding(against) for each in _changes(places)]
    return softened(found) if is_major else found


def _changes(places: Sequence[Pair]) -> Iterator[Change]:
    yield from root_changes(places[0])
    yield from search_changes(places)
    yield from protection_changes(places)
    for place in places:
        if place.old is not None and place.new is not None:
            yield from life_cycle_changes(place)
            yield from _target(place)
            yield from _read_only(place)
            yield from _others(place)
        if place.new is not None:
            yield from code_changes(place)


def _target(place: Pair) -> Iterator[Change]:
    word = "x-target"
    old, new = place.before.get(word), place.after.get(word)
    if old == new:
        return
    lost = [each for each in old or () if each not in (new or ())]
    come = [each for each in new or () if each not in (old or ())]
    if new is None:
        what = f"The hub no longer knows what {place.dotted} refers to"
        yield Change("target-dropped", place, what, "read", word)
    elif old is None or lost:
        what = f"{place.dotted} may refer to {' or '.join(new)} only"
        yield Change("target-narrowed", place, what, "write", word)
    if old is not None and come:
        what = f"{place.dotted} may refer to {' or '.join(come)} besides"
        yield Change("target-widened", place, what, word=word)


def _read_only(place: Pair) -> Iterator[Change]:
    old, new = place.before.get(READ_ONLY), place.after.get(READ_ONLY)
    if new and not old:
        what = f"The hub sets {place.dotted} now and passes over what clients send for it"
        yield Change("readonly-added", place, what, word=READ_ONLY, level="warning")
    elif old and not new:
        what = f"The hub no longer sets {place.dotted}, and what clients send for it counts"
        yield Change("readonly-dropped", place, what, word=READ_ONLY, level="warning")


def _others(place: Pair) -> Iterator[Change]:
    old, new = place.before, place.after
    for word in sorted(name for name in {*old, *new} if name.startswith("x-")):
        is_same = text(old.get(word)) == text(new.get(word))
        if word == "x-standard" and not is_same:
            what = f"The source of {place.dotted} was reworded"
            yield Change("standard-changed", place, what, word=word, bump="patch")
        elif word not in TOLD and not is_same:
            what = f"The annotation {word} of {place.dotted} changed"
            yield Change(f"{kebab(word[2:])}-changed", place, what, word=word)
