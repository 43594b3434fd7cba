"""How the words that combine schemas are shown to hold."""

from collections.abc import Callable, Mapping
from itertools import combinations
from math import comb

from app.rules.compatibility.proving.case import Case
from app.rules.compatibility.proving.home import At
from app.rules.compatibility.proving.judgement import Places, Proving, Where, merged, place
from app.rules.compatibility.proving.members import Names

MOST_TRIED = 60
MOST_NAMED = 200
"""Most branches that are tried one by one, and most sets of names."""


def _all(prover: Proving, goal: At, case: Case, where: Where) -> Places:
    return merged(
        prover.holds(goal.below("allOf", index), case, where)
        for index in range(len(goal.schema["allOf"]))
    )


def _reference(prover: Proving, goal: At, case: Case, where: Where) -> Places:
    target = goal.home.at(goal.schema["$ref"])
    if target is None:
        return (place(goal, case, where, "$ref"),)
    return prover.holds(target, case, where)


def _any(prover: Proving, goal: At, case: Case, where: Where) -> Places:
    branches = [goal.below("anyOf", index) for index in range(len(goal.schema["anyOf"]))]
    if any(prover.is_known(each, case) for each in branches) or _has_enough_names(goal, case):
        return ()
    tried = branches[:MOST_TRIED]
    if any(not prover.holds(each, case, where) for each in tried):
        return ()
    others = [each.made({"not": each.schema}) for each in branches[:-1]]
    if len(branches) == len(tried) and not prover.holds(branches[-1], case.but(*others), where):
        return ()
    return (place(goal, case, where, "anyOf"),)


def _has_enough_names(goal: At, case: Case) -> bool:
    """Return whether a closed object has so many of its names that it has those of a branch."""
    branches = goal.schema["anyOf"]
    if case.types != {"object"} or not all(_only_requires(each) for each in branches):
        return False
    names = Names(case)
    if names.patterns or not any(each.schema is False for each in names.of_others):
        return False
    others = sorted((names.spelt | names.listed) - case.required)
    more = max(case.least("minProperties") - len(case.required), 0)
    if more > len(others) or comb(len(others), more) > MOST_NAMED:
        return False
    fewest = (case.required.union(each) for each in combinations(others, more))
    return all(any(each.issuperset(b["required"]) for b in branches) for each in fewest)


def _only_requires(schema: object) -> bool:
    return isinstance(schema, dict) and set(schema) == {"required"}


def _one(prover: Proving, goal: At, case: Case, where: Where) -> Places:
    branches = [goal.below("oneOf", index) for index in range(len(goal.schema["oneOf"]))]
    known = [each for each in branches if prover.is_known(each, case)]
    tried = known or branches[:MOST_TRIED]
    found = next((each for each in tried if not prover.holds(each, case, where)), None)
    if found is None:
        return (place(goal, case, where, "oneOf"),)
    others = [each for each in branches if each is not found]
    if all(prover.is_refuted(case.but(each), where) for each in others):
        return ()
    return (place(goal, case, where, "oneOf"),)


def _conditional(prover: Proving, goal: At, case: Case, where: Where) -> Places:
    found: list[Places] = []
    condition = goal.below("if")
    if "then" in goal.schema:
        found.append(prover.holds(goal.below("then"), case.but(condition), where))
    if "else" in goal.schema:
        refused = condition.made({"not": condition.schema})
        found.append(prover.holds(goal.below("else"), case.but(refused), where))
    return merged(found)


def _not(prover: Proving, goal: At, case: Case, where: Where) -> Places:
    is_fine = prover.is_refuted(case.but(goal.below("not")), where)
    return () if is_fine else (place(goal, case, where, "not"),)


RULES: Mapping[str, Callable[[Proving, At, Case, Where], Places]] = {
    "allOf": _all,
    "$ref": _reference,
    "anyOf": _any,
    "oneOf": _one,
    "if": _conditional,
    "not": _not,
}
