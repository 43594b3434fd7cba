"""What changed in the protection of elements: who may read them, how they are kept.

To lower it is for the privacy officer to allow: 29 CFR 38.41(b), 20 CFR 603, 34 CFR 99.
"""

from collections.abc import Iterator, Sequence

from app.model.element import Schema
from app.rules.publishing.changes.change import Change
from app.rules.publishing.changes.pairs import Pair

LABEL = "x-sensitivity"
RANKS = {"PUBLIC": 0, "OPS": 1, "PII-QUASI": 2, "PII-DIRECT": 3}
HIGHEST = 4
"""The rank of every other label; they protect from different readers, none less than another."""
KEEPING = {
    "x-secret": ("encrypted and shown masked", "in clear"),
    "x-blind": ("encrypted and found by its whole value only", "as it is"),
}
WAIVE = "Keep the protection, or have the privacy officer waive this with a reason"


def protection_changes(places: Sequence[Pair]) -> Iterator[Change]:
    """Yield what changed in labels and secrecy; a label holds for all within its element."""
    labels: dict[str, tuple[str | None, str | None]] = {}
    for place in places:
        around = labels.get(place.instance_path.rpartition("/")[0], (None, None))
        own = place.before.get(LABEL), place.after.get(LABEL)
        labels[place.instance_path] = (own[0] or around[0], own[1] or around[1])
        if place.old is not None and place.new is not None:
            if labels[place.instance_path] != around and any(own):
                yield from _label(place, *labels[place.instance_path])
            yield from _keeping(place, place.before, place.after)


def _label(place: Pair, old: str | None, new: str | None) -> Iterator[Change]:
    if old == new:
        return
    what = f"The label of {place.dotted} went from {old or 'none'} to {new or 'none'}"
    if _rank(new) > _rank(old):
        what += ", and some clients will no longer see it"
        yield Change("sensitivity-raised", place, what, word=LABEL)
    else:
        what += ", and others may see it"
        yield Change("sensitivity-lowered", place, what, word=LABEL, level="error", advice=WAIVE)


def _rank(label: str | None) -> int:
    return -1 if label is None else RANKS.get(label, HIGHEST)


def _keeping(place: Pair, old: Schema, new: Schema) -> Iterator[Change]:
    for word, (kept, bare) in KEEPING.items():
        name = word.removeprefix("x-")
        if word in old and word not in new:
            what = f"{place.dotted} is kept {bare}, no longer {kept}"
            yield Change(f"{name}-dropped", place, what, word=word, level="error", advice=WAIVE)
        elif word in new and word not in old:
            yield Change(f"{name}-added", place, f"{place.dotted} is {kept} now", "read", word)
