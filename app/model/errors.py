"""Every refusal the hub can utter, each with its FHIR issue code; the web floor knows the status.

Issue types: https://hl7.org/fhir/R4/valueset-issue-type.html.
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


class Malformed(HubError):
    """The bytes, a header or a parameter cannot be understood."""

    code = "structure"
    detail = "malformed"


class BadParameter(HubError):
    """A search parameter, modifier or value is unknown or not well formed; never ignored."""

    code = "invalid"
    detail = "bad-parameter"


class TooCostly(HubError):
    """The request is understood but would take more work than the hub gives to one request."""

    code = "too-costly"
    detail = "too-costly"


class Unauthenticated(HubError):
    """No bearer token, or one that is not valid now."""

    code = "login"
    detail = "unauthenticated"


class InvalidClient(HubError):
    """Client authentication failed (RFC 6749 section 5.2); the reason is not told."""

    code = "login"
    detail = "invalid_client"


class InvalidScope(HubError):
    """The scopes asked for are ill-formed or not allowed (RFC 6749 section 5.2)."""

    code = "forbidden"
    detail = "invalid_scope"


class Forbidden(HubError):
    """The client is known but may not do this."""

    code = "forbidden"
    detail = "forbidden"


class LevelMissing(Forbidden):
    """The client's partner is not certified to the onboarding level that this takes."""

    detail = "conformance-level"


class NotFound(HubError):
    """Nothing there, or nothing the client may see."""

    code = "not-found"
    detail = "not-found"


class UnknownType(NotFound):
    """No such resource type or operation is published here."""

    code = "not-supported"
    detail = "unknown-type"


class NotAllowed(HubError):
    """The address exists but not with this method."""

    code = "not-supported"
    detail = "not-allowed"


class NotAcceptable(HubError):
    """Only JSON is spoken here."""

    code = "not-supported"
    detail = "not-acceptable"


class UnsupportedMedia(HubError):
    """The body's media type or coding is not one the hub reads."""

    code = "not-supported"
    detail = "unsupported-media"


class TooLarge(HubError):
    """The body is larger than the hub reads."""

    code = "too-long"
    detail = "too-large"


class Deleted(HubError):
    """The resource existed and was deleted; its history remains."""

    code = "deleted"
    detail = "deleted"


class Expired(HubError):
    """The cursor leads to a part of the change feed that is no longer kept, or was restored."""

    code = "deleted"
    detail = "cursor-expired"

    def __init__(self, text: str, *, restart: str) -> None:
        super().__init__(text, "cursor")
        self.restart = restart
        """Address below the base from which to go on, after everything was read anew."""


class NoMatch(HubError):
    """Criteria that should name one resource match none."""

    code = "not-found"
    detail = "no-match"


class Invalid(HubError):
    """The resource breaks its published schema; every fault is listed."""

    code = "invalid"
    detail = "schema"


class RuleBroken(HubError):
    """The resource is well formed but breaks a rule of the domain."""

    code = "business-rule"
    detail = "rule"


class PreconditionRequired(HubError):
    """This type is only changed by those who say which version they saw (RFC 6585 section 3)."""

    code = "required"
    detail = "precondition-required"


class Unreadable(HubError):
    """A protected part of what is stored cannot be trusted or its key is gone; never shown."""

    code = "exception"
    detail = "unreadable"


class TooManyRequests(HubError):
    """One client or address asks more often than the hub lets it; waiting helps."""

    code = "throttled"
    detail = "too-many-requests"
    retryable = True

    def __init__(self, text: str, *, retry_after: int) -> None:
        super().__init__(text)
        self.retry_after = retry_after
        """Seconds after which it is let in again."""


class Unavailable(HubError):
    """The database cannot answer now; nothing was lost, and trying again can help."""

    code = "transient"
    detail = "unavailable"
    retryable = True
    retry_after = 1
    """Seconds after which a retry makes sense."""
