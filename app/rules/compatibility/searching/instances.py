"""Documents worth trying in the search for one that an old schema takes and a new one refuses.

From small valid documents on, one place is varied at a time, wherever the schemas differ; then
some places together. Everything follows from the schemas alone, in an order that never changes.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from app.model.element import Schema
from app.rules.compatibility.searching.plain_values import ATOMS, limits, listed, numbers, strings
from app.rules.compatibility.searching.spots import Parts, Spot, Spots
from app.rules.compatibility.searching.valid_values import (
    EXTRA,
    LONGEST_ARRAY,
    ValidValues,
    contents,
    may_be,
    names,
)
from app.rules.compatibility.searching.variations import (
    entries,
    in_turn,
    inside,
    replaced,
    together,
    without,
)

Path = tuple[str, ...]
"""Names of properties, and `*` for an entry of an array or a name that is not declared."""
Way = tuple[Parts, ...]
"""What both schemas say of each place on the way to a place."""
ANY = "*"
DEPTH = 9
"""How many arrays and objects inside one another are looked into."""
VARIED: Schema = {"$comment": "to be varied although both schemas say the same"}


class Instances:
    """The candidates of a pair of bundled schemas."""

    def __init__(self, old: Schema, new: Schema) -> None:
        self._spots = Spots(old, new)
        self._valid = ValidValues(self._spots)

    def along(self, path: Path = ()) -> Iterator[Any]:
        """Yield documents that differ at and below a path, and little on the way to it."""
        return self._at(self._spots.root, path, (), DEPTH)

    def _at(self, spot: Spot, path: Path, way: Way, depth: int) -> Iterator[Any]:
        yield from self._valid.few(spot.must, depth)
        here = spot.old + spot.new
        if not depth or way.count(here) > 1 or self._spots.is_same(spot):
            return
        choices = self._spots.choices(spot.must)
        objects = (self._objects(spot, each, path, (*way, here), depth) for each in choices)
        arrays = (self._arrays(spot, each, path, (*way, here), depth) for each in choices)
        settled = self._settled(spot, choices[0], path, (*way, here), depth) if choices else ()
        yield from in_turn([() if path else self._scalars(spot), *objects, *arrays, settled])

    def _scalars(self, spot: Spot) -> Iterator[Any]:
        parts = self._spots.parts(spot.must + spot.old + spot.new)
        return in_turn([ATOMS, listed(parts), numbers(parts), strings(parts)])

    def _objects(
        self, spot: Spot, choice: Parts, path: Path, way: Way, depth: int
    ) -> Iterator[dict[str, Any]]:
        least = self._valid.least_object(choice, depth)
        if least is None:
            return
        most = self._valid.most_object(spot.must, choice, least, depth)
        yield from (least, most)
        told = [path[0]] if path and path[0] != ANY else self._told(spot, choice)
        children = {name: self._spots.property(spot, choice, name) for name in told}
        few = {name: self._valid.few(at.must, depth - 1)[:4] for name, at in children.items()}
        varied = (
            inside(least, most, name, self._at(at, path[1:], way, depth - 1))
            for name, at in children.items()
        )
        dropped = (without(body, name) for body in (most, least) for name in body)
        yield from in_turn([*varied, dropped, together(least, most, few)])

    def _settled(
        self, spot: Spot, choice: Parts, path: Path, way: Way, depth: int
    ) -> Iterator[dict[str, Any]]:
        """Yield objects for each value that an `if` asks about, with all that follows from it."""
        told = [path[0]] if path and path[0] != ANY else self._told(spot, choice)
        places = [(name, self._spots.property(spot, choice, name)) for name in told]
        changed = [(name, at) for name, at in places if not self._spots.is_same(at)]
        for asked in self._valid.conditions(choice):
            values = self._valid.few(self._spots.property(spot, choice, asked).must, depth - 1)
            for value in values if depth else ():
                body = self._valid.settled(spot.must, choice, {asked: value}, depth)
                if body is not None:
                    yield body
                    varied = (
                        inside(body, body, name, islice(self._at(at, path[1:], way, depth - 1), 60))
                        for name, at in changed
                    )
                    yield from in_turn(varied)

    def _told(self, spot: Spot, choice: Parts) -> list[str]:
        """Return the names the schemas speak of, first those with most told by one side only."""
        parts = self._spots.parts(choice + spot.old + spot.new)
        told = Counter(name for each in self._spots.unlike(spot) for name in set(names([each])))
        return sorted(dict.fromkeys((*names(parts), *EXTRA)), key=lambda name: -told[name])

    def _arrays(
        self, spot: Spot, choice: Parts, path: Path, way: Way, depth: int
    ) -> Iterator[list[Any]]:
        if not may_be("array", choice):
            return
        firsts = self._valid.first_entries(spot, choice, depth)
        places = [self._spots.item(spot, choice, index) for index in range(len(firsts) + 1)]
        below = [self._at(each, path[1:], way, depth - 1) for each in places]
        varied = (replaced(firsts, index, each) for index, each in enumerate(below[:-1]))
        lengths = self._lengths(spot, choice, firsts, depth)
        yield from in_turn([lengths, entries(firsts, below[-1]), *varied])

    def _lengths(
        self, spot: Spot, choice: Parts, firsts: list[Any], depth: int
    ) -> Iterator[list[Any]]:
        """Yield arrays of all lengths of interest: of the same entry, and of different ones."""
        parts = self._spots.parts(choice + spot.old + spot.new)
        last = self._spots.item(spot, choice, len(firsts))
        few = self._valid.few(last.must, depth - 1)
        wanted = chain.from_iterable(
            self._valid.few((each,), depth - 1)[:2] for each in contents(parts)
        )
        ones = [*few[:3], *wanted, *few[3:]]
        items, contained = ("minItems", "maxItems"), ("minContains", "maxContains")
        counts = {*limits(parts, *items), *limits(parts, *contained)}
        for count in sorted(each for each in counts if each <= LONGEST_ARRAY):
            everything = self._at(Spot(last.must, (*last.old, VARIED), last.new), (), (), depth - 1)
            missing = count - len(firsts)
            yield [*firsts, *self._valid.different(last.must, missing, depth - 1, everything)]
            for value in ones:
                yield [*firsts, *[value] * count][:count]
                yield [*firsts, *[value] * (count - 1), ones[0]][:count]
