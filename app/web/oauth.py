"""The token endpoint and what it publishes about itself.

OAuth 2.0 (RFC 6749, errors as its section 5.2 says), JWKS (RFC 7517),
SMART discovery (https://hl7.org/fhir/smart-app-launch/conformance.html).
"""

from typing import Any
from urllib.parse import unquote_plus

from flask import Blueprint, Response, g, request

from app.interactions.token import ALGORITHM
from app.model.codec import encode
from app.model.errors import (
    HubError,
    InvalidClient,
    InvalidScope,
    Malformed,
    TooLarge,
    Unavailable,
)
from app.web.forms import TokenForm, read_form
from app.web.site import Site

GRANT = "client_credentials"
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
PUBLIC = {"Cache-Control": "public, max-age=300"}
BASIC = {"WWW-Authenticate": 'Basic realm="wioa-hub", charset="UTF-8"'}
ANSWERS: dict[type[HubError], tuple[int, str]] = {
    InvalidClient: (401, "invalid_client"),
    InvalidScope: (400, "invalid_scope"),
    Malformed: (400, "invalid_request"),
    TooLarge: (413, "invalid_request"),
    Unavailable: (503, "temporarily_unavailable"),
}
"""How the token endpoint tells each refusal: HTTP status and OAuth error code."""


def blueprint(site: Site) -> Blueprint:
    """Return the routes of one tenant's authorization server."""
    routes = Blueprint("oauth", __name__, url_prefix=site.base)
    published = encode(_configuration(site))
    form = TokenForm()

    @routes.post("/oauth/token", strict_slashes=False)
    def token() -> Response:
        asked = read_form(request, form)
        if asked["grant_type"] != GRANT:
            return _refused(400, "unsupported_grant_type", f"Only {GRANT} is supported.")
        client_id, secret = _credentials(asked)
        issued = site.tokens.issue(client_id, secret, asked["scope"])
        g.client_id = client_id
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
        routes.register_error_handler(kind, _explained)
    return routes


def _credentials(asked: dict[str, str | None]) -> tuple[str, str]:
    """Return client id and secret, sent by exactly one method (RFC 6749 section 2.3)."""
    if "Authorization" not in request.headers:
        if not (asked["client_id"] and asked["client_secret"]):
            raise InvalidClient("Client authentication failed.")
        return asked["client_id"], asked["client_secret"]
    client_id, secret = _basic()
    if asked["client_secret"] or asked["client_id"] not in (None, client_id):
        raise Malformed("Authenticate by exactly one method.")
    return client_id, secret


def _basic() -> tuple[str, str]:
    sent = request.authorization
    if sent is None or sent.type != "basic" or not (sent.username and sent.password):
        raise InvalidClient("Client authentication failed.")
    # Both halves are form-encoded inside Basic (RFC 6749 section 2.3.1).
    return unquote_plus(sent.username), unquote_plus(sent.password)


def _configuration(site: Site) -> dict[str, Any]:
    return {
        "issuer": site.url,
        "token_endpoint": f"{site.url}/oauth/token",
        "jwks_uri": f"{site.url}/oauth/jwks",
        "grant_types_supported": [GRANT],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "access_token_signing_alg_values_supported": [ALGORITHM],
        "scopes_supported": ["system/*.cruds", "system/*.rs"],
        "capabilities": ["client-confidential-symmetric", "permission-v2"],
    }


def _explained(error: HubError) -> Response:
    status, code = ANSWERS[type(error)]
    more = BASIC if status == 401 else {}  # noqa: PLR2004, the number is the status itself
    if isinstance(error, Unavailable):
        more = {"Retry-After": str(error.retry_after)}
    return _refused(status, code, str(error), more)


def _refused(status: int, code: str, text: str, headers: dict[str, str] | None = None) -> Response:
    body = encode({"error": code, "error_description": text})
    return _json(body, status, NO_STORE | (headers or {}))


def _json(body: str, status: int, headers: dict[str, str]) -> Response:
    return Response(body, status, headers, mimetype="application/json")
