"""Our own proof that one schema takes all that another takes, word by word.

What is to be shown is split into single words, what is known into cases. A schema that leads back
into itself is taken to hold for the values inside a value while it is being shown for the value
itself: documents are finite, so that this is plain induction over their depth.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.rules.compatibility.proving import arrays, choices, objects, scalars
from app.rules.compatibility.proving.case import Case
from app.rules.compatibility.proving.home import At, Home, Sameness, atoms, is_valid
from app.rules.compatibility.proving.judgement import Includes, Places, Where, merged, place
from app.rules.compatibility.proving.members import Names
from app.rules.compatibility.proving.splitting import splits
from app.rules.compatibility.words import ANNOTATIONS

MOST_STEPS = 1500
MOST_DEPTH = 60
MOST_SPLITS = 8
"""Most steps of a proof and how deep goals and cases are nested; beyond that nothing is known."""

RULES: Mapping[str, Callable[..., Places]] = {
    **scalars.RULES,
    **objects.RULES,
    **arrays.RULES,
    **choices.RULES,
}
"""JSON Schema word → how it is shown to hold; a word without a rule never is."""
NEUTRAL = ANNOTATIONS | {"$defs", "definitions", "then", "else", "minContains", "maxContains"}
DOMAIN = {
    **dict.fromkeys(scalars.NUMBERS, frozenset({"integer", "fraction"})),
    **dict.fromkeys(scalars.STRINGS, frozenset({"string"})),
    **dict.fromkeys(objects.RULES, frozenset({"object"})),
    **dict.fromkeys(arrays.RULES, frozenset({"array"})),
}
"""The types that a word speaks of; all others pass it."""

INNER = frozenset({"$ref", "allOf", "dependentSchemas", "if"})
"""Words whose schemas judge the same value: cases are told apart in there."""
Key = tuple[str, frozenset[str]]
"""A goal and what is known."""


@dataclass(frozen=True)
class Shown:
    """What came of a goal; provisional while it rests on one that is still being shown."""

    places: Places
    where: Where
    is_provisional: bool


class Prover:
    """Shows goals from facts; `includes` says whether one pattern takes all another takes."""

    def __init__(self, homes: Sequence[Home], includes: Includes) -> None:
        self.includes = includes
        self._same = Sameness(homes)
        self._steps = 0
        self._depth = 0
        self._open: dict[Key, int] = {}
        self._assumed: set[Key] = set()
        self._shown: dict[Key, Shown] = {}
        self._asked: set[frozenset[str]] = set()
        self._never: dict[frozenset[str], bool] = {}

    def case(self, *facts: At) -> Case:
        """Return what is known when the facts hold."""
        return Case(facts, self._same)

    def is_known(self, goal: At, case: Case) -> bool:
        """Return whether a goal is among the facts."""
        return self._same.text(goal) in case.known

    def holds(self, goal: At, case: Case, where: Where) -> Places:
        """Return where the goal could fail for a value of the case; nothing when it never does."""
        if goal.schema is True or goal.schema == {} or case.is_never or self.is_known(goal, case):
            return ()
        key = self._same.text(goal), case.key
        shown = self._shown.get(key)
        if shown and (not shown.is_provisional or where.depth >= shown.where.depth):
            return tuple(each.moved(shown.where.pointer, where.pointer) for each in shown.places)
        if key in self._open and self._open[key] < where.depth:
            self._assumed.add(key)
            return ()
        if key in self._open or self._is_spent():
            return (place(goal, case, where, ""),)
        return self._tried(key, goal, case, where)

    def is_refuted(self, case: Case, where: Where) -> bool:
        """Return whether no value can be as the case says, after looking at all its branches."""
        return bool(case.given) and not self.holds(case.given[-1].made(False), case, where)

    def is_never(self, case: Case, where: Where) -> bool:
        """Return whether no value can be as the case says, at first sight."""
        if case.is_never or not case.types or case.values == []:
            return True
        if case.key in self._never:
            return self._never[case.key]
        if case.key in self._asked or self._is_spent():
            return False
        self._asked.add(case.key)
        self._depth += 1
        found = self._is_contradicted(case, where) or all(
            self._is_void(each, case, where) for each in case.types
        )
        self._depth -= 1
        self._asked.discard(case.key)
        if not (found and self._assumed):
            self._never[case.key] = found
        return found

    def _is_spent(self) -> bool:
        self._steps += 1
        return self._steps > MOST_STEPS or self._depth > MOST_DEPTH

    def _is_contradicted(self, case: Case, where: Where) -> bool:
        return any(
            isinstance(refused, dict) and not self.holds(fact.below("not"), case, where)
            for fact, refused in case.saying("not")
        )

    def _is_void(self, kind: str, case: Case, where: Where) -> bool:
        """Return whether the facts leave no value of a type."""
        if kind in ("integer", "fraction"):
            low, high = case.bound("minimum"), case.bound("maximum")
            if low is None or high is None:
                return False
            return low[0] > high[0] or (low[0] == high[0] and (low[1] or high[1]))
        if kind == "string":
            return case.least("minLength") > case.most("maxLength")
        if kind == "array":
            return case.least("minItems") > case.most("maxItems")
        if kind != "object":
            return False
        names = Names(case)
        return case.least("minProperties") > case.most("maxProperties") or any(
            self.is_never(self.case(*names.of(name)), where.into(name)) for name in case.required
        )

    def _tried(self, key: Key, goal: At, case: Case, where: Where) -> Places:
        self._depth += 1
        self._open[key] = where.depth
        places = self._all(goal, case, where)
        del self._open[key]
        self._depth -= 1
        if key in self._assumed and places:
            # What was shown on the strength of this goal falls with it.
            for late in list(self._shown):
                if self._shown[late].is_provisional:
                    del self._shown[late]
        self._assumed.discard(key)
        self._shown[key] = Shown(places, where, bool(self._assumed) and not places)
        return places

    def _all(self, goal: At, case: Case, where: Where) -> Places:
        if goal.schema is False:
            return self._word(goal, "false", case, where)
        values = case.values
        if values is not None:
            wrong = [each for each in values if not is_valid(goal, each)]
            return (place(goal, case, where, _telling(goal)),) if wrong else ()
        found: list[Places] = []
        for words, part in atoms(goal.schema):
            piece = goal.made(part)
            if not self.is_known(piece, case):
                said = (each for each in words if each not in NEUTRAL and each[:2] != "x-")
                found += [self._word(piece, each, case, where) for each in said]
        return merged(found)

    def _word(self, goal: At, word: str, case: Case, where: Where, split: int = 0) -> Places:
        if not case.types & DOMAIN.get(word, case.types):
            return ()
        rule = RULES.get(word)
        places = rule(self, goal, case, where) if rule else (place(goal, case, where, word),)
        if not places or self.is_never(case, where):
            return ()
        if word in INNER or split > MOST_SPLITS or self._is_spent():
            return places
        cases = next(splits(self, goal, word, case, where), None)
        if cases is None:
            return places
        return merged(self._word(goal, word, each, where, split + 1) for each in cases)


def _telling(goal: At) -> str:
    return next((each for each in ("enum", "const") if each in goal.schema), "enum")
