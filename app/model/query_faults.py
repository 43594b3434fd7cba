"""Gathers every fault of a request's parameters, so that all are told at once."""

import re
from collections.abc import Callable
from typing import TypeVar

from app.model.errors import BadParameter, HubError, Issue, TooCostly

Read = TypeVar("Read")
_SPEAKABLE = re.compile(r"(?=.*[A-Za-z])(?!.*[0-9]{4})[A-Za-z0-9_.:-]{1,64}\Z")
"""What looks like a name; a number in its place may be somebody's."""


class Faults:
    """The faults of one request so far."""

    def __init__(self) -> None:
        self._issues: list[Issue] = []

    def attempt(self, name: str, read: Callable[..., Read], *given: str) -> Read | None:
        """Return what `read` makes of a parameter, None when it refuses; keep the refusal."""
        try:
            return read(*given)
        except HubError as error:
            self.add(error, name)
            return None

    def add(self, error: HubError, name: str) -> None:
        """Keep a refusal of the parameter `name`, which is quoted only when it may be spoken."""
        pointer = name if _SPEAKABLE.match(name) else None
        issue = error.issues[0]
        self._issues.append(
            Issue(issue.code, issue.detail, issue.text, pointer, allowed=issue.allowed)
        )

    def refuse(self) -> None:
        """Raise BadParameter with every fault, TooCostly when nothing but cost is wrong."""
        if not self._issues:
            return
        costly = all(each.code == TooCostly.code for each in self._issues)
        refusal = TooCostly if costly else BadParameter
        raise refusal("The search cannot be understood.", issues=self._issues)
