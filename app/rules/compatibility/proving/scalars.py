"""How the words for types, constants, numbers and texts are shown to hold."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from app.rules.compatibility.proving.case import Case, types_named
from app.rules.compatibility.proving.home import At
from app.rules.compatibility.proving.judgement import Places, Proving, Where, place

LONGEST_SHOWN = 200
"""Longest text whose length is read off its pattern, in characters."""


def _type(_: Proving, goal: At, case: Case, where: Where) -> Places:
    is_fine = case.types <= types_named(goal.schema["type"]) or (
        case.types - {"fraction"} <= types_named(goal.schema["type"])
        and any(step == int(step) for _, step in case.saying("multipleOf"))
    )
    return () if is_fine else (place(goal, case, where, "type"),)


def _listed(_: Proving, goal: At, case: Case, where: Where) -> Places:
    # A case whose values can be listed is decided by trying them all, before any rule.
    return (place(goal, case, where, "enum" if "enum" in goal.schema else "const"),)


def _limit(_: Proving, goal: At, case: Case, where: Where) -> Places:
    word = next(each for each in LIMITS if each in goal.schema)
    limit, is_low = Fraction(goal.schema[word]), word in ("minimum", "exclusiveMinimum")
    found = case.bound("minimum" if is_low else "maximum")
    if found is None:
        return (place(goal, case, where, word),)
    distance = found[0] - limit if is_low else limit - found[0]
    is_fine = distance > 0 or (distance == 0 and (found[1] or not word.startswith("exclusive")))
    return () if is_fine else (place(goal, case, where, word),)


def _multiple(_: Proving, goal: At, case: Case, where: Where) -> Places:
    # Engines divide fractions each in their own way: only whole steps are compared.
    step = goal.schema["multipleOf"]
    known = [each for _, each in case.saying("multipleOf")]
    known += [1] if case.types & {"integer", "fraction"} == {"integer"} else []
    is_fine = any(each == step or _is_whole(each, step) for each in known)
    return () if is_fine else (place(goal, case, where, "multipleOf"),)


def _is_whole(each: float, step: float) -> bool:
    return each == int(each) and step == int(step) and int(each) % int(step) == 0


def _length(prover: Proving, goal: At, case: Case, where: Where) -> Places:
    word = "minLength" if "minLength" in goal.schema else "maxLength"
    limit = int(goal.schema[word])
    is_fine = case.least(word) >= limit if word == "minLength" else case.most(word) <= limit
    if not is_fine and limit <= LONGEST_SHOWN:
        form = f"{{{limit},}}" if word == "minLength" else f"{{0,{limit}}}"
        is_fine = _is_matched(prover, case, rf"^[\s\S]{form}$")
    return () if is_fine else (place(goal, case, where, word),)


def _pattern(prover: Proving, goal: At, case: Case, where: Where) -> Places:
    is_fine = _is_matched(prover, case, goal.schema["pattern"])
    return () if is_fine else (place(goal, case, where, "pattern"),)


def _is_matched(prover: Proving, case: Case, pattern: str) -> bool:
    known = sorted({each for _, each in case.saying("pattern")})
    return pattern in known or any(prover.includes(each, pattern) is True for each in known)


def _format(_: Proving, goal: At, case: Case, where: Where) -> Places:
    is_fine = any(each == goal.schema["format"] for _, each in case.saying("format"))
    return () if is_fine else (place(goal, case, where, "format"),)


LIMITS = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")
NUMBERS = frozenset({*LIMITS, "multipleOf"})
STRINGS = frozenset({"minLength", "maxLength", "pattern", "format"})
RULES: Mapping[str, Callable[[Proving, At, Case, Where], Places]] = {
    "type": _type,
    "const": _listed,
    "enum": _listed,
    **dict.fromkeys(LIMITS, _limit),
    "multipleOf": _multiple,
    "minLength": _length,
    "maxLength": _length,
    "pattern": _pattern,
    "format": _format,
}
