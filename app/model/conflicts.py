"""Refusals of writes that what is stored forbids: uniqueness, references, versions, races.

Issue types: https://hl7.org/fhir/R4/valueset-issue-type.html.
"""

from app.model.errors import HubError


class Conflict(HubError):
    """Referential integrity or uniqueness forbids the write."""

    code = "conflict"
    detail = "conflict"


class ReferenceMissing(Conflict):
    """A reference names a resource that does not exist."""

    detail = "reference-missing"


class StillReferenced(Conflict):
    """Other resources refer to the one that was to be deleted."""

    detail = "still-referenced"


class Duplicate(Conflict):
    """Another resource already holds a business key of this one."""

    code = "duplicate"
    detail = "duplicate"


class LostRace(Conflict):
    """Too many others wrote the same resource at the same time; trying again can help."""

    detail = "lost-race"
    retryable = True


class Matched(Conflict):
    """What was to be created only if nothing matches has a match by now."""

    detail = "matched"
    retryable = True


class AlreadyDone(Conflict):
    """A request under the same idempotency key was done, or is under way."""

    detail = "already-done"
    retryable = True


class MultipleMatches(HubError):
    """Criteria that should name one resource match several."""

    code = "multiple-matches"
    detail = "multiple-matches"


class KeyReused(HubError):
    """An idempotency key came with another request than the first time."""

    code = "conflict"
    detail = "key-reused"


class VersionConflict(HubError):
    """Someone else wrote first: the version named by the client is not the current one."""

    code = "conflict"
    detail = "version-conflict"

    def __init__(
        self, text: str, *, current: str | None = None, changes: str | None = None
    ) -> None:
        super().__init__(text)
        self.current = current
        """The current ETag, when the resource exists."""
        self.changes = changes
        """JSON Patch (RFC 6902) text from the version the client held to the current one."""
