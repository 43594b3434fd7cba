"""The audit of every request that asks for data, stored before its answer leaves.

What a write did is stored in the write's own commit; here goes everything else: reads, searches,
refusals, and what came to nothing. NIST SP 800-53 AU-5: without its audit nothing is answered.
"""

from http import HTTPStatus

from flask import Flask, Response, g, request

from app.model.audit.trail import Trail
from app.model.errors import Unavailable
from app.web import errors, oauth
from app.web.site import Site

PUBLIC = frozenset({"discovery", "schemas", "openapi", "pages", "health"})
"""Rooms that answer the same to everyone; nothing in them is anybody's data."""
AUTHENTICATION = "oauth"


def register(app: Flask, site: Site) -> None:
    """Audit every request to `app` that reaches a room with data in it."""

    @app.before_request
    def begin() -> None:
        route = request.url_rule.rule if request.url_rule else None
        g.trail = Trail(g.correlation, method=request.method, route=route)

    @app.after_request
    def end(answer: Response) -> Response:
        trail = g.get("trail")
        if trail is None or not _is_audited(site, answer):
            return answer
        if answer.status_code >= HTTPStatus.BAD_REQUEST:
            _refuse(trail, g.get("refusal", "refused"), answer.status_code)
        elif len(trail.acts) == 1:
            # The only entry of a bundle has a status of its own.
            trail.acts[0].status = trail.acts[0].status or answer.status_code
        try:
            site.record(trail.events(site.hub.now, site.hub.new_id))
        except Unavailable as error:
            return oauth.explained(error) if _is_token() else errors.reply(error)
        trail.settle()
        return answer


def _is_audited(site: Site, answer: Response) -> bool:
    room = request.blueprint
    if room in PUBLIC:
        return False
    if room is None:  # no such address, or not with this method
        return request.path.startswith(f"{site.base}/")
    return not _is_token() or answer.status_code >= HTTPStatus.BAD_REQUEST


def _refuse(trail: Trail, refusal: str, status: int) -> None:
    if not trail.acts:
        trail.begin(_interaction(), (request.view_args or {}).get("kind"))
    trail.refuse(refusal, status)


def _interaction() -> str:
    """Return what a request that was refused before it began would have been."""
    return "authenticate" if _is_token() else "request"


def _is_token() -> bool:
    return request.blueprint == AUTHENTICATION
