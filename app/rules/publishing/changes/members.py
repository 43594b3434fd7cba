"""What changed in the elements that an object or a list has: added, removed, renamed, required."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from app.rules.publishing.changes.change import Change, Direction
from app.rules.publishing.changes.pairs import Pair
from app.rules.publishing.changes.resolving import Node
from app.rules.publishing.changes.sameness import Sameness

MOST_COMPARED = 400
"""Most pairs of a removed and an added element that are looked at for new names."""
ALIKE = 0.6
"""How much of two names must agree for one to look like the other."""
DEPRECATE = "Keep it and say that it is deprecated"


def member_changes(place: Pair, missing: Sequence[Pair], same: Sameness) -> Iterator[Change]:
    """Yield what changed below a place that both versions have; `missing` is on one side only."""
    removed = [each for each in missing if each.new is None and not _is_entry(each)]
    added = [each for each in missing if each.old is None and not _is_entry(each)]
    renamed = dict(_renamed(removed, added, same))
    new_names = set(renamed.values())
    for each in removed:
        yield _renaming(place, each, renamed[each]) if each in renamed else _removal(place, each)
    for each in added:
        if each not in new_names:
            yield _addition(place, each)
    for each in filter(_is_entry, missing):
        yield _entries(place, each)
    yield from _required(place)


def _is_entry(place: Pair) -> bool:
    return place.instance_path.endswith("/*")


def _is_closed(node: Node | None) -> bool:
    words = ("additionalProperties", "unevaluatedProperties")
    return node is not None and any(node.schema.get(word) is False for word in words)


def _loss(place: Pair) -> Direction:
    return "write" if _is_closed(place.new) else "read"


def _removal(place: Pair, gone: Pair) -> Change:
    what = f"The element {gone.dotted} was removed"
    name = gone.path[-1]
    return Change("property-removed", place, what, _loss(place), hint=DEPRECATE, name=name)


def _addition(place: Pair, come: Pair) -> Change:
    what = f"The element {come.dotted} was added"
    direction: Direction = "" if _is_closed(place.old) else "write"
    return Change("property-added", place, what, direction, name=come.path[-1])


def _renaming(place: Pair, gone: Pair, come: Pair) -> Change:
    what = f"The element {gone.dotted} seems to be called {come.path[-1]} now"
    hint = f"Keep {gone.path[-1]} beside {come.path[-1]}"
    return Change(
        "property-renamed",
        place,
        what,
        _loss(place),
        hint=hint,
        name=gone.path[-1],
        new_name=come.path[-1],
    )


def _renamed(
    removed: Sequence[Pair], added: Sequence[Pair], same: Sameness
) -> Iterator[tuple[Pair, Pair]]:
    if len(removed) * len(added) > MOST_COMPARED:
        return
    left = list(added)
    for gone in removed:
        found = next((come for come in left if _looks_renamed(gone, come, same)), None)
        if found:
            left.remove(found)
            yield gone, found


def _looks_renamed(gone: Pair, come: Pair, same: Sameness) -> bool:
    if gone.old is None or come.new is None:
        return False
    names = (gone.path[-1].lower(), come.path[-1].lower())
    is_alike = (
        gone.before.get("description", "") == come.after.get("description")
        or SequenceMatcher(None, *names).ratio() >= ALIKE
    )
    return is_alike and same(gone.old.schema, gone.old.home, come.new.schema, come.new.home)


def _entries(place: Pair, entry: Pair) -> Change:
    if entry.old is None:
        what = f"There is a rule for the entries of {place.dotted} now"
        return Change("items-added", place, what, "write", "items")
    what = f"There is no rule for the entries of {place.dotted} any more"
    return Change("items-removed", place, what, "read", "items")


def _required(place: Pair) -> Iterator[Change]:
    word = "required"
    old, new = (tuple(each.get(word, ())) for each in (place.before, place.after))
    for name in new:
        if name not in old:
            what = f"The element {_below(place, name)} is required now"
            yield Change(
                "required-added", place, what, "write", word, "Make it optional", name=name
            )
    for name in old:
        if name not in new:
            what = f"The element {_below(place, name)} may be missing now"
            yield Change("required-removed", place, what, "read", word, "Require it", name=name)


def _below(place: Pair, name: str) -> str:
    return ".".join((*place.path, name))
