"""A system that says that it did everything, and does nothing."""

from typing import Any

from conformance.client.product import CaseTrack, Outcome
from conformance.mutants import mutant


@mutant("dead", breaks=())
class Dead(CaseTrack):
    """Answers done and sends nothing: it must pass nothing."""

    def do(self, name: str, data: dict[str, Any]) -> Outcome:
        """Answer done."""
        del name, data
        return Outcome("done")
