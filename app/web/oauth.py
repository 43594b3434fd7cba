"""The token endpoint and what it publishes about itself.

OAuth 2.0 (RFC 6749, errors as its section 5.2 says), JWKS (RFC 7517),
SMART discovery (https://hl7.org/fhir/smart-app-launch/conformance.html).
"""

import logging
from typing import Any
from urllib.parse import unquote_plus

from flask import Blueprint, Response, g, request

from app.interactions.identity import assertion
from app.interactions.identity.authentication import Assertion, Secret
from app.interactions.identity.jws_check import ASSERTION_ALGORITHMS
from app.interactions.identity.proof import NotProven
from app.interactions.identity.signing import ALGORITHM
from app.model.codec import encode
from app.model.errors import (
    HubError,
    InvalidScope,
    Malformed,
    TooLarge,
    TooManyRequests,
    Unavailable,
)
from app.web.forms import TokenForm, read_form
from app.web.site import Site

GRANT = "client_credentials"
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
PUBLIC = {"Cache-Control": "public, max-age=300"}
BASIC = {"WWW-Authenticate": 'Basic realm="wioa-hub", charset="UTF-8"'}
ANSWERS: dict[type[HubError], tuple[int, str]] = {
    NotProven: (401, "invalid_client"),
    InvalidScope: (400, "invalid_scope"),
    Malformed: (400, "invalid_request"),
    TooLarge: (413, "invalid_request"),
    TooManyRequests: (429, "temporarily_unavailable"),
    Unavailable: (503, "temporarily_unavailable"),
}
"""How the token endpoint tells each refusal: HTTP status and OAuth error code."""
ONE_METHOD = "Authenticate by exactly one method."
METHODS = ("private_key_jwt", "client_secret_basic", "client_secret_post")
_log = logging.getLogger("hub.token")


def blueprint(site: Site) -> Blueprint:
    """Return the routes of one tenant's authorization server."""
    routes = Blueprint("oauth", __name__, url_prefix=site.base)
    published = encode(_configuration(site))
    form = TokenForm()

    @routes.post("/oauth/token", strict_slashes=False)
    def token() -> Response:
        site.tokens.admit(request.remote_addr or "")
        asked = read_form(request, form)
        if asked["grant_type"] != GRANT:
            return _refused(400, "unsupported_grant_type", f"Only {GRANT} is supported.")
        issued = site.tokens.issue(_proof(asked), asked["scope"])
        g.client_id = issued.client_id
        answer = {
            "access_token": issued.access_token,
            "token_type": "bearer",
            "expires_in": issued.expires_in,
            "scope": issued.scope,
        }
        return _json(encode(answer), 200, NO_STORE)

    @routes.get("/oauth/jwks", strict_slashes=False)
    def jwks() -> Response:
        return _json(encode(site.tokens.jwks()), 200, PUBLIC)

    @routes.get("/.well-known/smart-configuration", strict_slashes=False)
    @routes.get("/.well-known/openid-configuration", strict_slashes=False)
    def configuration() -> Response:
        return _json(published, 200, PUBLIC)

    for kind in ANSWERS:
        routes.register_error_handler(kind, explained)
    return routes


def _proof(asked: dict[str, str | None]) -> Secret | Assertion:
    """Return the proof of who asks, sent by exactly one method (RFC 6749 section 2.3)."""
    is_asserted = asked["client_assertion"] or asked["client_assertion_type"]
    if "Authorization" in request.headers:
        found = _basic()
        others = asked["client_secret"] or is_asserted
        if others or asked["client_id"] not in (None, found.client_id):
            raise Malformed(ONE_METHOD)
        return found
    if is_asserted:
        return _assertion(asked)
    if not (asked["client_id"] and asked["client_secret"]):
        raise NotProven("no-credentials")
    return Secret(asked["client_id"], asked["client_secret"])


def _assertion(asked: dict[str, str | None]) -> Assertion:
    if asked["client_secret"]:
        raise Malformed(ONE_METHOD)
    text = asked["client_assertion"]
    if text is None or asked["client_assertion_type"] != assertion.TYPE:
        raise NotProven("assertion-type")
    return Assertion(text, asked["client_id"])


def _basic() -> Secret:
    sent = request.authorization
    if sent is None or sent.type != "basic" or not (sent.username and sent.password):
        raise NotProven("not-basic")
    # Both halves are form-encoded inside Basic (RFC 6749 section 2.3.1).
    return Secret(unquote_plus(sent.username), unquote_plus(sent.password))


def _configuration(site: Site) -> dict[str, Any]:
    other = site.tokens.external_issuer
    return {
        "issuer": site.url,
        "token_endpoint": f"{site.url}/oauth/token",
        "jwks_uri": f"{site.url}/oauth/jwks",
        "grant_types_supported": [GRANT],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": list(METHODS),
        "token_endpoint_auth_signing_alg_values_supported": list(ASSERTION_ALGORITHMS),
        "access_token_signing_alg_values_supported": [ALGORITHM],
        "scopes_supported": ["system/*.cruds", "system/*.rs"],
        "capabilities": [
            "client-confidential-asymmetric",
            "client-confidential-symmetric",
            "permission-v2",
        ],
        **({"accepted_issuers": [other]} if other else {}),
    }


def explained(error: HubError) -> Response:
    """Return the answer of the token endpoint to a refusal (RFC 6749 section 5.2)."""
    status, code = ANSWERS[type(error)]
    more = BASIC if status == 401 else {}  # noqa: PLR2004, the number is the status itself
    if isinstance(error, NotProven):
        _log.warning("client authentication failed", extra={"fields": _told(error)})
        g.client_id = error.client_id
        if "trail" in g:
            g.trail.client = error.client_id
    if isinstance(error, Unavailable | TooManyRequests):
        more = {"Retry-After": str(error.retry_after)}
    return _refused(status, code, str(error), more)


def _told(error: NotProven) -> dict[str, str | None]:
    """Return what the log learns: a reason and a registered id, never what was sent."""
    return {"id": g.get("correlation", ""), "reason": error.reason, "client": error.client_id}


def _refused(status: int, code: str, text: str, headers: dict[str, str] | None = None) -> Response:
    body = encode({"error": code, "error_description": text})
    return _json(body, status, NO_STORE | (headers or {}))


def _json(body: str, status: int, headers: dict[str, str]) -> Response:
    return Response(body, status, headers, mimetype="application/json")
