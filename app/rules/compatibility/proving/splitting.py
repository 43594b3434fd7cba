"""Tells the cases of a value apart: every value lies in one of the cases."""

from collections.abc import Iterator
from typing import Any

from app.rules.compatibility.proving.case import Case
from app.rules.compatibility.proving.home import At
from app.rules.compatibility.proving.judgement import Proving, Where
from app.rules.compatibility.proving.members import Names, mentioned
from app.rules.compatibility.proving.negation import negations

MOST_BRANCHES = 200
MOST_EXCLUDED = 20
"""Most branches that a case is split into, and most that are excluded from each other."""
MOST_TOLD_APART = 20
"""Most values of one property that are told apart."""

WHOLE = frozenset({"anyOf", "oneOf", "not", "enum", "const", "type", "false"})
"""Words that speak of all types at once."""
JSON_TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")


def splits(prover: Proving, goal: At, word: str, case: Case, where: Where) -> Iterator[list[Case]]:
    """Yield ways to split a case, the most promising first."""
    yield from _by_condition(prover, case, where)
    yield from _by_branch(case)
    yield from _by_refusal(case)
    if word in WHOLE and len(case.types) > 1:
        yield from _by_type(case)
    if word in ("anyOf", "oneOf", "not", "false"):
        yield from _by_value(prover, goal, case)


def _by_condition(prover: Proving, case: Case, where: Where) -> Iterator[list[Case]]:
    for fact, _ in case.saying("if"):
        condition = fact.below("if")
        met = [condition, *(fact.below(word) for word in ("then",) if word in fact.schema)]
        refused = condition.made({"not": condition.schema})
        unmet = [refused, *(fact.below(word) for word in ("else",) if word in fact.schema)]
        words = ("if", "then", "else")
        is_met = not prover.holds(condition, case.without(fact, words), where)
        cases = [met] if is_met else [met, unmet]
        yield [case.without(fact, words, *each) for each in cases]


def _by_branch(case: Case) -> Iterator[list[Case]]:
    for word in ("oneOf", "anyOf"):
        for fact, value in case.saying(word):
            branches = [fact.below(word, index) for index in range(len(value))]
            if len(branches) > MOST_BRANCHES:
                continue
            is_told = word == "oneOf" and len(branches) <= MOST_EXCLUDED
            yield [
                case.without(fact, (word,), each, *(_others(branches, each) if is_told else ()))
                for each in branches
            ]


def _others(branches: list[At], chosen: At) -> list[At]:
    return [each.made({"not": each.schema}) for each in branches if each is not chosen]


def _by_refusal(case: Case) -> Iterator[list[Case]]:
    for fact, _ in case.saying("not"):
        found = negations(fact)
        if len(found) > 1:
            yield [case.without(fact, ("not",), each) for each in found]


def _by_type(case: Case) -> Iterator[list[Case]]:
    fraction = {"type": "number", "not": {"type": "integer"}}
    kinds = [each for each in JSON_TYPES if each in case.types]
    schemas: list[dict[str, Any]] = [{"type": each} for each in kinds]
    if "fraction" in case.types:
        schemas.append(fraction)
    # Of a value of which nothing is known there is nothing to tell apart, which is not no case.
    if case.facts:
        yield [case.but(case.facts[0].made(each)) for each in schemas]


def _by_value(prover: Proving, goal: At, case: Case) -> Iterator[list[Case]]:
    if case.types != {"object"}:
        return
    names = Names(case)
    for name in sorted({*names.spelt, *mentioned(goal, 1)}):
        values = prover.case(*names.of(name)).values
        if values is None or not 1 < len(values) <= MOST_TOLD_APART:
            continue
        origin = case.facts[0]
        cases = [case.but(origin.made({"properties": {name: {"const": v}}})) for v in values]
        if name not in case.required:
            present = {"required": [name]}
            cases = [each.but(origin.made(present)) for each in cases]
            cases.append(case.but(origin.made({"properties": {name: False}})))
        yield cases
