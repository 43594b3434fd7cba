"""The evaluators: pure functions from what the hub saw to one verdict for each requirement."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from conformance.exchange import Evidence
from conformance.reading.unbundled import unbundled
from conformance.stage import World
from conformance.verdict import Verdict

Evaluator = Callable[[Evidence, World], Verdict]
_EVALUATORS: dict[str, Evaluator] = {}
AS_SENT = frozenset({"L1-02", "L1-03", "L1-04", "L1-33"})
"""Requirements on requests and not on what they ask for: a bundle counts as the one it is."""


@dataclass(frozen=True)
class evaluates:  # noqa: N801 - reads as a decorator
    """Marks a function as the evaluator of one requirement."""

    requirement: str

    def __call__(self, function: Evaluator) -> Evaluator:
        """Keep the function; raise ValueError for a requirement that has one."""
        if self.requirement in _EVALUATORS:
            raise ValueError(f"{self.requirement} has two evaluators.")
        _EVALUATORS[self.requirement] = function
        return function


def evaluators() -> dict[str, Evaluator]:
    """Return the evaluators of all requirements."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return dict(_EVALUATORS)


def verdict(requirement: str, evidence: Evidence, world: World) -> Verdict:
    """Return the verdict on one requirement; a fault of ours is never held against a partner.

    The entries of a batch or transaction are judged as if each had been sent alone.
    """
    try:
        judged = evidence if requirement in AS_SENT else unbundled(evidence)
        found = evaluators()[requirement](judged, world).on(requirement)
        return _of_one_asking(found, evidence, world)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is ours
        return Verdict(requirement, "SUITE-ERROR", observed=f"{type(error).__name__} in the suite")


def _of_one_asking(found: Verdict, evidence: Evidence, world: World) -> Verdict:
    """Return a verdict; a step that was broken off and asked for again breaks no requirement.

    A product may do twice what it was asked for twice. It is no pass either.
    """
    again: dict[str, int] = world.get("again", {})
    if found.word != "FAIL" or not again:
        return found
    seen = {each.number: each for each in evidence}
    steps = [
        seen[number].step
        for number in found.exchanges
        if number in seen and number > again.get(seen[number].step, number)
    ]
    if not steps:
        return found
    why = f"{steps[0]} was broken off and asked for again, and then: {found.observed}. Run anew."
    return Verdict(found.requirement, "NOT-EXERCISED", found.expected, why, found.exchanges)
