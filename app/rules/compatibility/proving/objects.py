"""How the words for objects are shown to hold."""

from collections.abc import Callable, Iterator, Mapping

from app.model.pattern import matches
from app.rules.compatibility.proving.case import Case
from app.rules.compatibility.proving.home import At
from app.rules.compatibility.proving.judgement import Places, Proving, Where, merged, place
from app.rules.compatibility.proving.members import MOST_DEPTH, Names, beside, declared

OTHER = "*"
"""Stands for any name that is not spelt out."""


def _required(_: Proving, goal: At, case: Case, where: Where) -> Places:
    missing = [name for name in goal.schema["required"] if name not in case.required]
    if not missing or _must_have_all(case, missing):
        return ()
    return (place(goal, case, where, "required"),)


def _must_have_all(case: Case, missing: list[str]) -> bool:
    names = Names(case)
    possible = {each for each in names.spelt | names.listed if not _is_barred(names.of(each))}
    is_closed = not names.patterns and _is_barred(names.of_others)
    return is_closed and set(missing) <= possible and case.least("minProperties") >= len(possible)


def _is_barred(facts: list[At]) -> bool:
    return any(each.schema is False for each in facts)


def _properties(prover: Proving, goal: At, case: Case, where: Where) -> Places:
    names = Names(case)
    return merged(
        prover.holds(goal.below("properties", name), prover.case(*names.of(name)), where.into(name))
        for name in goal.schema["properties"]
    )


def _patterns(prover: Proving, goal: At, case: Case, where: Where) -> Places:
    found: list[Places] = []
    for pattern in goal.schema["patternProperties"]:
        wanted = goal.below("patternProperties", pattern)
        for name, facts in _members(prover, case, where):
            if name is None or matches(pattern, name):
                found.append(prover.holds(wanted, facts, where.into(name or OTHER)))
    return merged(found)


def _members(prover: Proving, case: Case, where: Where) -> Iterator[tuple[str | None, Case]]:
    """Yield (name, what is known of its value); None for names that are not spelt out."""
    names = Names(case)
    for name in sorted(names.spelt | names.listed):
        yield name, prover.case(*names.of(name))
    for pattern in sorted(names.patterns):
        yield None, prover.case(*names.of_pattern(pattern))
    others = prover.case(*names.of_others)
    if not prover.is_never(others, where.into(OTHER)):
        yield None, others


def _additional(prover: Proving, goal: At, case: Case, where: Where) -> Places:
    rest = goal.below("additionalProperties")
    names = Names(case)
    found: list[Places] = []
    for name in sorted(names.spelt | names.listed):
        if not any(declared(goal, name)):
            known = prover.case(*names.of(name))
            found.append(prover.holds(rest, known, where.into(name)))
    for pattern in sorted(names.patterns):
        if not _is_covered(prover, goal, pattern):
            known = prover.case(*names.of_pattern(pattern))
            found.append(prover.holds(rest, known, where.into(OTHER)))
    if not _names_match(prover, goal, case, where):
        found.append(prover.holds(rest, prover.case(*names.of_others), where.into(OTHER)))
    return merged(found)


def _is_covered(prover: Proving, goal: At, pattern: str) -> bool:
    known = goal.get("patternProperties", {})
    return pattern in known or any(prover.includes(pattern, each) is True for each in known)


def _names_match(prover: Proving, goal: At, case: Case, where: Where) -> bool:
    """Return whether all names the case allows fall under a pattern of the goal."""
    allowed = prover.case(*_name_facts(goal, case))
    return any(
        not prover.holds(goal.made({"pattern": each}), allowed, where.into(OTHER))
        for each in goal.get("patternProperties", {})
    )


def _name_facts(goal: At, case: Case) -> list[At]:
    text = goal.made({"type": "string"})
    return [text, *(fact.below("propertyNames") for fact, _ in case.saying("propertyNames"))]


