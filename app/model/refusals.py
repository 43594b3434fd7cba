"""The faults of many entries gathered, so that a bundle is told all of them at once."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from app.model.errors import HubError, Issue, Unavailable

PLACES = {
    "If-Match": "/request/ifMatch",
    "If-None-Match": "/request/ifNoneMatch",
    "If-None-Exist": "/request/ifNoneExist",
}
"""Where an entry says what a request of its own says in a header."""
Found = TypeVar("Found")


Place = Callable[[Issue], str]
"""Says where in its entry an issue lies."""


def in_resource(issue: Issue) -> str:
    """Return the pointer below the entry of a fault of its resource or its conditions."""
    pointer = issue.pointer
    if pointer is None:
        return ""
    if pointer in PLACES:
        return PLACES[pointer]
    return f"/resource{pointer}" if pointer[:1] in ("", "/") else "/request/url"


def as_written(issue: Issue) -> str:
    """Return the pointer below the entry of a fault of the entry itself."""
    return PLACES.get(issue.pointer or "", issue.pointer or "")


def located(error: HubError, index: int, place: Place = in_resource) -> HubError:
    """Return the refusal with its issues pointing into entry `index` of a bundle."""
    error.issues = tuple(
        replace(issue, pointer=f"/entry/{index}{place(issue)}") for issue in error.issues
    )
    return error


class Refusals:
    """The refusals of the entries of one bundle, each with its index."""

    def __init__(self, place: Place = in_resource) -> None:
        self._place = place
        self._found: dict[int, HubError] = {}

    def attempt(self, index: int, work: Callable[..., Found], *given: Any) -> Found | None:
        """Return what `work` returns; None when it refuses, which is kept.

        Only an outage is raised at once: it says nothing about the entry.
        """
        try:
            return work(*given)
        except Unavailable:
            raise
        except HubError as error:
            self.add(index, error)
            return None

    def add(self, index: int, error: HubError) -> None:
        """Keep a refusal of an entry, its first one."""
        if index not in self._found:
            self._found[index] = located(error, index, self._place)

    def __contains__(self, index: int) -> bool:
        """Whether this entry was refused."""
        return index in self._found

    def filled(self, found: Sequence[Found | None]) -> list[Found | HubError]:
        """Return `found` with each refusal in the place of its entry."""
        both = (self._found.get(index, each) for index, each in enumerate(found))
        return [each for each in both if each is not None]

    def refuse(self) -> None:
        """Raise the refusal of the first entry that has one, with the issues of all."""
        if not self._found:
            return
        errors = [error for _, error in sorted(self._found.items())]
        errors[0].issues = tuple(issue for error in errors for issue in error.issues)
        raise errors[0]
