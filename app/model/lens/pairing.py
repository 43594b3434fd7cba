"""Which entry of a list that is sent is which entry of the list that was seen.

What a sender could not see of an entry stays with it only if he clearly kept it. He did when

1. its own name, the element `id` or `itemId`, is there once among those seen and those sent;
2. or it comes back as it was seen, the first for the first;
3. or, among what is then left, seen and sent entry are each other's only best likeness;
4. or as many entries are left as were seen: then each is the one at its place.

In 3 and 4 at least half of the elements that were seen must have come back unchanged, and an entry
that has a name of its own is never taken for another. An entry that was seen and is paired with
none is gone with all its parts; one that is sent and paired with none is new and has no others.
"""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.model.lens.showing import same

NAMES = ("id", "itemId")
"""The elements by which an entry of a list has a name of its own."""
MOST_COMPARED = 10_000
"""The most pairs whose likeness is looked at; beyond, only rules 1, 2 and 4 decide."""
Pairs = Mapping[int, int]
"""Which entry seen (by index) an entry sent (by index) is."""


def pairs(seen: Sequence[Any], sent: Sequence[Any]) -> Pairs:
    """Return for each entry sent which of those seen it is, where that is clear."""
    found = dict(_named(seen, sent))
    found |= _equal(seen, sent, found)
    left = [at for at in range(len(seen)) if at not in found.values() and _may_change(seen[at])]
    mine = [at for at in range(len(sent)) if at not in found and _may_change(sent[at])]
    if len(left) * len(mine) <= MOST_COMPARED:
        found |= _most_alike(seen, sent, left, mine)
    left = [at for at in left if at not in found.values()]
    mine = [at for at in mine if at not in found]
    if len(left) == len(mine):
        paired = zip(left, mine, strict=True)
        found |= {to: of for of, to in paired if _likeness(seen[of], sent[to]) is not None}
    return found


def _named(seen: Sequence[Any], sent: Sequence[Any]) -> Iterator[tuple[int, int]]:
    before, after = _by_name(seen), _by_name(sent)
    for name, places in after.items():
        if len(places) == len(before.get(name, ())) == 1:
            yield places[0], before[name][0]


def _by_name(entries: Sequence[Any]) -> Mapping[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for at, each in enumerate(entries):
        name = _name(each)
        if name is not None:
            found[name].append(at)
    return found


def _name(entry: Any) -> str | None:
    if not isinstance(entry, dict):
        return None
    named = (f"{each}={entry[each]}" for each in NAMES if isinstance(entry.get(each), str))
    return next(named, None)


def _equal(seen: Sequence[Any], sent: Sequence[Any], found: Pairs) -> Pairs:
    waiting: dict[str, deque[int]] = defaultdict(deque)
    for at, each in enumerate(seen):
        if at not in found.values():
            waiting[same(each)].append(at)
    paired = {}
    for at, each in enumerate(sent):
        if at not in found and (places := waiting.get(same(each))):
            paired[at] = places.popleft()
    return paired


def _may_change(entry: Any) -> bool:
    """Whether an entry can come back changed: one without parts or with a name cannot."""
    return isinstance(entry, dict) and _name(entry) is None


def _most_alike(
    seen: Sequence[Any], sent: Sequence[Any], left: Sequence[int], mine: Sequence[int]
) -> Pairs:
    likeness = {
        (of, to): found
        for of in left
        for to in mine
        if (found := _likeness(seen[of], sent[to])) is not None
    }
    best_of = {
        of: _only_best({to: likeness[of, to] for to in mine if (of, to) in likeness}) for of in left
    }
    best_to = {
        to: _only_best({of: likeness[of, to] for of in left if (of, to) in likeness}) for to in mine
    }
    return {to: of for of, to in best_of.items() if to is not None and best_to[to] == of}


def _only_best(likeness: Mapping[int, float]) -> int | None:
    most = max(likeness.values(), default=0.0)
    best = [at for at, each in likeness.items() if each == most]
    return best[0] if len(best) == 1 else None


def _likeness(seen: Mapping[str, Any], sent: Mapping[str, Any]) -> float | None:
    """Return which part of the elements seen came back unchanged; None when less than half did."""
    kept = sum(name in sent and same(sent[name]) == same(each) for name, each in seen.items())
    return kept / len(seen) if seen and 2 * kept >= len(seen) else None
