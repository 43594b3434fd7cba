"""How the words for arrays are shown to hold."""

from collections.abc import Callable, Mapping

from app.rules.compatibility.proving.case import Case
from app.rules.compatibility.proving.home import At
from app.rules.compatibility.proving.judgement import Places, Proving, Where, merged, place
from app.rules.compatibility.proving.members import Entries
from app.rules.compatibility.words import IN_PLACE

MOST_LISTED = 100
"""Most entries that are looked at one by one."""


def _most(prover: Proving, case: Case, where: Where) -> float:
    """Return how many entries there can be at most."""
    entries, most = Entries(case), case.most("maxItems")
    for index in range(min(entries.listed, MOST_LISTED) + 1):
        if index < most and prover.is_never(prover.case(*entries.at(index)), where.into(index)):
            return index
    return most


def _from(prover: Proving, wanted: At, start: int, case: Case, where: Where) -> Places:
    """Show `wanted` of every entry from an index on."""
    entries = Entries(case)
    last = max(start, entries.listed)
    if last - start > MOST_LISTED:
        return (place(wanted, case, where, "items"),)
    most = _most(prover, case, where)
    return merged(
        prover.holds(wanted, prover.case(*entries.at(index)), where.into(index))
        for index in range(start, last + 1)
        if index < most
    )


def _items(prover: Proving, goal: At, case: Case, where: Where) -> Places:
    return _from(prover, goal.below("items"), len(goal.get("prefixItems", ())), case, where)


def _prefix(prover: Proving, goal: At, case: Case, where: Where) -> Places:
    entries, most = Entries(case), _most(prover, case, where)
    count = len(goal.schema["prefixItems"])
    if count > MOST_LISTED:
        return (place(goal, case, where, "prefixItems"),)
    return merged(
        prover.holds(
            goal.below("prefixItems", index),
            prover.case(*entries.at(index)),
            where.into(index),
        )
        for index in range(count)
        if index < most
    )


def _count(prover: Proving, goal: At, case: Case, where: Where) -> Places:
    if "minItems" in goal.schema:
        contained = [fact.get("minContains", 1) for fact, _ in case.saying("contains")]
        is_fine = max([case.least("minItems"), *contained]) >= goal.schema["minItems"]
        return () if is_fine else (place(goal, case, where, "minItems"),)
    is_fine = _most(prover, case, where) <= goal.schema["maxItems"]
    return () if is_fine else (place(goal, case, where, "maxItems"),)


def _unique(prover: Proving, goal: At, case: Case, where: Where) -> Places:
    is_fine = goal.schema["uniqueItems"] is False or any(
        each is True for _, each in case.saying("uniqueItems")
    )
    is_fine = is_fine or _most(prover, case, where) <= 1
    return () if is_fine else (place(goal, case, where, "uniqueItems"),)


def _contains(prover: Proving, goal: At, case: Case, where: Where) -> Places:
    least = goal.get("minContains", 1)
    if least and not _has(prover, goal, least, case, where):
        return (place(goal, case, where, "contains"),)
    most = goal.get("maxContains")
    if most is not None and not _has_at_most(prover, goal, most, case, where):
        return (place(goal, case, where, "maxContains"),)
    return ()


def _has(prover: Proving, goal: At, least: int, case: Case, where: Where) -> bool:
    wanted, entries = goal.below("contains"), Entries(case)
    anywhere = entries.at(0) if not entries.listed else []
    for fact, _ in case.saying("contains"):
        known = prover.case(fact.below("contains"), *anywhere)
        is_enough = fact.get("minContains", 1) >= least
        if is_enough and not prover.holds(wanted, known, where.into(0)):
            return True
    return case.least("minItems") >= least and not _from(prover, wanted, 0, case, where)


def _has_at_most(prover: Proving, goal: At, most: int, case: Case, where: Where) -> bool:
    wanted, entries = goal.below("contains"), Entries(case)
    if _most(prover, case, where) <= most:
        return True
    anywhere = entries.at(0) if not entries.listed else []
    if not entries.listed and prover.is_refuted(prover.case(wanted, *anywhere), where.into(0)):
        return True
    return any(
        fact.get("maxContains", most + 1) <= most
        and not prover.holds(fact.below("contains"), prover.case(wanted, *anywhere), where.into(0))
        for fact, _ in case.saying("contains")
    )


def _unevaluated(prover: Proving, goal: At, case: Case, where: Where) -> Places:
    if "items" in goal.schema:
        return ()
    own = 0 if IN_PLACE & set(goal.schema) else len(goal.get("prefixItems", ()))
    return _from(prover, goal.below("unevaluatedItems"), own, case, where)


RULES: Mapping[str, Callable[[Proving, At, Case, Where], Places]] = {
    "items": _items,
    "prefixItems": _prefix,
    "minItems": _count,
    "maxItems": _count,
    "uniqueItems": _unique,
    "contains": _contains,
    "unevaluatedItems": _unevaluated,
}
