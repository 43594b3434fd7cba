"""What changed in the search parameters of a type, as all its `x-search` annotations make them."""

from collections.abc import Iterator, Mapping, Sequence

from app.model.parameter import Parameter, parameters
from app.rules.publishing.changes.change import Change
from app.rules.publishing.changes.pairs import Pair, elements

WORD = "x-search"


def search_changes(places: Sequence[Pair]) -> Iterator[Change]:
    """Yield what changed in search parameters; of a version whose own disagree, only that."""
    try:
        old = parameters(elements(places, is_new=False))
        new = parameters(elements(places, is_new=True))
    except ValueError as fault:
        what = str(fault).rstrip(".")
        yield Change("search-inconsistent", places[0], what, word=WORD, level="error")
        return
    for name, former in old.items():
        place = _place(places, former)
        if name not in new:
            what = f"The search parameter {name} was removed"
            yield Change("search-removed", place, what, "read", WORD)
        else:
            yield from _changed(place, former, new[name])
    for name, found in new.items():
        if name not in old:
            what = f"The search parameter {name} was added"
            yield Change("search-added", _place(places, found), what, word=WORD)


def _changed(place: Pair, old: Parameter, new: Parameter) -> Iterator[Change]:
    if _kind(old) != _kind(new):
        what = f"The search parameter {old.name} takes {_named(new)}, no longer {_named(old)}"
        yield Change("search-retyped", place, what, "read", WORD)
    elif old.is_sortable and not new.is_sortable:
        what = f"Results can no longer be sorted by {old.name}"
        yield Change("sort-removed", place, what, "read", WORD)
    if set(old.sources) - set(new.sources):
        what = f"The search parameter {old.name} no longer reads every element it read"
        yield Change("search-narrowed", place, what, "read", WORD)
    elif set(new.sources) - set(old.sources):
        what = f"The search parameter {old.name} reads one more element"
        yield Change("search-widened", place, what, word=WORD)


def _kind(one: Parameter) -> tuple[object, ...]:
    return one.type, one.is_day, one.is_blind, one.is_secret


def _named(one: Parameter) -> str:
    name = "calendar day" if one.is_day else one.type
    return f"a {name} that is given whole in a body" if one.is_blind else f"a {name}"


def _place(places: Sequence[Pair], parameter: Parameter) -> Pair:
    by_path: Mapping[object, Pair] = {each.path: each for each in reversed(places)}
    return by_path.get(parameter.sources[0].path, places[0])
