"""What happens around every request: its id, framing, standing headers, one line in the log."""

import logging
import re
import time
from collections.abc import Callable

from flask import Flask, Response, g, request

from app.model.errors import Malformed

STANDING = (
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
)
"""Headers of every answer that does not say otherwise."""

_ID = re.compile(r"[A-Za-z0-9\-]{1,64}\Z")
_log = logging.getLogger("hub.access")


def correlation() -> str:
    """Return the id of the current request, the same in the answer, the outcome and the log."""
    return str(g.correlation)


def register(app: Flask, new_id: Callable[[], str]) -> None:
    """Wrap every request of `app`."""

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-Id", "")
        g.correlation = given if _ID.match(given) else new_id()
        g.began = time.perf_counter()
        if request.headers.get("Transfer-Encoding", "chunked").lower() != "chunked":
            raise Malformed("The only transfer coding read here is chunked.", "Transfer-Encoding")
        if not request.headers.get("Host"):
            raise Malformed("A request names its host.", "Host")

    @app.after_request
    def end(answer: Response) -> Response:
        headers = answer.headers
        headers.extend([each for each in STANDING if each[0] not in headers])
        headers["X-Request-Id"] = correlation()
        _log.info("request", extra={"fields": _line(answer)})
        return answer


def _line(answer: Response) -> dict[str, object]:
    rule = request.url_rule
    return {
        "id": correlation(),
        "method": request.method,
        "route": rule.rule if rule else None,
        "type": (request.view_args or {}).get("kind"),
        "status": answer.status_code,
        "client": g.get("client_id"),
        "ms": round((time.perf_counter() - g.began) * 1000, 1),
    }
