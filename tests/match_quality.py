"""How well persons are found again: right and missed ones by grade, over synthetic people.

The searches are those of `$match`, answered from memory by the search keys that rows would have.
"""

import sys
import time
from bisect import bisect_left
from collections import Counter, defaultdict
from pathlib import Path
from random import Random

from app.model.clause import OneOf, Within
from app.model.query import parse
from app.model.registry import load
from app.model.search_keys import search_keys
from app.rules.persons.likely_persons import searches
from app.rules.persons.matching import Grade, evidence, grade
from persons import Clerk, people

PAGE = 100
STRANGERS = 0.1
"""The share of people who are not stored, and are looked for all the same."""
GRADES = tuple(Grade)
SCHEMAS = Path(__file__).parents[1] / "resource_schemas"


class Rows:
    """Profiles in memory, found as a database with one index per parameter finds them."""

    def __init__(self, kind, profiles):
        self._kind = kind
        self.profiles = {each["id"]: each for each in profiles}
        self._ids = defaultdict(lambda: defaultdict(set))
        self._sorted = defaultdict(list)
        for each in profiles:
            for name, values in search_keys(kind, each)["k"].items():
                for value in values if isinstance(values, list) else [values]:
                    self._ids[name][value].add(each["id"])
        for name, found in self._ids.items():
            self._sorted[name] = sorted(found, key=str)

    def candidates(self, asked):
        """Return the profiles that the searches for a person find."""
        found = {id for criteria in searches(asked) for id in self.matches(criteria)}
        return [self.profiles[id] for id in sorted(found)]

    def matches(self, criteria):
        """Return the ids of a page of what matches."""
        _, pairs = criteria
        query = parse(self._kind, [*pairs], max_count=PAGE)
        found = set.intersection(*(self._matching(each) for each in query.clauses))
        return sorted(found)[:PAGE]

    def _matching(self, clause):
        name, match = clause.parameter.name, clause.match
        held = self._ids[name]
        if isinstance(match, OneOf):
            return set().union(*(held.get(value, ()) for value in match.values))
        assert isinstance(match, Within)
        values = self._sorted[name]
        return {
            id
            for low, high in match.ranges
            for value in values[bisect_left(values, low) : bisect_left(values, high)]
            for id in held[value]
        }


class Tally:
    """What came of looking for many people: right and wrong answers of each grade."""

    def __init__(self):
        self.right, self.wrong, self.kinds = Counter(), Counter(), Counter()
        self.by_slip = defaultdict(Counter)
        self.looked_at, self.asked, self.findable = 0, 0, 0

    def add(self, person, slips, found, candidates):
        """Count the answers of one look: pairs of an id and its grade."""
        self.asked += 1
        self.looked_at += candidates
        grades = dict(found)
        own = grades.pop(person.id, None)
        self.wrong.update(grades.values())
        self.kinds.update((each, person.kind) for each in grades.values())
        if person.stored:
            self.findable += 1
            self.right[own] += 1
            for slip in slips or ["no slip"]:
                self.by_slip[slip][own] += 1

    def precision(self, *grades):
        right, wrong = (sum(of[each] for each in grades) for of in (self.right, self.wrong))
        return right / (right + wrong) if right + wrong else 1.0

    def recall(self, *grades):
        return sum(self.right[each] for each in grades) / self.findable

    def lines(self):
        """Yield the lines of the tables."""
        looks = self.looked_at / self.asked
        yield f"{self.asked} looked for, {self.findable} stored; {looks:.1f} candidates each"
        yield _line("", "right", "wrong", "precision", "recall", "or better")
        for at, each in enumerate(GRADES):
            shares = self.precision(each), self.recall(each), self.recall(*GRADES[: at + 1])
            numbers = self.right[each], self.wrong[each]
            yield _line(each, *numbers, *(f"{share:.2%}" for share in shares))
        yield _line("not found", self.right[None])
        yield ""
        yield _line("slip", "people", *GRADES, "not found")
        for slip, counts in sorted(self.by_slip.items()):
            total = sum(counts.values())
            yield _line(slip, total, *(f"{counts[each] / total:.1%}" for each in (*GRADES, None)))
        for (each, kind), number in sorted(self.kinds.items()):
            yield f"wrong {each} for {kind}: {number}"


def _line(name, *cells):
    return f"{name:<20}" + "".join(f"{each:>11}" for each in cells)


def profile_type():
    """Return the published type of a profile."""
    return load(SCHEMAS).type("ParticipantProfile")


def looked_for(size, seed=1):
    """Yield each person with what a clerk wrote and the slips; a tenth is not stored."""
    made = people(size, seed)
    dice = Random(seed + 1)  # noqa: S311 - the same slips each time
    for each in dice.sample(made, int(size * STRANGERS)):
        each.stored = {}
    clerk = Clerk(dice)
    for at, each in enumerate(made):
        kin = [
            one for one in made[max(at - 2, 0) : at + 3] if one is not each and _is_kin(one, each)
        ]
        written = clerk.written(each, kin[0] if kin else None)
        yield each, written, clerk.slips


def _is_kin(one, other):
    return one.true["address"] == other.true["address"]


def measured(kind, size, seed=1):
    """Return the tally of looking for so many people."""
    asked = list(looked_for(size, seed))
    rows = Rows(kind, [person.stored for person, _, _ in asked if person.stored])
    tally = Tally()
    for person, written, slips in asked:
        candidates = rows.candidates(written)
        grades = ((each["id"], grade(evidence(written, each))) for each in candidates)
        tally.add(person, slips, [pair for pair in grades if pair[1]], len(candidates))
    return tally


def main(size=10_000, seed=1):
    """Print the tables."""
    began = time.perf_counter()
    for line in measured(profile_type(), size, seed).lines():
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"{time.perf_counter() - began:.1f} s\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
