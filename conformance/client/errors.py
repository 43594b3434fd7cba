"""What may go wrong between a product and the hub."""

from collections.abc import Sequence
from typing import Any


class Refused(Exception):
    """The hub did not do what was asked; `issues` are those of its OperationOutcome.

    The text holds codes and places only: what was sent may be about a person.
    """

    def __init__(self, status: int, issues: Sequence[dict[str, Any]] = ()) -> None:
        self.status = status
        self.issues = list(issues)
        super().__init__(" ".join([str(status), *map(_code, self.issues)]))


class NeedsPerson(Exception):
    """Only a person may decide how to go on; the text is the question."""


class Unanswered(Exception):
    """The hub gave no usable answer, however often it was asked."""


def _code(issue: dict[str, Any]) -> str:
    coding = issue.get("details", {}).get("coding") or [{}]
    code = coding[0].get("code") or issue.get("code", "")
    return " ".join([code, *issue.get("expression", ())])
