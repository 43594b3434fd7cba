"""What every refusal is made of; the refusals themselves are in `app.model.errors`.

FHIR: https://hl7.org/fhir/R4/operationoutcome.html
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Issue:
    """One fault: what is wrong, where, and whether trying again can help.

    `text` never quotes a value that a client sent. `pointer` is a JSON Pointer (RFC 6901) into the
    body, or the name of the parameter or header for faults outside the body.
    """

    code: str
    detail: str
    text: str
    pointer: str | None = None
    keyword: str | None = None
    allowed: tuple[str, ...] = ()
    severity: str = "error"


class HubError(Exception):
    """A refusal; `detail` is the stable code that clients may program against."""

    code = "processing"
    detail = "refused"
    retryable = False
    about: str | None = None
    """`Type/id` of the resource that was refused, when several were written at once."""

    def __init__(
        self,
        text: str,
        pointer: str | None = None,
        *,
        allowed: Sequence[str] = (),
        issues: Sequence[Issue] = (),
    ) -> None:
        super().__init__(text)
        own = Issue(self.code, self.detail, text, pointer, allowed=tuple(allowed))
        self.issues: tuple[Issue, ...] = tuple(issues) or (own,)
