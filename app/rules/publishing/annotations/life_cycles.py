"""What changed in a life cycle: the moves from one status to another, and where one may begin."""

from collections.abc import Iterator, Sequence

from app.model.element import Schema
from app.rules.publishing.changes.change import Change, listed
from app.rules.publishing.changes.pairs import Pair
from app.rules.publishing.changes.words import allowed

MOVES, INITIAL = "x-transitions", "x-initial"


def life_cycle_changes(place: Pair) -> Iterator[Change]:
    """Yield what changed in the moves and beginnings of a status; new codes are told elsewhere."""
    known = [each for each in _codes(place.before) if each in _codes(place.after)]
    if MOVES in place.before or MOVES in place.after:
        yield from _moves(place, known)
    if INITIAL in place.before or INITIAL in place.after:
        yield from _beginnings(place, known)


def _moves(place: Pair, known: Sequence[str]) -> Iterator[Change]:
    for code in known:
        old, new = _next(place.before, code), _next(place.after, code)
        lost = [each for each in old if each in known and each not in new]
        come = [each for each in new if each not in old]
        if lost:
            what = f"{place.dotted} may no longer go from {code} to {listed(lost)}"
            yield Change("transition-removed", place, what, "write", MOVES)
        if come:
            what = f"{place.dotted} may go from {code} to {listed(come)} besides"
            yield Change("transition-added", place, what, word=MOVES)


def _beginnings(place: Pair, known: Sequence[str]) -> Iterator[Change]:
    old, new = (each.get(INITIAL, _codes(each)) for each in (place.before, place.after))
    lost = [each for each in old if each in known and each not in new]
    come = [each for each in new if each in known and each not in old]
    if lost:
        what = f"A new resource may no longer begin with {listed(lost)}"
        yield Change("initial-removed", place, what, "write", INITIAL)
    if come:
        what = f"A new resource may begin with {listed(come)} besides"
        yield Change("initial-added", place, what, word=INITIAL)


def _next(schema: Schema, code: str) -> Sequence[str]:
    """Return what may follow a code: any other where the life cycle does not speak of it."""
    moves = schema.get(MOVES, {})
    if code in moves:
        return list(moves[code])
    return [each for each in _codes(schema) if each != code]


def _codes(schema: Schema) -> list[str]:
    return [each for each in allowed(schema) or () if isinstance(each, str)]