def _name(prover: Proving, goal: At, case: Case, where: Where) -> Places:
    wanted, names = goal.below("propertyNames"), Names(case)
    found: list[Places] = []
    for name in sorted(names.spelt | names.listed):
        is_fine = goal.home.validator(wanted.schema).is_valid(name)
        if not is_fine and not prover.is_never(prover.case(*names.of(name)), where.into(name)):
            found.append((place(goal, case, where.into(name), "propertyNames"),))
    facts = _name_facts(goal, case)
    for pattern in sorted(names.patterns):
        known = prover.case(*facts, facts[0].made({"pattern": pattern}))
        found.append(prover.holds(wanted, known, where.into(OTHER)))
    if not prover.is_never(prover.case(*names.of_others), where.into(OTHER)):
        found.append(prover.holds(wanted, prover.case(*facts), where.into(OTHER)))
    return merged(found)


def _count(prover: Proving, goal: At, case: Case, where: Where) -> Places:
    if "minProperties" in goal.schema:
        least = max(case.least("minProperties"), len(case.required))
        is_fine = least >= goal.schema["minProperties"]
        return () if is_fine else (place(goal, case, where, "minProperties"),)
    most, names = case.most("maxProperties"), Names(case)
    if not names.patterns and prover.is_never(prover.case(*names.of_others), where.into(OTHER)):
        possible = [
            name
            for name in names.spelt | names.listed
            if not prover.is_never(prover.case(*names.of(name)), where.into(name))
        ]
        most = min(most, len(possible))
    return (
        () if most <= goal.schema["maxProperties"] else (place(goal, case, where, "maxProperties"),)
    )


def _dependent(prover: Proving, goal: At, case: Case, where: Where) -> Places:
    found: list[Places] = []
    for name, needs in goal.schema["dependentRequired"].items():
        known = case.but(goal.made({"type": "object", "required": [name]}))
        if not set(needs) <= known.required and not prover.is_refuted(known, where):
            found.append((place(goal, case, where, "dependentRequired"),))
    return merged(found)


def _dependent_schemas(prover: Proving, goal: At, case: Case, where: Where) -> Places:
    return merged(
        prover.holds(
            goal.below("dependentSchemas", name),
            case.but(goal.made({"type": "object", "required": [name]})),
            where,
        )
        for name in goal.schema["dependentSchemas"]
    )


def _unevaluated(prover: Proving, goal: At, case: Case, where: Where) -> Places:
    looked_at = _looked_at(prover, goal, case, where)
    rest = goal.below("unevaluatedProperties")
    if any("additionalProperties" in each.schema for each in looked_at):
        return ()
    names = Names(case)
    found = [
        prover.holds(rest, prover.case(*names.of(name)), where.into(name))
        for name in sorted(names.spelt | names.listed)
        if not any(next(declared(each, name), None) for each in looked_at)
    ]
    for pattern in sorted(names.patterns):
        if not any(pattern in each.get("patternProperties", {}) for each in looked_at):
            known = prover.case(*names.of_pattern(pattern))
            found.append(prover.holds(rest, known, where.into(OTHER)))
    found.append(prover.holds(rest, prover.case(*names.of_others), where.into(OTHER)))
    return merged(found)


def _looked_at(prover: Proving, goal: At, case: Case, where: Where, depth: int = 0) -> list[At]:
    """Return the schemas whose evaluations surely count: they hold for every value of the case."""
    if not isinstance(goal.schema, dict) or depth > MOST_DEPTH:
        return []
    surely: list[At] = [goal.below("allOf", n) for n in range(len(goal.get("allOf", ())))]
    target = goal.home.at(goal.schema["$ref"]) if "$ref" in goal.schema else None
    surely += [target] if target else []
    perhaps = [each for each in beside(goal) if all(each.path != one.path for one in surely)]
    conditional = {f"{goal.path}/then", f"{goal.path}/else"}
    for each in perhaps:
        if each.path in conditional or each.path.startswith(f"{goal.path}/dependentSchemas/"):
            continue
        if not prover.holds(each, case, where):
            surely.append(each)
    inner = [one for each in surely for one in _looked_at(prover, each, case, where, depth + 1)]
    return [goal, *inner]


RULES: Mapping[str, Callable[[Proving, At, Case, Where], Places]] = {
    "required": _required,
    "properties": _properties,
    "patternProperties": _patterns,
    "additionalProperties": _additional,
    "propertyNames": _name,
    "minProperties": _count,
    "maxProperties": _count,
    "dependentRequired": _dependent,
    "dependentSchemas": _dependent_schemas,
    "unevaluatedProperties": _unevaluated,
}
