"""Answers given before a request reaches Flask: when there is no room, or nothing to understand."""

from collections.abc import Callable
from http import HTTPStatus

from app.model.codec import encode
from app.model.errors import HubError, Unavailable
from app.model.outcome import of_error

STANDING = (
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
)
"""Headers of every answer that does not say otherwise."""
HSTS = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
"""RFC 6797: a browser that came by TLS once never comes without it, for a year."""
JITTER_SECONDS = 4
"""Those who are refused together do not come back together."""
Answer = tuple[str, list[tuple[str, str]], bytes]
"""Status line, headers and body, as WSGI has them."""


def standing(origin: str) -> tuple[tuple[str, str], ...]:
    """Return the headers of every answer of a hub with this public origin."""
    return (*STANDING, HSTS) if origin.startswith("https://") else STANDING


class Early:
    """What a hub says without Flask; `new_id` makes the id of each answer."""

    def __init__(self, origin: str, new_id: Callable[[], str]) -> None:
        self._standing = standing(origin)
        self._new_id = new_id

    def answer(self, error: HubError, status: int, path: str = "") -> Answer:
        """Return the OperationOutcome of a refusal, or the token endpoint's kind of error."""
        id = self._new_id()
        if path.rstrip("/").endswith("/oauth/token"):
            media, body = "application/json", encode(_oauth(error))
        else:
            media, body = "application/fhir+json", encode(of_error(error, id))
        content = body.encode()
        headers = [
            ("Content-Type", media),
            ("Content-Length", str(len(content))),
            ("X-Request-Id", id),
            *self._standing,
        ]
        if isinstance(error, Unavailable):
            # The id ends in random digits: the only dice are those that were handed in.
            wait = error.retry_after + int(id[-4:], 16) % JITTER_SECONDS
            headers.append(("Retry-After", str(wait)))
        return f"{status} {HTTPStatus(status).phrase}", headers, content


def _oauth(error: HubError) -> dict[str, str]:
    code = "temporarily_unavailable" if isinstance(error, Unavailable) else "invalid_request"
    return {"error": code, "error_description": str(error)}
