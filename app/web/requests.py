"""What happens around every request: its id, framing, standing headers, one line in the log."""

import logging
import re
import time
from collections.abc import Callable

from flask import Flask, Response, g, request

from app.model.errors import Malformed
from app.web.early import standing

_ID = re.compile(r"[A-Za-z0-9\-]{1,64}\Z")
_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[\w.\-]+)(?::[0-9]{1,5})?\Z", re.ASCII)
"""A name or an address, and a port (RFC 9110 section 7.2); links never follow it."""
_log = logging.getLogger("hub.access")


def correlation() -> str:
    """Return the id of the current request, the same in the answer, the outcome and the log."""
    return str(g.correlation)


def register(app: Flask, new_id: Callable[[], str], origin: str) -> None:
    """Wrap every request of `app`, whose public origin is `origin`."""
    always = standing(origin)

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-Id", "")
        g.correlation = given if _ID.match(given) else new_id()
        g.began = time.perf_counter()
        if request.headers.get("Transfer-Encoding", "chunked").lower() != "chunked":
            raise Malformed("The only transfer coding read here is chunked.", "Transfer-Encoding")
        if not _HOST.match(request.headers.get("Host", "")):
            raise Malformed("A request names its host.", "Host")

    @app.after_request
    def end(answer: Response) -> Response:
        headers = answer.headers
        headers.extend([each for each in always if each[0] not in headers])
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
        "purpose": g.get("purpose"),
        "ms": round((time.perf_counter() - g.began) * 1000, 1),
    }
