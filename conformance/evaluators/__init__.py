"""The evaluators: pure functions from what the hub saw to one verdict for each requirement."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from conformance.exchange import Evidence
from conformance.stage import World
from conformance.verdict import Verdict

Evaluator = Callable[[Evidence, World], Verdict]
_EVALUATORS: dict[str, Evaluator] = {}


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
    """Return the verdict on one requirement; a fault of ours is never held against a partner."""
    try:
        return evaluators()[requirement](evidence, world).on(requirement)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is ours
        return Verdict(requirement, "SUITE-ERROR", observed=f"{type(error).__name__} in the suite")
